package caselist

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// cell is the content of one row under one column: a text, or tags.
type cell struct {
	Text, Link, Class string
	Short             string // what the page shows instead of the text, which is its title
	Tags              []page.Tag
}

// String is the cell in an export.
func (c cell) String() string {
	if c.Tags != nil {
		return page.Texts(c.Tags)
	}
	return c.Text
}

// Shown is the cell's text on a page.
func (c cell) Shown() string { return display.Plain(cmp.Or(c.Short, c.Text)) }

// Title is the whole of what the page shows shortened or may cut off; "": it shows all.
func (c cell) Title() string {
	switch {
	case c.Tags != nil:
		return page.Texts(c.Tags)
	case c.Short != "" || strings.HasPrefix(c.Class, "cut"):
		return display.Plain(c.Text)
	}
	return ""
}

// caseColumn is one column of the list of cases.
type caseColumn struct {
	key, title string
	sort       string // by which field it sorts; "": by none
	shown      bool   // where the operator has chosen nothing
	number     bool
	cell       func(*page.Request, intake.CaseRow) cell
}

func textCell(class string, of func(intake.CaseRow) string) func(*page.Request, intake.CaseRow) cell {
	return func(_ *page.Request, r intake.CaseRow) cell { return cell{Text: of(r), Class: class} }
}

// timeCell is short on a page, and whole in its title and in an export.
func timeCell(of func(intake.CaseRow) time.Time) func(*page.Request, intake.CaseRow) cell {
	return func(q *page.Request, r intake.CaseRow) cell {
		return cell{Text: page.Clock(of(r)), Short: page.ShortClock(of(r), q.Clock()), Class: "nowrap"}
	}
}

func numberCell(of func(intake.CaseRow) int64) func(*page.Request, intake.CaseRow) cell {
	return textCell("number", func(r intake.CaseRow) string { return strconv.FormatInt(of(r), 10) })
}

// caseColumns are all of them, in their order.
var caseColumns = []caseColumn{
	{key: "acceptid", title: "受理号", shown: true, cell: func(q *page.Request, r intake.CaseRow) cell {
		return cell{Text: r.AcceptID, Link: q.CaseLink(r.AcceptID), Class: "code nowrap"}
	}},
	{key: "received", title: "受理时间", sort: "received", shown: true,
		cell: timeCell(func(r intake.CaseRow) time.Time { return r.Received })},
	{key: "app", title: "报送应用", shown: true,
		cell: textCell("cut app", func(r intake.CaseRow) string { return r.AppName })},
	{key: "account", title: "账户", cell: textCell("cut app", func(r intake.CaseRow) string { return r.Account })},
	{key: "caseid", title: "案件编号", shown: true,
		cell: textCell("cut number-of-case", func(r intake.CaseRow) string { return r.CaseID })},
	{key: "casename", title: "案件名称", shown: true,
		cell: textCell("cut name", func(r intake.CaseRow) string { return r.CaseName })},
	{key: "penaltyorg", title: "处罚决定机关", sort: "penaltyorg", shown: true,
		cell: textCell("cut org", func(r intake.CaseRow) string { return r.PenaltyOrg })},
	{key: "penaltydate", title: "处罚决定日期", sort: "penaltydate", shown: true,
		cell: textCell("nowrap", func(r intake.CaseRow) string { return r.PenaltyDate })},
	{key: "items", title: "户数", sort: "items", shown: true, number: true,
		cell: numberCell(func(r intake.CaseRow) int64 { return int64(r.Items) })},
	{key: "findings", title: "核验提示", shown: true, cell: doubtsCell},
	{key: "severe", title: "严重", sort: "severe", number: true,
		cell: numberCell(func(r intake.CaseRow) int64 { return int64(r.AllSevere()) })},
	{key: "warnings", title: "警示", number: true,
		cell: numberCell(func(r intake.CaseRow) int64 { return int64(r.AllWarnings()) })},
	{key: "notices", title: "提示", number: true,
		cell: numberCell(func(r intake.CaseRow) int64 { return int64(r.Notices) })},
	{key: "state", title: "状态", shown: true, cell: statesCell},
	{key: "handler", title: "办理人", shown: true, cell: handlerCell},
	{key: "due", title: "公示期限", cell: func(q *page.Request, r intake.CaseRow) cell {
		return cell{Text: q.Deadline(r.PenaltyDate).Day, Class: "nowrap"}
	}},
	{key: "left", title: "公示剩余", sort: "left", shown: true, cell: leftCell},
	{key: "published", title: "公示日期",
		cell: textCell("nowrap", func(r intake.CaseRow) string { return r.Work.Published })},
	{key: "checked", title: "核对时间",
		cell: timeCell(func(r intake.CaseRow) time.Time { return r.Work.Checked })},
	{key: "returned", title: "退回时间",
		cell: timeCell(func(r intake.CaseRow) time.Time { return r.Returned })},
	{key: "revision", title: "报送次数", number: true,
		cell: numberCell(func(r intake.CaseRow) int64 { return int64(r.Revision) + 1 })},
	{key: "bytes", title: "字节", number: true, cell: numberCell(func(r intake.CaseRow) int64 { return r.Bytes })},
}

func orEmpty(ts []page.Tag) []page.Tag {
	if ts == nil {
		return []page.Tag{}
	}
	return ts
}

func doubtsCell(_ *page.Request, r intake.CaseRow) cell {
	return cell{Tags: orEmpty(page.Doubts(r)), Class: "nowrap"}
}

func statesCell(q *page.Request, r intake.CaseRow) cell {
	return cell{Tags: orEmpty(q.States(r)), Class: "cut states"}
}

// handlerCell is who has claimed the case, or else who did something with it last.
func handlerCell(q *page.Request, r intake.CaseRow) cell {
	switch {
	case r.Claim.By != "":
		return cell{Text: q.Person(r.Claim.By) + "，认领", Short: q.PersonName(r.Claim.By), Class: "cut person claimed"}
	case r.LastBy != "":
		return cell{Text: q.Person(r.LastBy), Short: q.PersonName(r.LastBy), Class: "cut person"}
	}
	return cell{Class: "cut person"}
}

func leftCell(q *page.Request, r intake.CaseRow) cell {
	if !casework.ToPublish(r) {
		return cell{}
	}
	d := q.Deadline(r.PenaltyDate)
	if d.Class() == "off" {
		return cell{Text: d.Rest(), Short: d.Brief(), Class: "nowrap"}
	}
	return cell{Tags: []page.Tag{{Class: d.Class(), Text: d.Rest()}}, Class: "nowrap"}
}

// chosenColumns are those that the operator has chosen, or else the usual ones. The acceptid is always there:
// it leads on.
func chosenColumns(q *page.Request) (cs []caseColumn, err error) {
	value, err := q.Staff.Preference(q.Context(), q.Who, intake.CaseColumns)
	keys := strings.Split(value, ",")
	for i, c := range caseColumns {
		if i == 0 || slices.Contains(keys, c.key) || value == "" && c.shown {
			cs = append(cs, c)
		}
	}
	return cs, err
}

// columnChoice is a column that can be chosen.
type columnChoice struct {
	page.Choice
	Chosen, Fixed bool
}

func chosen(cs []caseColumn) (all []columnChoice) {
	for i, c := range caseColumns {
		is := slices.ContainsFunc(cs, func(o caseColumn) bool { return o.key == c.key })
		all = append(all, columnChoice{page.Choice{Value: c.key, Title: c.title}, is, i == 0})
	}
	return all
}

// sortedHead is the head of a column, with where it leads and how the list is sorted by it.
type sortedHead struct {
	Title, Link string
	Sorted      string // as aria-sort says it: ascending, descending; "": not by this
	Number      bool
}

// sortableHead is the head of a column; choosing it sorts by it, choosing it again turns the order round.
func sortableHead(q *page.Request, c caseColumn) sortedHead {
	h := sortedHead{Title: c.title, Number: c.number}
	if c.sort == "" {
		return h
	}
	v := q.Selection()
	now, asc := page.CaseSort(v.Get("sort")), v.Get("order") == "asc"
	v.Set("sort", c.sort)
	v.Del("order")
	if now == c.sort {
		h.Sorted = "descending"
		if asc {
			h.Sorted = "ascending"
		} else {
			v.Set("order", "asc")
		}
	}
	h.Link = q.Link("/cases") + "?" + v.Encode()
	return h
}

// chooseCaseColumns keeps which columns the operator wants, and shows the list as it was asked for.
func chooseCaseColumns(q *page.Request) (page.Answer, error) {
	q.ParseForm()
	var keys []string
	for i, c := range caseColumns {
		if i == 0 || slices.Contains(q.PostForm["column"], c.key) {
			keys = append(keys, c.key)
		}
	}
	if q.PostForm.Has("default") {
		keys = nil
	}
	if err := q.Staff.SetPreference(q.Context(), q.Who, intake.CaseColumns, strings.Join(keys, ",")); err != nil {
		return nil, err
	}
	return page.Redirect(q.Selecting("/cases")), nil
}
