package intake

import (
	"context"
	"iter"
	"time"
)

// AuditQuery selects entries of the audit. Zero fields do not select.
type AuditQuery struct {
	From, To time.Time // To not included
	Actor    Actor
	Actions  []Action // any of them
	Target   string
	// Before and After are entry numbers, to turn pages with: the newest before Before, or the oldest after After.
	// Either comes newest first.
	Before, After int64
	Limit         int // 0: 1000
}

// SearchAudit lists the entries that a query selects, newest first.
func (d *Desk) SearchAudit(ctx context.Context, by By, q AuditQuery) (es []AuditEntry, err error) {
	err = d.look(ctx, by, LookAudit, func(tx Tx) error {
		es, err = tx.SearchAudit(q)
		return err
	})
	return es, err
}

// EachAudit is SearchAudit for all that a query selects, however many; Before and Limit do not count. It reads a page
// at a time, so it holds nothing up. After an error it ends.
func (d *Desk) EachAudit(ctx context.Context, by By, q AuditQuery) iter.Seq2[AuditEntry, error] {
	q.Before, q.After, q.Limit = 0, 0, 1000
	return pages(func() (es []AuditEntry, err error) {
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
