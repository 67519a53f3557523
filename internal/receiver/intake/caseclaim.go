package intake

import "time"

// CaseClaim (认领) says that somebody works on a case. It stops nobody, and ends when the case is returned or every firm
// of it is decided on.
type CaseClaim struct {
	CaseNo int64
	By     Actor // "": nobody has claimed the case
	At     time.Time
}

// CaseOpening (打开) is the last time that somebody opened a case to work on it.
type CaseOpening CaseClaim

// CaseClaimTx reads and writes who works on which cases, within a transaction.
type CaseClaimTx interface {
	PutCaseClaim(CaseClaim) error       // replaces
	DeleteCaseClaim(caseNo int64) error // no error where there is none
	CountCaseClaims(by Actor, most int) (int, error)
	PutCaseOpening(CaseOpening) error // replaces
	CaseOpening(caseNo int64) (CaseOpening, error)
	// LastEventsBy lists what an actor did last, the newest first.
	LastEventsBy(by Actor, limit int) ([]CaseEvent, error)
}

// Decided reports whether nobody has to decide on a firm of the case any more.
func (r CaseRow) Decided() bool {
	return !r.Returned.IsZero() || r.Counted && !r.Verified.IsZero() && r.undecided() <= 0
}

// endClaims gives up the claims of cases on which all is decided.
func endClaims(tx Tx, rows []CaseRow) error {
	for _, r := range rows {
		if r.Claim.By == "" || !r.Decided() {
			continue
		}
		if err := tx.DeleteCaseClaim(r.No); err != nil {
			return err
		}
	}
	return nil
}
