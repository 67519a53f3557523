// Package calls is the request log (报送记录) and its statistics of errors.
package calls

import (
	"embed"

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
	CaseLinks bool // cases may be looked at
}

// callRow is one row of the request log.
type callRow struct {
	intake.Call
	Title, Ended, Mark, Took string
	Codes                    []api.CodeInfo
}

func callsPage(q *page.Request) (page.Answer, error) {
	d := callsData{Query: readCallQuery(q), Names: callNames(), Codes: api.Codes(),
		CaseLinks: q.Who.Role.May(intake.LookCases)}
	var err error
	if d.Apps, err = q.Desk.Apps(q.Context(), q.Who); err != nil {
		return nil, err
	}
	p := page.View{Template: "call_list", Wide: true, Title: "报送记录"}
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
		d.Calls = append(d.Calls, newCallRow(c))
	}
	p.Data = d
	return p, err
}

func newCallRow(c intake.Call) callRow {
	r := callRow{Call: c, Title: callTitle(c.Name), Took: took(c.Took)}
	r.Ended, r.Mark = callEnded(c)
	if c.Failed() {
		r.Codes = page.CodeInfos(c.Codes)
	}
	return r
}
