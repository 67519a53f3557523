package intake

import (
	"time"
)

// NameView (单户查看) is one view of the whole name of an entity, on the page of that entity, by an operator.
type NameView struct {
	OperatorID int64
	CaseNo     int64
	Pos        int // zero-based
	At         time.Time
}

// NameSum is how many views an operator has made in one case, in a span that is not yet in the audit.
type NameSum struct {
	OperatorID int64
	CaseNo     int64
	Began      time.Time // of the span, the same for all cases of the operator
	Views      int
}

// NameTx reads and writes views of single names within a transaction.
type NameTx interface {
	PutNameView(NameView) error                                      // replaces
	NameViews(operatorID int64, since time.Time) ([]NameView, error) // after since
	SweepNameViews(before time.Time) error                           // everybody's, to that instant
	// adds the views to the sum of the case where there is one
	AddNameSum(NameSum) error
	NameSums(operatorID int64) ([]NameSum, error) // in order of operator and case; 0: everybody's
	DeleteNameSums(operatorID int64) error
}
