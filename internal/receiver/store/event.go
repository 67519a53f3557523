package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// eventTx reads and writes case events.
type eventTx struct{ *handle }

func (t eventTx) InsertCaseEvent(e intake.CaseEvent) error {
	_, err := t.change("INSERT INTO case_event (case_no, at_ms, actor, kind, detail, row_nos, proposal_no) "+
		"VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.CaseNo, ms(e.At), e.By, e.Kind, e.Detail, string(e.Rows), e.ProposalNo)
	return err
}

func (t eventTx) CaseEvents(caseNo int64) ([]intake.CaseEvent, error) {
	return engine.List(t, scanEvent, eventColumns+"WHERE case_no = $1 ORDER BY event_no", caseNo)
}

const eventColumns = "SELECT event_no, case_no, at_ms, actor, kind, detail, row_nos, proposal_no FROM case_event "

func scanEvent(scan func(...any) error) (e intake.CaseEvent, err error) {
	var at int64
	err = scan(&e.No, &e.CaseNo, &at, &e.By, &e.Kind, &e.Detail, &e.Rows, &e.ProposalNo)
	e.At = engine.FromMS(at)
	return e, err
}

func (t eventTx) LastCaseEvent(caseNo int64) (int64, error) {
	return engine.Value[int64](t, "SELECT COALESCE(MAX(event_no), 0) FROM case_event WHERE case_no = $1", caseNo)
}
