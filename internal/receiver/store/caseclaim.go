package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// caseClaimTx reads and writes who works on which cases.
type caseClaimTx struct{ *handle }

func (t caseClaimTx) PutCaseClaim(c intake.CaseClaim) error {
	_, err := t.change(`INSERT INTO case_claim (case_no, claimed_by, claimed_ms) VALUES ($1, $2, $3)
		ON CONFLICT (case_no) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_ms = excluded.claimed_ms`,
		c.CaseNo, string(c.By), ms(c.At))
	return err
}

func (t caseClaimTx) DeleteCaseClaim(caseNo int64) error {
	_, err := t.change("DELETE FROM case_claim WHERE case_no = $1", caseNo)
	return err
}

func (t caseClaimTx) CountCaseClaims(by intake.Actor, most int) (n int, err error) {
	err = t.Row([]any{&n}, "SELECT COUNT(*) FROM (SELECT case_no FROM case_claim WHERE claimed_by = $1 LIMIT $2) AS n",
		string(by), most)
	return n, err
}

func (t caseClaimTx) PutCaseOpening(o intake.CaseOpening) error {
	_, err := t.change(`INSERT INTO case_opening (case_no, opened_by, opened_ms) VALUES ($1, $2, $3)
		ON CONFLICT (case_no) DO UPDATE SET opened_by = excluded.opened_by, opened_ms = excluded.opened_ms`,
		o.CaseNo, string(o.By), ms(o.At))
	return err
}

func (t caseClaimTx) CaseOpening(caseNo int64) (intake.CaseOpening, error) {
	return one(t, func(scan func(...any) error) (o intake.CaseOpening, err error) {
		var at int64
		err = scan(&o.CaseNo, &o.By, &at)
		o.At = engine.FromMS(at)
		return o, err
	}, "SELECT case_no, opened_by, opened_ms FROM case_opening WHERE case_no = $1", caseNo)
}

func (t caseClaimTx) LastEventsBy(by intake.Actor, limit int) ([]intake.CaseEvent, error) {
	return engine.List(t, scanEvent, eventColumns+"WHERE actor = $1 ORDER BY event_no DESC LIMIT $2", string(by), limit)
}
