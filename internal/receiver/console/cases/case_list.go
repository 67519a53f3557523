// Package cases is the list of cases, the page of each case with what is done about it, and the page of each entity in its
// list.
package cases

import (
	"embed"

	"errors"
	"html/template"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// Pages are the list of cases, each case and each entity of its list.
func Pages() page.Group {
	return page.Group{Templates: templates, Funcs: template.FuncMap{"said": saidOf, "outcome": outcome}, Routes: []page.Route{
		page.Section("/cases", "案件", intake.LookCases, casesPage),
		page.Post("/cases/columns", intake.LookCases, chooseCaseColumns),
		page.Post("/cases/export", intake.LookCases, exportCases),
		page.Get("/cases/{acceptid}", intake.LookCases, casePage),
		page.Get("/cases/{acceptid}/entities/{pos}", intake.LookCases, casesEntityPage),
		page.Post("/cases/{acceptid}/entities/{pos}/reveal", intake.LookCases, revealFromEntity),
		page.Post("/cases/{acceptid}/body", intake.LookCases, takeBody),
		page.Post("/cases/{acceptid}/list", intake.LookCases, exportList),
		page.Post("/cases/{acceptid}/reveal", intake.LookCases, deed("revealed", revealNames)),
		page.Post("/cases/{acceptid}/note", intake.WorkCases, deed("noted", noteCase)),
		page.Post("/cases/{acceptid}/check", intake.WorkCases, deed("saved", checkCase)),
		page.Post("/cases/{acceptid}/reopen", intake.WorkCases, deed("saved", reopenCase)),
		page.Post("/cases/{acceptid}/publish", intake.WorkCases, deed("saved", publishCase)),
		page.Post("/cases/{acceptid}/unpublish", intake.WorkCases, deed("saved", unpublishCase)),
		page.Post("/cases/{acceptid}/ask", intake.WorkCases, deed("asked", askReturn)),
		page.Post("/cases/{acceptid}/withdraw", intake.WorkCases, deed("saved", withdrawReturn)),
		page.Post("/cases/{acceptid}/decide", intake.ConfirmReturns, decide(returnDecision)),
		page.Post("/cases/{acceptid}/askpublish", intake.WorkCases, deed("askedpublish", askPublish)),
		page.Post("/cases/{acceptid}/withdrawpublish", intake.WorkCases, deed("saved", withdrawPublish)),
		page.Post("/cases/{acceptid}/agree", intake.ConfirmReturns, decide(publishDecision)),
	}}
}

// casesData is the list of cases.
type casesData struct {
	page.Fields
	Apps    []intake.App
	States  []page.Choice
	Columns []columnChoice
	Heads   []sortedHead
	Rows    [][]cell
	Pager   page.Pager
	Guess   int // the year whose holidays are not known and matter; 0: none does
	// Reset is the path without the query, Export and Choose are those of the deeds with it.
	Reset, Export, Choose string
	Alarmed               string // where the cases are that have something severe since they were checked or published; "": there are none
	Print                 string // all cases of the query, to be printed
	Paper                 page.Paper
}

// sortedHead is the head of a column, with where it leads and how the list is sorted by it.
type sortedHead struct {
	Title, Link string
	Sorted      string // as aria-sort says it: ascending, descending; "": not by this
	Number      bool
}

func casesPage(q *page.Request) (page.Answer, error) { return showCases(q, nil) }

// showCases shows the list that the query asks for, or with what is wrong about the query.
func showCases(q *page.Request, problem error) (page.Answer, error) {
	search, err := readCaseQuery(q)
	if problem == nil {
		problem = err
	}
	data, err := casesForm(q)
	if err != nil {
		return nil, err
	}
	if problem == nil && q.Printing() {
		problem = printCases(q, &data, search)
	} else if problem == nil {
		var p casework.CasePage
		if p, problem = q.Cases.SearchCases(q.Context(), q.Who, search); problem == nil {
			if other := otherSpelling(q, search, p); other != nil {
				return other, nil
			}
			err = fillCaseRows(q, &data, p)
		}
	}
	if err != nil || problem != nil && !errors.Is(problem, intake.ErrInvalid) {
		return nil, errors.Join(err, problem)
	}
	return page.View{Template: "case_list", Wide: true, Title: "案件", Data: data, Problem: problem}, nil
}

// casesForm is the page without its rows.
func casesForm(q *page.Request) (d casesData, err error) {
	if d.Apps, err = q.Desk.Apps(q.Context()); err != nil {
		return d, err
	}
	for _, s := range intake.CaseStates() {
		d.States = append(d.States, page.Choice{Value: string(s), Title: page.StateTitle(s)})
	}
	alarmed, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{State: intake.StateAlarmed, Limit: 1})
	if err != nil {
		return d, err
	}
	if len(alarmed.Rows) > 0 && q.Field("state") != string(intake.StateAlarmed) {
		d.Alarmed = q.Link("/cases?state=alarmed")
	}
	d.Fields = page.Fields(q.Selection())
	d.Print = q.PrintLink()
	d.Reset, d.Export, d.Choose = q.Link("/cases"), q.Link(q.Selecting("/cases/export")), q.Link(q.Selecting("/cases/columns"))
	return d, nil
}

func fillCaseRows(q *page.Request, d *casesData, p casework.CasePage) error {
	columns, err := chosenColumns(q)
	if err != nil {
		return err
	}
	d.Columns = chosen(columns)
	for _, c := range columns {
		d.Heads = append(d.Heads, sortableHead(q, c))
	}
	for _, r := range p.Rows {
		var row []cell
		for _, c := range columns {
			row = append(row, c.cell(q, r))
		}
		d.Rows = append(d.Rows, row)
		if page.Waits(r) {
			d.Guess = max(d.Guess, q.Deadline(r.PenaltyDate).Guess)
		}
	}
	if n := len(p.Rows); n > 0 {
		d.Pager = q.Pager(keyText(p.Rows[0].Key()), keyText(p.Rows[n-1].Key()), p.Before, p.Behind)
	} else if q.PastFirst() {
		d.Pager.First = q.PageAt("", "")
	}
	return nil
}

// sortableHead is the head of a column; choosing it sorts by it, choosing it again turns the order round.
func sortableHead(q *page.Request, c caseColumn) sortedHead {
	h := sortedHead{Title: c.title, Number: c.number}
	if c.sort == "" {
		return h
	}
	v := q.Selection()
	now, asc := sortOf(v.Get("sort")), v.Get("order") == "asc"
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

// sortOf: the newest come first where nothing is said.
func sortOf(sort string) string {
	if sort == "" {
		return "received"
	}
	return sort
}

var caseSorts = map[string]intake.CaseSort{"received": intake.ByReceived, "penaltydate": intake.ByPenaltyDate}

// readCaseQuery is what the query string asks for. ErrInvalid says what cannot be understood.
func readCaseQuery(q *page.Request) (s intake.CaseQuery, err error) {
	s = intake.CaseQuery{CaseID: q.Field("caseid"), AcceptID: rules.FoldCode(q.Field("acceptid")), Account: q.Field("account"), Name: q.Field("name"), Org: q.Field("org"),
		PenaltyFrom: q.Field("decidedfrom"), PenaltyTo: q.Field("decidedto"), State: intake.CaseState(q.Field("state")), DueBy: q.DueBy(),
		Desc: q.Field("order") != "asc"}
	sort, ok := caseSorts[sortOf(q.Field("sort"))]
	if s.Sort = sort; !ok {
		return s, intake.Invalid("不能按“%s”排序", q.Field("sort"))
	}
	if app := q.Field("app"); app != "" {
		if s.AppID, err = strconv.ParseInt(app, 10, 64); err != nil || s.AppID <= 0 {
			return s, intake.Invalid("没有应用“%s”", app)
		}
	}
	if s.ReceivedFrom, s.ReceivedTo, err = readDays(q, "from", "to", "受理时间"); err != nil {
		return s, err
	}
	at := q.Field("after")
	if b := q.Field("before"); b != "" {
		at, s.Back = b, true
	}
	s.After, err = parseKey(at)
	return s, err
}

// readDays reads two days of Beijing, either of which may be missing; the second is included, so that until is the midnight
// after it.
func readDays(q *page.Request, from, to, what string) (since, until time.Time, err error) {
	for _, d := range []struct {
		name string
		into *time.Time
	}{{from, &since}, {to, &until}} {
		if text := q.Field(d.name); text != "" {
			if *d.into, err = time.ParseInLocation(time.DateOnly, text, beijingtime.Zone); err != nil {
				return since, until, intake.Invalid("%s“%s”不是日期，应为2026-03-15的形式", what, text)
			}
		}
	}
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	return since, until, nil
}

// keyText writes a row's place for a link; parseKey reads it.
func keyText(k intake.CaseKey) string { return strconv.FormatInt(k.No, 10) + "." + k.PenaltyDate }

func parseKey(s string) (k intake.CaseKey, err error) {
	if s == "" {
		return k, nil
	}
	no, day, _ := strings.Cut(s, ".")
	if k.No, err = strconv.ParseInt(no, 10, 64); err != nil || k.No <= 0 || len(day) > 10 {
		return intake.CaseKey{}, intake.Invalid("翻页的地址不完整，请从第一页开始")
	}
	k.PenaltyDate = day
	return k, nil
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

// exportCases gives out every case that the query selects, in the columns shown.
func exportCases(q *page.Request) (page.Answer, error) {
	search, err := readCaseQuery(q)
	if err != nil {
		return showCases(q, err)
	}
	columns, err := chosenColumns(q)
	if err != nil {
		return nil, err
	}
	query, err := describeQuery(q)
	if err != nil {
		return nil, err
	}
	l := page.List{Title: "案件", Query: query, Right: intake.LookCases, Rows: exportedCases(q, search, columns)}
	for _, c := range columns {
		l.Heads = append(l.Heads, page.Head{Title: c.title, Number: c.number})
	}
	a, err := q.Export(l, q.Field("kind"))
	switch {
	case errors.Is(err, page.ErrTooMany):
		return showCases(q, q.TooMany())
	case errors.Is(err, intake.ErrInvalid):
		return showCases(q, err)
	}
	return a, err
}

func exportedCases(q *page.Request, search intake.CaseQuery, columns []caseColumn) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for r, err := range q.Cases.AllCases(q.Context(), q.Who, search) {
			row := make([]string, len(columns))
			if err == nil {
				for i, c := range columns {
					row[i] = c.cell(q, r).String()
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
