// Package visits is the page of open sessions and of locked operators.
package visits

import (
	"embed"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after a form was taken.
var notices = map[string]string{
	"unlocked": "已解锁，可以立即登录。",
}

// Pages are the open sessions and the locked operators.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
		page.Section("/visits", "会话与锁定", intake.ManagePolicies, visitsPage),
		page.Post("/visits/unlock", intake.ManagePolicies, unlock),
	}}
}

// visitsData is the open sessions, and the operators that cannot sign in.
type visitsData struct {
	Visits []staff.OpenVisit
	Here   intake.TokenHash
	Locked []lockedRow
}

// lockedRow is an operator with sign-ins that failed, or locked for them.
type lockedRow struct {
	intake.Operator
	Still  bool // locked, for all unknown browsers
	Places []lockedPlace
}

// lockedPlace is where they failed.
type lockedPlace struct {
	intake.Guess
	Where string
	Still bool // locked
}

func visitsPage(q *page.Request) (page.Answer, error) {
	vs, err := q.Staff.Visits(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	d := visitsData{Visits: vs, Here: q.Who.Token}
	d.Locked, err = lockedRows(q)
	return page.View{Template: "visit_list", Wide: true, Title: "会话与锁定", Data: d}, err
}

func lockedRows(q *page.Request) (rows []lockedRow, err error) {
	os, err := q.Staff.Operators(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	guesses, err := q.Staff.Guesses(q.Context(), q.Who)
	for _, o := range os {
		row := lockedRow{Operator: o, Still: q.Clock().Before(o.Locked)}
		for _, g := range guesses {
			if still := q.Clock().Before(g.Locked); g.OperatorID == o.ID && (still || g.Failures > 0) {
				row.Places = append(row.Places, lockedPlace{g, placeWords(g), still})
			}
		}
		if row.Still || o.Failures > 0 || row.Places != nil {
			rows = append(rows, row)
		}
	}
	return rows, err
}

func placeWords(g intake.Guess) string {
	if g.FromBrowser() {
		return "本人用过的浏览器"
	}
	return g.Place
}

func unlock(q *page.Request) (page.Answer, error) {
	if err := q.Staff.UnlockOperator(q.Context(), q.Who, q.Field("name")); err != nil {
		return nil, err
	}
	return page.Done("/visits", "unlocked"), nil
}
