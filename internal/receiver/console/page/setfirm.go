package page

import (
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/rules"
)

// SetFirm is one firm of a proposal, with all that those who decide must see. The template "setfirms" lists them, and
// folds nothing in.
type SetFirm struct {
	No                              int
	Link                            string
	Verdict                         Verdict
	UniscID, PripID, Legal, EntType string
	State                           string
	Holds                           []string
	Found                           []SetFinding
	Check                           string // what a person found
	Alarmed                         bool
}

// SetFinding is what is said of a firm, with its details; names are masked.
type SetFinding struct {
	Tag
	Rule int
	Said string
}

// NewSetFirm is a firm of a proposal as it is shown. Names are masked.
func (q *Request) NewSetFirm(acceptID string, e casework.DoubtedEntity) SetFirm {
	e = Masked(e)
	f := SetFirm{No: e.Pos + 1, Link: q.Link("/cases/" + acceptID + "/entities/" + strconv.Itoa(e.Pos+1)),
		Verdict: q.Verdict(e.Judged), UniscID: ShownCode(e.UniscID), PripID: ShownCode(e.PripID),
		Legal: display.Plain(e.Legal), EntType: ShownCode(e.EntType), State: e.Firm.State.String(),
		Holds: e.Firm.Holds.Titles(), Alarmed: e.Firm.Alarmed}
	for _, found := range e.Findings {
		f.Found = append(f.Found, SetFinding{FoundTag(found.Rule, ""), found.Rule, SaidOf(found)})
	}
	for _, m := range e.Marks {
		f.Found = append(f.Found, SetFinding{FoundTag(m.Rule, "（"+m.Place.String()+"）"), m.Rule, SaidOf(m.Found)})
	}
	if c := e.Firm.Check; c.Outcome != 0 {
		f.Check = strings.TrimRight(c.Outcome.String()+"："+display.Plain(c.Remark), "：") + "（" + q.Person(c.By) + "，" +
			Clock(c.At) + "）"
	}
	return f
}

// FoundTag is a finding in a few words.
func FoundTag(rule int, more string) Tag {
	r, ok := rules.ByNo(rule)
	if !ok {
		return Tag{Class: "severe", Text: "规则" + strconv.Itoa(rule)}
	}
	return Tag{Class: SeverityClass(r.Severity), Text: r.Title + display.Plain(more)}
}

// DoubtsText says what is doubtful about the firms of a set, and who cleared which of them when, a line each. Nothing:
// none is doubtful.
func (q *Request) DoubtsText(d casework.Doubts) (lines []string) {
	if d.Held > 0 {
		lines = append(lines, "其中"+display.Count(d.Held)+"户有疑点，尚未核对清楚")
	}
	for _, c := range d.Cleared {
		has, found := "有疑点或者未经比对", "核对一致"
		if c.Severe {
			has = "有严重提示"
		}
		if c.Whole {
			found = "登记全案核对无误"
		}
		lines = append(lines, "其中"+display.Count(c.Firms)+"户"+has+"，由"+q.Person(c.By)+"于"+Clock(c.At)+found)
	}
	if d.OfCase {
		lines = append(lines, "案件有核验提示，退回前请打开案件查看")
	}
	return lines
}
