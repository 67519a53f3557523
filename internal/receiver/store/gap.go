package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// gapTx reads and writes gaps in the case numbers.
type gapTx struct{ *handle }

func (t gapTx) InsertGap(g intake.Gap) error {
	_, err := t.change("INSERT INTO gap (from_no, to_no, at_ms, why) VALUES ($1, $2, $3, $4)", g.From, g.To, ms(g.At),
		g.Why)
	if err == nil {
		t.group.lastNo = g.To
	}
	return t.exists(err)
}

func (t gapTx) Gaps() ([]intake.Gap, error) {
	return engine.List(t, func(scan func(...any) error) (g intake.Gap, err error) {
		var at int64
		err = scan(&g.From, &g.To, &at, &g.Why)
		g.At = engine.FromMS(at)
		return g, err
	}, "SELECT from_no, to_no, at_ms, why FROM gap ORDER BY from_no")
}

// Acknowledge implements intake.Tx.
func (t gapTx) Acknowledge() error {
	if err := t.writing(); err != nil {
		return err
	}
	return t.Conn.Acknowledge()
}
