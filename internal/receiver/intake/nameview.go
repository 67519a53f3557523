package intake

import (
	"time"
)

// NameView (单户查看) is one entity of which an operator has seen the whole name on a page of its own.
type NameView struct {
	OperatorID int64
	CaseNo     int64
	Pos        int // zero-based
	At         time.Time
}

// NameSum is how many of them an operator has seen of a case, in a span that is not yet in the audit.
type NameSum struct {
	OperatorID int64
	CaseNo     int64
	Began      time.Time // of the span, the same for all cases of the operator
	Views      int
}

// NameTx is what a transaction does for names that are seen one by one.
type NameTx interface {
	PutNameView(NameView) error                                      // replaces
	NameViews(operatorID int64, since time.Time) ([]NameView, error) // after since
	SweepNameViews(before time.Time) error                           // everybody's, to that instant
	// its views are added where the case has a sum already
	AddNameSum(NameSum) error
	NameSums(operatorID int64) ([]NameSum, error) // in order of operator and case; 0: everybody's
	DeleteNameSums(operatorID int64) error
}
