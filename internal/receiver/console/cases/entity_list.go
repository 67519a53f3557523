package cases

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// position reads a number of the list as people count, from one.
func position(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, intake.Invalid("清单序号“%s”有误，应为从1开始的数字", s)
	}
	return n - 1, nil
}

// entityTable is rows of a list. Compared: with what the register says of them. Pick: each with a check box.
type entityTable struct {
	Rows           []entityRow
	Compared, Pick bool
	Explained      bool // what a finding means is said beside it, and the register's value below the one sent
}

// Columns is how many columns the table has.
func (t entityTable) Columns() int {
	n := 8
	if t.Compared {
		n += 2
	}
	if t.Pick {
		n++
	}
	return n
}

// entityList is a page of a case's list.
type entityList struct {
	entityTable
	Filter       listFilter
	Revealed     bool // names are shown in full
	From         int  // as people count
	Last         int  // the number of the last row of the page
	First, Prev  string
	Next         string
	All, Dubious string // the same case, all entities or only those with findings
	Severe       string // only those with severe findings
	Open         string // only those that are held and that no person has compared
	Print        string // all rows, to be printed
	Paper        page.Paper
	Here         string // the query of this page of the list, with its ?; "" for the first of all
}

// Long reports whether there is more of the list than this page of it.
func (l entityList) Long() bool { return l.First != "" || l.Next != "" }

// Filtered reports whether the list is filtered.
func (l entityList) Filtered() bool { return l.Filter.Value != "" || l.Filter.Find != "" }

// entityRow is one entity with what the verifier has to say of each value.
type entityRow struct {
	No                              int // as people count
	Link                            string
	PripID, UniscID, Legal, EntType shownValue
	Verdict                         page.Verdict
	State                           page.Tag
	Holds                           string // why it is held, in words
	Found                           []foundOne
	Sum                             foundSum
	Others                          string // everything known of it in other cases; "": no code leads there
}

// shownValue is a value with what is said of it.
type shownValue struct {
	value  string
	which  map[int]bool // the characters that are marked
	HTML   template.HTML
	Copy   string // the code, to be copied; "": it is none, or it is masked
	After  string // what it means, where it is a code
	Hidden bool   // a personal ID number in it is masked
	Found  []foundOne
	// Registered is what the register has instead, with the characters marked that differ; "": the same, or nothing.
	Registered template.HTML
	Beside     string // the same as text
}

const entityRows = 50

func fillEntities(q *page.Request, d *caseData) (err error) {
	from, err := position(q.Field("at"))
	if err != nil {
		return err
	}
	l := &d.List
	filter, which, err := readFilter(q)
	if err != nil {
		return err
	}
	l.Filter, l.From = filter, from+1
	if l.Revealed, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No); err != nil {
		return err
	}
	l.All = listPath(q, d.AcceptID, 1, listFilter{})
	l.Dubious = listPath(q, d.AcceptID, 1, filter.with(onlyField, onlyFound))
	l.Severe = listPath(q, d.AcceptID, 1, listFilter{Field: severityField, Value: "severe"})
	l.Open = listPath(q, d.AcceptID, 1, filter.with(onlyField, onlyOpen))
	if err := loadComparison(q, d); err != nil {
		return err
	}
	l.Compared = d.Comparison.Snapshot.ID != 0
	l.Here, l.Print = q.Selecting(""), q.PrintLink()
	l.Pick = d.May.CheckFirms && !q.Printing()
	if q.Printing() {
		return printEntities(q, d, from, which)
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.No, from, entityRows+1, which)
	if err != nil {
		return err
	}
	l.turn(q, d.AcceptID, from, es)
	for _, e := range es[:min(len(es), entityRows)] {
		l.Rows = append(l.Rows, newEntityRow(q, d.AcceptID, e, l.Revealed))
		l.Last = e.Pos + 1
	}
	return nil
}

// loadComparison reads how the case was compared with the register.
func loadComparison(q *page.Request, d *caseData) (err error) {
	verdict := ""
	if d.List.Filter.Field == verdictField {
		verdict = d.List.Filter.Value
	}
	d.Comparison, err = q.Comparison(d.No, verdict, func(key string) string {
		return listPath(q, d.AcceptID, 1, d.List.Filter.with(verdictField, key))
	})
	return err
}

// turn makes the links to the other pages of the list.
func (l *entityList) turn(q *page.Request, acceptID string, from int, es []casework.DoubtedEntity) {
	if len(es) > entityRows {
		l.Next = listPath(q, acceptID, es[entityRows].Pos+1, l.Filter)
	}
	if from == 0 {
		return
	}
	l.First = listPath(q, acceptID, 1, l.Filter)
	if !l.Filtered() {
		l.Prev = listPath(q, acceptID, max(1, from+1-entityRows), l.Filter)
	}
}

func newEntityRow(q *page.Request, acceptID string, e casework.DoubtedEntity, revealed bool) entityRow {
	sent := e
	if !revealed {
		e = page.Masked(e)
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
	row.gather()
	row.Others = otherCases(q, e)
	if e.Firm.State != 0 {
		row.State, row.Holds = stateTag(e.Firm.State), strings.Join(e.Firm.Holds.Titles(), "、")
	}
	return row
}

// gather puts what is said of each value in one list, severe findings first.
func (r *entityRow) gather() {
	for _, v := range []shownValue{r.UniscID, r.PripID, r.Legal, r.EntType} {
		r.Found = append(r.Found, v.Found...)
	}
	slices.SortStableFunc(r.Found, func(a, b foundOne) int { return int(b.severity - a.severity) })
	r.Sum = sumOf(r.Found)
}

// otherCases leads to everything known of an entity by the first of its codes that is one.
func otherCases(q *page.Request, e casework.DoubtedEntity) string {
	if link := q.EntityLink("pripid", e.PripID); link != "" {
		return link
	}
	return q.EntityLink("uniscid", e.UniscID)
}

// newShownValue is the value of a member with its findings. A code that is shown whole can be copied.
func newShownValue(q *page.Request, acceptID, member, value string, e casework.DoubtedEntity) shownValue {
	fs := slices.Clone(e.Findings)
	for _, m := range e.Marks {
		fs = append(fs, m.Found)
	}
	v := shownValue{value: value, which: doubtful(about(member, fs), value)}
	v.HTML = template.HTML(page.Marked([]rune(value), v.which))
	if (member == "pripid" || member == "uniscid") && !strings.Contains(value, "*") {
		v.Copy = value
	}
	v.Found = foundAbout(q, acceptID, e, member)
	return v
}
