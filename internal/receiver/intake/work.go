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
	Asked     time.Time // 申请退回: since when a return waits for the second person; zero: none does
	AskedBy   Actor
	Reason    string     // why the return is asked for,
	Rows      RowNumbers // and the rows of the list that the reason concerns

	SeenNo     int64     // the newest later case with a counterpart in this one at the check,
	SeenSevere int       // the number of severe counterparts up to it,
	SeenDoubts int       // and of severe ones and warnings together
	SeenWorse  time.Time // Verification.Worse at the check; zero: no verdict had become worse
	Publish    PublishRequest
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

// Forget drops the request for a return.
func (w *Work) Forget() { w.Asked, w.AskedBy, w.Reason, w.Rows = time.Time{}, "", "", "" }
