package store

import "diaoxiao/internal/receiver/intake"

// gapTx reads and writes gaps in the case numbers.
type gapTx struct{ *handle }

func (t gapTx) InsertGap(g intake.Gap) error {
	_, err := t.change("INSERT INTO gap (from_no, to_no, at_ms, why) VALUES ($1, $2, $3, $4)", g.From, g.To, ms(g.At), g.Why)
	if err == nil {
		t.group.lastNo = g.To
	}
	return exists(err)
}

func (t gapTx) Gaps() ([]intake.Gap, error) {
	return list(t, func(scan func(...any) error) (g intake.Gap, err error) {
		var at int64
		err = scan(&g.From, &g.To, &at, &g.Why)
		g.At = fromMS(at)
		return g, err
	}, "SELECT from_no, to_no, at_ms, why FROM gap ORDER BY from_no")
}
