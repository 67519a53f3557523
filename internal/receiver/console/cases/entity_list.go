package cases

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// position reads a number of the list as people count, from one.
func position(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, intake.Invalid("清单序号“%s”应为从1开始的数字", s)
	}
	return n - 1, nil
}

// entityTable is rows of a list. Compared: with what the register says of them.
type entityTable struct {
	Rows     []entityRow
	Compared bool
}

// entityList is a page of a case's list.
type entityList struct {
	entityTable
	Doubted      bool   // only those with findings
	Verdict      string // only those with this verdict, by its key; "": any
	Revealed     bool   // names are shown in full
	From         int    // as people count
	First, Prev  string
	Next         string
	All, Dubious string // the same case, all entities or only those with findings
	Print        string // all rows, to be printed
	Paper        page.Paper
	Here         string // the query of this page of the list, with its ?; "" for the first of all
}

// entityRow is one entity with what the verifier has to say of each value.
type entityRow struct {
	No                              int // as people count
	Link                            string
	PripID, UniscID, Legal, EntType shownValue
	Verdict                         page.Verdict
}

// shownValue is a value with its findings beside it.
type shownValue struct {
	value  string
	which  map[int]bool // the characters that are marked
	HTML   template.HTML
	Link   string // to everything known of it
	After  string // what it means, where it is a code
	Hidden bool   // a personal ID number in it is masked
	Found  []foundOne
	// Registered is what the register has instead, with the characters marked that differ; "": the same, or nothing.
	Registered template.HTML
}

const entityRows = 50

func fillEntities(q *page.Request, d *caseData) (err error) {
	from, err := position(q.Field("at"))
	if err != nil {
		return err
	}
	l := &d.List
	which, err := l.readFilter(q)
	if err != nil {
		return err
	}
	l.From = from + 1
	if l.Revealed, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No); err != nil {
		return err
	}
	l.All, l.Dubious = listPath(q, d.AcceptID, 1, ""), listPath(q, d.AcceptID, 1, onlyFound)
	if d.Comparison, err = q.Comparison(d.No, l.Verdict, func(key string) string {
		return listPath(q, d.AcceptID, 1, key)
	}); err != nil {
		return err
	}
	l.Compared = d.Comparison.Snapshot.ID != 0
	l.Here, l.Print = q.Selecting(""), q.PrintLink()
	if q.Printing() {
		return printEntities(q, d, from, which)
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.No, from, entityRows+1, which)
	if err != nil {
		return err
	}
	if len(es) > entityRows {
		l.Next = listPath(q, d.AcceptID, es[entityRows].Pos+1, l.filter())
		es = es[:entityRows]
	}
	if from > 0 {
		l.First = listPath(q, d.AcceptID, 1, l.filter())
		if l.filter() == "" {
			l.Prev = listPath(q, d.AcceptID, max(1, from+1-entityRows), "")
		}
	}
	for _, e := range es {
		l.Rows = append(l.Rows, newEntityRow(q, d.AcceptID, e, l.Revealed))
	}
	return nil
}

// onlyFound is the filter of the entities with findings; the other filters are the keys of verdicts.
const onlyFound = "found"

// filter is by what the list is filtered, "" where it is not.
func (l *entityList) filter() string {
	if l.Verdict == "" && l.Doubted {
		return onlyFound
	}
	return l.Verdict
}

// readFilter reads by what the list is filtered.
func (l *entityList) readFilter(q *page.Request) (f casework.EntityFilter, err error) {
	l.Doubted, l.Verdict = q.Field("only") == onlyFound, q.Field("verdict")
	f.Doubted = l.Doubted
	if l.Verdict == "" {
		return f, nil
	}
	v, ok := page.VerdictByKey(l.Verdict)
	if !ok {
		return f, intake.Invalid("没有比对结论“%s”", l.Verdict)
	}
	l.Doubted, f.Verdicts = false, []register.Verdict{v}
	return f, nil
}

// listPath is the address of the list from a number on, with a filter; "": of all entities.
func listPath(q *page.Request, acceptID string, no int, filter string) string {
	v := url.Values{}
	if no > 1 {
		v.Set("at", strconv.Itoa(no))
	}
	switch filter {
	case "":
	case onlyFound:
		v.Set("only", onlyFound)
	default:
		v.Set("verdict", filter)
	}
	path := q.Link("/cases/" + acceptID)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path + "#list"
}

func newEntityRow(q *page.Request, acceptID string, e casework.DoubtedEntity, revealed bool) entityRow {
	sent := e
	if !revealed {
		e = masked(e)
	}
	row := entityRow{No: e.Pos + 1, Link: q.Link("/cases/" + acceptID + "/entities/" + strconv.Itoa(e.Pos+1)),
		PripID:  newShownValue(q, acceptID, "pripid", e.PripID, e),
		UniscID: newShownValue(q, acceptID, "uniscid", e.UniscID, e),
		Legal:   newShownValue(q, acceptID, "legal", e.Legal, e),
		EntType: newShownValue(q, acceptID, "enttype", e.EntType, e), Verdict: q.Verdict(e.Judged)}
	for _, d := range differences(sent.Entity, sent.Judged.Result, revealed) {
		d.show(&row)
	}
	row.PripID.Hidden, row.UniscID.Hidden = hides(sent.PripID, e.PripID), hides(sent.UniscID, e.UniscID)
	row.EntType.Hidden = hides(sent.EntType, e.EntType)
	if t, ok := rules.EntTypeByCode(e.EntType); ok {
		row.EntType.After = t.Name
	}
	return row
}

// newShownValue is the value of a member with its findings; codes lead to everything known of them.
func newShownValue(q *page.Request, acceptID, member, value string, e casework.DoubtedEntity) shownValue {
	fs := slices.Clone(e.Findings)
	for _, m := range e.Marks {
		fs = append(fs, m.Found)
	}
	v := shownValue{value: value, which: doubtful(about(member, fs), value)}
	v.HTML = template.HTML(page.Marked([]rune(value), v.which))
	if member == "pripid" || member == "uniscid" {
		v.Link = q.EntityLink(member, value)
	}
	v.Found = foundAbout(q, acceptID, e, member)
	return v
}
