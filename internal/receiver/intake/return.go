package intake

import (
	"time"
)

// Return (退回) is an operator's decision to give a case back to its sender.
type Return struct {
	CaseNo int64
	At     time.Time
	By     Actor
	Reason string
	Rows   RowNumbers // the rows of the list that the reason concerns
}
