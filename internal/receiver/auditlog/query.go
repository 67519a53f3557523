package auditlog

import (
	"context"
	"iter"

	"diaoxiao/internal/receiver/intake"
)

// SearchAudit lists the entries that a query selects, newest first.
func (d *Audit) SearchAudit(
	ctx context.Context,
	by intake.By,
	q intake.AuditQuery,
) (es []intake.AuditEntry, err error) {
	err = d.desk.Look(ctx, by, intake.LookAudit, func(tx intake.Tx) error {
		es, err = tx.SearchAudit(q)
		return err
	})
	return es, err
}

// EachAudit is SearchAudit for all that a query selects, however many; Before and Limit do not count. It reads a page
// at a time, so it holds nothing up. After an error it ends.
func (d *Audit) EachAudit(ctx context.Context, by intake.By, q intake.AuditQuery) iter.Seq2[intake.AuditEntry, error] {
	q.Before, q.After, q.Limit = 0, 0, 1000
	return pages(func() (es []intake.AuditEntry, err error) {
		if es, err = d.SearchAudit(ctx, by, q); len(es) > 0 {
			q.Before = es[len(es)-1].No
		}
		return es, err
	})
}

// pages yields what next returns until that is nothing.
func pages[T any](next func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			vs, err := next()
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if len(vs) == 0 {
				return
			}
			for _, v := range vs {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}
