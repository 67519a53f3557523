package intake

import (
	"time"
)

// RevealTx reads and writes the permissions of visits to see whole names, within a transaction.
type RevealTx interface {
	// PutReveal lets a visit see the names of a case until a time. A later call replaces an earlier one.
	PutReveal(token TokenHash, caseNo int64, until time.Time) error
	// RevealedUntil returns the end of the permission, or ErrNotFound.
	RevealedUntil(token TokenHash, caseNo int64) (time.Time, error)
}
