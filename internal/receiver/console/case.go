package console

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// casePages are the list of cases, each case and each entity of its list.
func casePages() group {
	return group{Routes: []route{
		sectionPage("/cases", "案件", intake.LookCases, casesPage),
		postDeed("/cases/columns", intake.LookCases, chooseCaseColumns),
		postDeed("/cases/export", intake.LookCases, exportCases),
		getPage("/cases/{acceptid}", intake.LookCases, casePage),
		getPage("/cases/{acceptid}/entities/{pos}", intake.LookCases, casesEntityPage),
		postDeed("/cases/{acceptid}/entities/{pos}/reveal", intake.LookCases, revealFromEntity),
		postDeed("/cases/{acceptid}/body", intake.LookCases, takeBody),
		postDeed("/cases/{acceptid}/list", intake.LookCases, exportList),
		postDeed("/cases/{acceptid}/reveal", intake.LookCases, deed("revealed", revealNames)),
		postDeed("/cases/{acceptid}/note", intake.WorkCases, deed("noted", noteCase)),
		postDeed("/cases/{acceptid}/check", intake.WorkCases, deed("saved", checkCase)),
		postDeed("/cases/{acceptid}/reopen", intake.WorkCases, deed("saved", reopenCase)),
		postDeed("/cases/{acceptid}/publish", intake.WorkCases, deed("saved", publishCase)),
		postDeed("/cases/{acceptid}/unpublish", intake.WorkCases, deed("saved", unpublishCase)),
		postDeed("/cases/{acceptid}/ask", intake.WorkCases, deed("asked", askReturn)),
		postDeed("/cases/{acceptid}/withdraw", intake.WorkCases, deed("saved", withdrawReturn)),
		postDeed("/cases/{acceptid}/decide", intake.ConfirmReturns, decide(returnDecision)),
		postDeed("/cases/{acceptid}/askpublish", intake.WorkCases, deed("askedpublish", askPublish)),
		postDeed("/cases/{acceptid}/withdrawpublish", intake.WorkCases, deed("saved", withdrawPublish)),
		postDeed("/cases/{acceptid}/agree", intake.ConfirmReturns, decide(publishDecision)),
	}}
}

// casesData is the list of cases.
type casesData struct {
	asked
	Apps    []intake.App
	States  []choice
	Columns []columnChoice
	Heads   []sortedHead
	Rows    [][]cell
	Pager   pager
	Guess   int // the year whose holidays are not known and matter; 0: none does
	// Reset is the path without the query, Export and Choose are those of the deeds with it.
	Reset, Export, Choose string
	Alarmed               string // where the cases are that have something severe since they were checked or published; "": there are none
	Print                 string // all cases of the query, to be printed
	Paper                 paper
}

// sortedHead is the head of a column, with where it leads and how the list is sorted by it.
type sortedHead struct {
	Title, Link string
	Sorted      string // as aria-sort says it: ascending, descending; "": not by this
	Number      bool
}

func casesPage(q *request) (answer, error) { return showCases(q, nil) }

// showCases shows the list that the query asks for, or with what is wrong about the query.
func showCases(q *request, problem error) (answer, error) {
	search, err := readCaseQuery(q)
	if problem == nil {
		problem = err
	}
	data, err := casesForm(q)
	if err != nil {
		return nil, err
	}
	if problem == nil && q.printing() {
		problem = printCases(q, &data, search)
	} else if problem == nil {
		var p casework.CasePage
		if p, problem = q.Cases.SearchCases(q.Context(), q.who, search); problem == nil {
			if other := otherSpelling(q, search, p); other != nil {
				return other, nil
			}
			err = fillCaseRows(q, &data, p)
		}
	}
	if err != nil || problem != nil && !errors.Is(problem, intake.ErrInvalid) {
		return nil, errors.Join(err, problem)
	}
	return page{Name: "cases", Wide: true, Title: "案件", Data: data, Problem: problem}, nil
}

// casesForm is the page without its rows.
func casesForm(q *request) (d casesData, err error) {
	if d.Apps, err = q.Desk.Apps(q.Context()); err != nil {
		return d, err
	}
	for _, s := range intake.CaseStates() {
		d.States = append(d.States, choice{string(s), stateNames[s]})
	}
	alarmed, err := q.Cases.SearchCases(q.Context(), q.who, intake.CaseQuery{State: intake.StateAlarmed, Limit: 1})
	if err != nil {
		return d, err
	}
	if len(alarmed.Rows) > 0 && q.field("state") != string(intake.StateAlarmed) {
		d.Alarmed = q.link("/cases?state=alarmed")
	}
	d.asked = asked(q.selection())
	d.Print = q.printLink()
	d.Reset, d.Export, d.Choose = q.link("/cases"), q.link(q.selecting("/cases/export")), q.link(q.selecting("/cases/columns"))
	return d, nil
}

func fillCaseRows(q *request, d *casesData, p casework.CasePage) error {
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
		if waits(r) {
			d.Guess = max(d.Guess, q.deadline(r.PenaltyDate).Guess)
		}
	}
	if n := len(p.Rows); n > 0 {
		d.Pager = q.pager(keyText(p.Rows[0].Key()), keyText(p.Rows[n-1].Key()), p.Before, p.Behind)
	} else if q.pastFirst() {
		d.Pager.First = q.pageAt("", "")
	}
	return nil
}

// sortableHead is the head of a column; choosing it sorts by it, choosing it again turns the order round.
func sortableHead(q *request, c caseColumn) sortedHead {
	h := sortedHead{Title: c.title, Number: c.number}
	if c.sort == "" {
		return h
	}
	v := q.selection()
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
	h.Link = q.link("/cases") + "?" + v.Encode()
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
func readCaseQuery(q *request) (s intake.CaseQuery, err error) {
	s = intake.CaseQuery{CaseID: q.field("caseid"), AcceptID: rules.FoldCode(q.field("acceptid")), Account: q.field("account"), Name: q.field("name"), Org: q.field("org"),
		PenaltyFrom: q.field("decidedfrom"), PenaltyTo: q.field("decidedto"), State: intake.CaseState(q.field("state")), DueBy: q.dueBy(),
		Desc: q.field("order") != "asc"}
	sort, ok := caseSorts[sortOf(q.field("sort"))]
	if s.Sort = sort; !ok {
		return s, intake.Invalid("不能按“%s”排序", q.field("sort"))
	}
	if app := q.field("app"); app != "" {
		if s.AppID, err = strconv.ParseInt(app, 10, 64); err != nil || s.AppID <= 0 {
			return s, intake.Invalid("没有应用“%s”", app)
		}
	}
	if s.ReceivedFrom, s.ReceivedTo, err = readDays(q, "from", "to", "受理时间"); err != nil {
		return s, err
	}
	at := q.field("after")
	if b := q.field("before"); b != "" {
		at, s.Back = b, true
	}
	s.After, err = parseKey(at)
	return s, err
}

// readDays reads two days of Beijing, either of which may be missing; the second is included, so that until is the midnight
// after it.
func readDays(q *request, from, to, what string) (since, until time.Time, err error) {
	for _, d := range []struct {
		name string
		into *time.Time
	}{{from, &since}, {to, &until}} {
		if text := q.field(d.name); text != "" {
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
func chooseCaseColumns(q *request) (answer, error) {
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
	if err := q.Staff.SetPreference(q.Context(), q.who, intake.CaseColumns, strings.Join(keys, ",")); err != nil {
		return nil, err
	}
	return redirect(q.selecting("/cases")), nil
}

// exportCases gives out every case that the query selects, in the columns shown.
func exportCases(q *request) (answer, error) {
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
	l := list{title: "案件", query: query, right: intake.LookCases, rows: exportedCases(q, search, columns)}
	for _, c := range columns {
		l.heads = append(l.heads, head{c.title, c.number})
	}
	a, err := q.export(l, q.field("kind"))
	switch {
	case errors.Is(err, errTooMany):
		return showCases(q, q.tooMany())
	case errors.Is(err, intake.ErrInvalid):
		return showCases(q, err)
	}
	return a, err
}

func exportedCases(q *request, search intake.CaseQuery, columns []caseColumn) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for r, err := range q.Cases.AllCases(q.Context(), q.who, search) {
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
