package page

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// Tag is a word in a frame.
type Tag struct{ Class, Text string }

// stateTitles are the states of a query in the words of the list.
var stateTitles = map[intake.CaseState]string{
	intake.StateUnverified: "待核验",
	intake.StateAlarmed:    "新的严重提示",
	intake.StateToCheck:    "待核对",
	intake.StateSevere:     "有严重提示",
	intake.StateChecked:    "已核对",
	intake.StateToRelease:  "待放行",
	intake.StateToConfirm:  "待复核",
	intake.StateReturned:   "已退回",
	intake.StateToPublish:  "待公示",
	intake.StateUnfinished: "公示未完成",
	intake.StateOverdue:    "公示超期",
	intake.StateSoon:       "即将到期",
	intake.StatePublished:  "已公示",
}

// StateTitle is a state of a query in the words of the list, "" of none.
func StateTitle(s intake.CaseState) string { return stateTitles[s] }

// States are where a case stands, what matters most first.
func (s *Site) States(r intake.CaseRow) (ts []Tag) {
	if !r.Returned.IsZero() {
		return []Tag{{"off", "已退回"}}
	}
	switch {
	case r.Alarmed() && r.Work.Published != "":
		ts = append(ts, Tag{"severe", "公示后新的严重提示"})
	case r.Alarmed():
		ts = append(ts, Tag{"severe", "核对后新的严重提示"})
	}
	for _, k := range release.Kinds() {
		if r.Waiting.Has(k) {
			ts = append(ts, Tag{"severe", k.String() + "待复核"})
		}
	}
	switch {
	case r.Verified.IsZero():
		ts = append(ts, Tag{"off", "待核验"})
	case r.Unsettled():
		ts = append(ts, Tag{"warning", "待核对"})
	case !r.Work.Checked.IsZero():
		ts = append(ts, Tag{"good", "已核对"})
	}
	if r.Firms.Total() == 0 {
		return append(ts, s.wholeStates(r)...)
	}
	return append(ts, s.firmStates(r)...)
}

// firmStates are where the firms of a case stand: those that wait for somebody first.
func (s *Site) firmStates(r intake.CaseRow) (ts []Tag) {
	f, open := r.Firms, r.Firms.Open() > 0
	unpublished := f.Released > f.Published
	switch {
	case (unpublished || open && !r.Verified.IsZero()) && s.Deadline(r.PenaltyDate).Overdue():
		ts = append(ts, Tag{"severe", "公示超期"})
	case unpublished:
		ts = append(ts, Tag{"mild", "待公示"})
	}
	ready := f.Ready > 0 && !r.Waiting.Has(release.Release)
	switch {
	case ready:
		ts = append(ts, Tag{"mild", "待放行"})
	case f.Held > 0 && !unpublished:
		ts = append(ts, Tag{"warning", "暂缓"})
	}
	switch {
	case f.Published > 0 && (open || unpublished):
		ts = append(ts, Tag{"good", "部分公示"})
	case f.Published > 0:
		ts = append(ts, Tag{"good", "已公示"})
	case f.Withheld == f.Total():
		ts = append(ts, Tag{"off", "不予公示"})
	}
	return ts
}

// wholeStates are where a case stands of whose firms nothing is known.
func (s *Site) wholeStates(r intake.CaseRow) []Tag {
	switch {
	case r.Work.Published != "" && r.Work.Checked.IsZero() && r.AllSevere() > 0:
		return []Tag{{"warning", "已公示（未经核对）"}}
	case r.Work.Published != "":
		return []Tag{{"good", "已公示"}}
	case r.Verified.IsZero():
		return nil
	case s.Deadline(r.PenaltyDate).Overdue():
		return []Tag{{"severe", "公示超期"}}
	}
	return []Tag{{"mild", "待公示"}}
}

// Doubts are the findings of a case by severity, those that there are, with what later cases say of it.
func Doubts(r intake.CaseRow) (ts []Tag) {
	for _, d := range []struct {
		n int
		s rules.Severity
	}{{r.AllSevere(), rules.Severe}, {r.AllWarnings(), rules.Warning}, {r.Notices, rules.Notice}} {
		if d.n > 0 {
			ts = append(ts, Tag{SeverityClass(d.s), fmt.Sprintf("%s %d", d.s, d.n)})
		}
	}
	return ts
}

// SeverityClass is how a severity is marked.
func SeverityClass(s rules.Severity) string {
	switch s {
	case rules.Severe:
		return "severe"
	case rules.Warning:
		return "warning"
	}
	return "mild"
}

// Texts are what tags say, in a line.
func Texts(ts []Tag) (s string) {
	for i, t := range ts {
		if i > 0 {
			s += "、"
		}
		s += t.Text
	}
	return s
}
