// Package calls is the request log (报送记录) and its statistics of errors.
package calls

import (
	"embed"
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the request log and its statistics of errors.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/calls", "报送记录", intake.LookCalls, callsPage),
		page.Get("/calls/errors", intake.LookCalls, callErrorsPage),
		page.Get("/calls/{no}", intake.LookCalls, callPage),
		page.Post("/calls/export", intake.LookCalls, exportCalls),
	}}
}

// callsData is the request log.
type callsData struct {
	Query     callQuery
	Apps      []intake.AppDetail
	Names     []callName
	Codes     []api.CodeInfo
	Calls     []callRow
	Pager     page.Pager
	CaseLinks bool   // cases may be looked at
	Export    string // where the form for an export goes
}

// callRow is one row of the request log.
type callRow struct {
	intake.Call
	Title, Ended, Mark, Took string
	Link                     string // to the page of the call
	Codes                    []api.CodeInfo
	Told                     []toldRow
	More                     int // errors that were told besides
}

// Errors is how many errors the sender was told; 0 where that is not recorded.
func (r callRow) Errors() int { return len(r.Told) + r.More }

// First is the first error in one line.
func (r callRow) First() string {
	if len(r.Told) > 0 {
		return r.Told[0].Message
	}
	if len(r.Codes) > 0 {
		return r.Codes[0].Message
	}
	return ""
}

func callsPage(q *page.Request) (page.Answer, error) { return showCalls(q, nil) }

func showCalls(q *page.Request, problem error) (page.Answer, error) {
	d := callsData{Query: readCallQuery(q), Names: callNames(), Codes: api.Codes(),
		CaseLinks: q.Who.Role.May(intake.LookCases), Export: q.Link(q.Selecting("/calls/export"))}
	var err error
	if d.Apps, err = q.Desk.Apps(q.Context(), q.Who); err != nil {
		return nil, err
	}
	p := page.View{Template: "call_list", Wide: true, Title: "报送记录", Problem: problem}
	search, err := d.Query.search()
	if err == nil {
		err = readCallPlace(q, &search)
	}
	if err != nil {
		p.Data, p.Problem = d, err
		return p, nil
	}
	cs, err := q.Calls.SearchCalls(q.Context(), q.Who, search)
	cs, d.Pager = page.Cut(q, cs, callKey)
	for _, c := range cs {
		d.Calls = append(d.Calls, newCallRow(q, c))
	}
	p.Data = d
	return p, err
}

// withQuery is a path with the query of this page, so that the way back to the list leads to the same page of it.
func withQuery(q *page.Request, path string) string {
	v := q.URL.Query()
	v.Del("done")
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

func newCallRow(q *page.Request, c intake.Call) callRow {
	r := callRow{Call: c, Title: callTitle(c.Name), Took: took(c.Took),
		Link: q.Link(withQuery(q, "/calls/"+strconv.FormatInt(c.No, 10)))}
	r.Ended, r.Mark = callEnded(c)
	if c.Failed() {
		r.Codes = page.CodeInfos(c.Codes)
		r.Told, r.More = toldRows(c.Told)
	}
	return r
}
