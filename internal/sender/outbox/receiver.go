package outbox

import (
	"context"
	"database/sql"
	"errors"
)

var background = context.Background()

// Receiver is one receiver of an outbox and how many current cases there are for it.
type Receiver struct {
	Target
	Cases int
	Open  int // of them: without an outcome
	Never int // of Open: certainly never sent
}

// Receivers lists the receivers that have current cases, in the order in which the first case for each was recorded.
func (b *Outbox) Receivers() (all []Receiver, err error) {
	rows, err := b.db.Query(
		`SELECT t.url, t.app_key, COUNT(*), SUM(e.state IN (1, 2, 5)), SUM(e.state = 1 AND NOT e.doubt)
		FROM entry e JOIN target t ON t.id = e.target WHERE e.superseded = 0 GROUP BY t.id ORDER BY t.id`,
	)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Receiver
		if err := rows.Scan(&r.URL, &r.AppKey, &r.Cases, &r.Open, &r.Never); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// Others lists the receivers of the outbox besides t.
func (b *Outbox) Others(t Target) (others []Receiver, err error) {
	if t, err = b.live(t); err != nil {
		return nil, err
	}
	all, err := b.Receivers()
	for _, r := range all {
		if r.Target != t {
			others = append(others, r)
		}
	}
	return others, err
}

// live is the receiver that t was declared to be; t itself where it was not.
func (b *Outbox) live(t Target) (Target, error) {
	if t == (Target{}) {
		return t, nil
	}
	t = t.Canonical()
	if b.schema < withFolds {
		return t, nil
	}
	err := b.db.QueryRow(
		"SELECT n.url FROM target o JOIN target n ON n.id = o.same_as WHERE o.url = ? AND o.app_key = ?",
		t.URL,
		t.AppKey,
	).Scan(&t.URL)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return t, err
}
