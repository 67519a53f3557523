package console

import (
	"diaoxiao/internal/receiver/staff"
)

import "diaoxiao/internal/receiver/intake"

// visitPages are who is signed in and who is locked.
func visitPages() group {
	return group{Routes: []route{
		sectionPage("/visits", "会话与锁定", intake.ManagePolicies, visitsPage),
		postDeed("/visits/unlock", intake.ManagePolicies, unlock),
	}}
}

// visitsData is who is signed in, and who cannot.
type visitsData struct {
	Visits []staff.OpenVisit
	Here   intake.TokenHash
	Locked []lockedRow
}

// lockedRow is an operator whose sign-ins failed, or who is locked for it.
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

func visitsPage(q *request) (answer, error) {
	vs, err := q.Staff.Visits(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	d := visitsData{Visits: vs, Here: q.who.Token}
	d.Locked, err = lockedRows(q)
	return page{Name: "visits", Wide: true, Title: "会话与锁定", Data: d}, err
}

func lockedRows(q *request) (rows []lockedRow, err error) {
	os, err := q.Staff.Operators(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	guesses, err := q.Staff.Guesses(q.Context(), q.who)
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

func unlock(q *request) (answer, error) {
	if err := q.Staff.UnlockOperator(q.Context(), q.who, q.field("name")); err != nil {
		return nil, err
	}
	return done("/visits", "unlocked"), nil
}
