package apps

import (
	"fmt"

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

// appOf is the app of the path. The desk takes names, too; a page means the key and nothing else.
func appOf(q *page.Request) (intake.AppDetail, error) {
	key := q.PathValue("app")
	a, err := q.Desk.App(q.Context(), q.Who, key)
	if err == nil && a.Key != key {
		err = fmt.Errorf("应用%s：%w", intake.Quote(key), intake.ErrNotFound)
	}
	return a, err
}

func appPage(q *page.Request) (page.Answer, error) { return showApp(q, nil) }

func showApp(q *page.Request, problem error) (page.Answer, error) {
	a, err := appOf(q)
	if err != nil {
		return nil, err
	}
	calls, err := q.Calls.LastCalls(q.Context(), q.Who)
	d := appData{a, secretsOf(q, a, true), page.DialectTitle(a.Dialect), calls[a.ID], overlaps}
	return page.View{Template: "app_show", Title: a.Name, Data: d, Problem: problem}, err
}

func appPath(q *page.Request) string { return "/apps/" + q.PathValue("app") }
