package intake

import (
	"time"
)

// Work (案件办理) is where the work of operators on a case stands, as its events have left it. The zero value is that of a
// case nobody has touched.
type Work struct {
	CaseNo    int64
	Checked   time.Time // 核对: when a person compared the case with the registry; zero: not
	Severe    int       // severe findings there were at the check,
	Doubts    int       // and warnings with them
	Published string    // 公示: the day, yyyy-MM-dd; "": not published
	Asked     time.Time // 申请退回: since when a return waits for the second person; zero: none does
	AskedBy   Actor
	Reason    string     // why the return is asked for,
	Rows      RowNumbers // and the rows of the list that this is about

	SeenNo     int64 // the newest case that said something of this one at the check,
	SeenSevere int   // how much severe was said up to it,
	SeenDoubts int   // and warnings with it
	Publish    PublishRequest
}

// WorkTx is the work on cases within a transaction.
type WorkTx interface {
	PutWork(Work) error
	InsertCaseEvent(CaseEvent) error
	CaseEvents(caseNo int64) ([]CaseEvent, error) // in order
	InsertReturn(Return) error                    // ErrExists
	Return(caseNo int64) (Return, error)
	WorklistTx
}

// Forget settles a return that was asked for.
func (w *Work) Forget() { w.Asked, w.AskedBy, w.Reason, w.Rows = time.Time{}, "", "", "" }
