package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// MostBulk is how many cases one act on a list of cases may concern.
const MostBulk = 500

// CasesNamed returns cases by their acceptids, in that order. ErrInvalid: they are too many. ErrNotFound: one is not
// there.
func (d *Cases) CasesNamed(ctx context.Context, by intake.By, acceptIDs []string) (rows []intake.CaseRow, err error) {
	if len(acceptIDs) > MostBulk {
		return nil, intake.Invalid("选中了%d件案件，一次至多办理%d件", len(acceptIDs), MostBulk)
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		rows = rows[:0]
		for _, id := range acceptIDs {
			r, err := caseRow(tx, id)
			if err != nil {
				return err
			}
			rows = append(rows, r)
		}
		return nil
	})
	return rows, err
}

// DidSince reports whether the asker has done this with the case since a time: a form that is sent twice does nothing
// the second time.
func (d *Cases) DidSince(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	kind intake.EventKind,
	detail string,
	since time.Time,
) (did bool, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		es, err := tx.CaseEvents(caseNo)
		for _, e := range es {
			did = did || e.Kind == kind && e.By == by.Actor() && e.Detail == detail && !e.At.Before(since)
		}
		return err
	})
	return did, err
}
