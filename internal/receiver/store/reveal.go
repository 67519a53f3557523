package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// revealTx reads and writes names that are shown.
type revealTx struct{ *handle }

func (t revealTx) PutReveal(token intake.TokenHash, caseNo int64, until time.Time) error {
	_, err := t.change(`INSERT INTO reveal (token_hash, case_no, until_ms) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash, case_no) DO UPDATE SET until_ms = excluded.until_ms`, token[:], caseNo, ms(until))
	return err
}

func (t revealTx) RevealedUntil(token intake.TokenHash, caseNo int64) (time.Time, error) {
	return one(t, func(scan func(...any) error) (time.Time, error) {
		var until int64
		err := scan(&until)
		return engine.FromMS(until), err
	}, "SELECT until_ms FROM reveal WHERE token_hash = $1 AND case_no = $2", token[:], caseNo)
}
