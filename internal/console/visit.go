package console

import "diaoxiao/internal/intake"

// visitsData is who is signed in, and who cannot.
type visitsData struct {
	Visits []intake.OpenVisit
	Here   intake.TokenHash
	Locked []lockedRow
}

// lockedRow is an operator who failed to sign in, or is locked for it.
type lockedRow struct {
	intake.Operator
	Still bool // locked
}

func visitsPage(q *request) (answer, error) {
	vs, err := q.Desk.Visits(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	os, err := q.Desk.Operators(q.Context(), q.who)
	d := visitsData{Visits: vs, Here: q.who.Token}
	for _, o := range os {
		if still := q.Clock().Before(o.Locked); still || o.Failures > 0 {
			d.Locked = append(d.Locked, lockedRow{o, still})
		}
	}
	return page{Name: "visits", Title: "会话与锁定", Data: d}, err
}

func unlock(q *request) (answer, error) {
	if err := q.Desk.UnlockOperator(q.Context(), q.who, q.field("name")); err != nil {
		return nil, err
	}
	return done("/visits", "unlocked"), nil
}
