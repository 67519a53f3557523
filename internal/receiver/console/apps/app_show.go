package apps

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// appData is the page of one app.
type appData struct {
	intake.AppDetail
	Secrets  []secretRow
	Words    string // of its dialect
	LastCall intake.Call
	Overlaps []page.Choice
}

func appPage(q *page.Request) (page.Answer, error) { return showApp(q, nil) }

func showApp(q *page.Request, problem error) (page.Answer, error) {
	a, err := q.Desk.ManagedApp(q.Context(), q.Who, q.PathValue("app"))
	if err != nil {
		return nil, err
	}
	calls, err := q.Calls.LastCalls(q.Context(), q.Who)
	d := appData{a, secretsOf(q, a, true), page.DialectTitle(a.Dialect), calls[a.ID], overlaps}
	return page.View{Template: "app_show", Title: a.Name, Data: d, Problem: problem}, err
}

func appPath(q *page.Request) string { return "/apps/" + q.PathValue("app") }
