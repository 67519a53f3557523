package intake

import (
	"time"
)

// Work (案件办理) is the state of the work of operators on a case, as its events have left it. The zero value is that of a
// case on which nobody has worked.
type Work struct {
	CaseNo    int64
	Checked   time.Time // 核对: when a person compared the case with the registry; zero: not
	Severe    int       // the number of severe findings at the check,
	Doubts    int       // and of findings and warnings together
	Published string    // 公示: the day, yyyy-MM-dd; "": not published

	SeenNo     int64     // the newest later case with a counterpart in this one at the check,
	SeenSevere int       // the number of severe counterparts up to it,
	SeenDoubts int       // and of severe ones and warnings together
	SeenWorse  time.Time // Verification.Worse at the check; zero: no verdict had become worse
}

// WorkTx reads and writes the work on cases within a transaction.
type WorkTx interface {
	PutWork(Work) error
	InsertCaseEvent(CaseEvent) error
	CaseEvents(caseNo int64) ([]CaseEvent, error) // in order
	LastCaseEvent(caseNo int64) (int64, error)    // its number; 0: there is none
	InsertReturn(Return) error                    // ErrExists
	Return(caseNo int64) (Return, error)
	WorklistTx
}
