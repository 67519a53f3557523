package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// accessTx reads and writes devices, wrong passwords and views of names.
type accessTx struct{ *handle }

const deviceColumns = "SELECT token_hash, operator_id, created_ms, seen_ms, agent FROM device "

func scanDevice(scan func(...any) error) (d intake.Device, err error) {
	var token []byte
	var created, seen int64
	err = scan(&token, &d.OperatorID, &created, &seen, &d.Agent)
	copy(d.Token[:], token)
	d.Created, d.Seen = engine.FromMS(created), engine.FromMS(seen)
	return d, err
}

func (t accessTx) PutDevice(d intake.Device) error {
	_, err := t.change(`INSERT INTO device (token_hash, operator_id, created_ms, seen_ms, agent)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token_hash, operator_id) DO UPDATE SET seen_ms = excluded.seen_ms, agent = excluded.agent`,
		d.Token[:], d.OperatorID, ms(d.Created), ms(d.Seen), d.Agent)
	return err
}

func (t accessTx) DevicesOfToken(token intake.TokenHash) ([]intake.Device, error) {
	return engine.List(t, scanDevice, deviceColumns+"WHERE token_hash = $1 ORDER BY operator_id", token[:])
}

func (t accessTx) Devices(operatorID int64) ([]intake.Device, error) {
	return engine.List(t, scanDevice, deviceColumns+"WHERE operator_id = $1 ORDER BY seen_ms DESC, token_hash",
		operatorID)
}

func (t accessTx) ForgetDevice(token intake.TokenHash, operatorID int64) error {
	_, err := t.change("DELETE FROM device WHERE token_hash = $1 AND operator_id = $2", token[:], operatorID)
	return err
}

func (t accessTx) ForgetDevices(operatorID int64) error {
	_, err := t.change("DELETE FROM device WHERE operator_id = $1", operatorID)
	return err
}

func (t accessTx) SweepDevices(before time.Time) error {
	_, err := t.change("DELETE FROM device WHERE seen_ms < $1", ms(before))
	return err
}

const guessColumns = "SELECT operator_id, place, failures, locked_ms, at_ms FROM guess "

func scanGuess(scan func(...any) error) (g intake.Guess, err error) {
	var locked, at int64
	err = scan(&g.OperatorID, &g.Place, &g.Failures, &locked, &at)
	g.Locked, g.At = engine.FromMS(locked), engine.FromMS(at)
	return g, err
}

func (t accessTx) PutGuess(g intake.Guess) error {
	_, err := t.change(`INSERT INTO guess (operator_id, place, failures, locked_ms, at_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (operator_id, place) DO UPDATE SET failures = excluded.failures, locked_ms = excluded.locked_ms,
			at_ms = excluded.at_ms`,
		g.OperatorID, g.Place, g.Failures, ms(g.Locked), ms(g.At))
	return err
}

func (t accessTx) Guess(operatorID int64, place string) (intake.Guess, error) {
	return one(t, scanGuess, guessColumns+"WHERE operator_id = $1 AND place = $2", operatorID, place)
}

func (t accessTx) Guesses(operatorID int64) ([]intake.Guess, error) {
	return engine.List(t, scanGuess, guessColumns+"WHERE CAST($1 AS BIGINT) = 0 OR operator_id = $2 "+
		"ORDER BY operator_id, at_ms DESC, place LIMIT 1000",
		operatorID, operatorID)
}

func (t accessTx) DeleteGuess(operatorID int64, place string) error {
	_, err := t.change("DELETE FROM guess WHERE operator_id = $1 AND place = $2", operatorID, place)
	return err
}

func (t accessTx) DeleteGuesses(operatorID int64) error {
	_, err := t.change("DELETE FROM guess WHERE operator_id = $1", operatorID)
	return err
}

func (t accessTx) SweepGuesses(before time.Time) error {
	_, err := t.change("DELETE FROM guess WHERE at_ms < $1 AND locked_ms < $2", ms(before), ms(before))
	return err
}

func (t accessTx) PutNameView(v intake.NameView) error {
	_, err := t.change(`INSERT INTO name_view (operator_id, case_no, pos, at_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (operator_id, case_no, pos) DO UPDATE SET at_ms =
			excluded.at_ms`, v.OperatorID, v.CaseNo, v.Pos, ms(v.At))
	return err
}

func (t accessTx) NameViews(operatorID int64, since time.Time) ([]intake.NameView, error) {
	return engine.List(t, func(scan func(...any) error) (v intake.NameView, err error) {
		var at int64
		err = scan(&v.OperatorID, &v.CaseNo, &v.Pos, &at)
		v.At = engine.FromMS(at)
		return v, err
	}, "SELECT operator_id, case_no, pos, at_ms FROM name_view WHERE operator_id = $1 AND at_ms > $2 "+
		"ORDER BY at_ms, case_no, pos",
		operatorID, ms(since))
}

func (t accessTx) SweepNameViews(before time.Time) error {
	_, err := t.change("DELETE FROM name_view WHERE at_ms <= $1", ms(before))
	return err
}

func (t accessTx) AddNameSum(s intake.NameSum) error {
	_, err := t.change(`INSERT INTO name_sum (operator_id, case_no, began_ms, views) VALUES ($1, $2, $3, $4)
		ON CONFLICT (operator_id, case_no) DO UPDATE SET views = name_sum.views +
			excluded.views`, s.OperatorID, s.CaseNo, ms(s.Began), s.Views)
	return err
}

func (t accessTx) NameSums(operatorID int64) ([]intake.NameSum, error) {
	return engine.List(t, func(scan func(...any) error) (s intake.NameSum, err error) {
		var began int64
		err = scan(&s.OperatorID, &s.CaseNo, &began, &s.Views)
		s.Began = engine.FromMS(began)
		return s, err
	}, `SELECT operator_id, case_no, began_ms, views FROM name_sum WHERE CAST($1 AS BIGINT) = 0 OR operator_id = $2
		ORDER BY operator_id, case_no`, operatorID, operatorID)
}

func (t accessTx) DeleteNameSums(operatorID int64) error {
	_, err := t.change("DELETE FROM name_sum WHERE operator_id = $1", operatorID)
	return err
}
