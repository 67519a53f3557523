package intake

import (
	"time"
)

// RevealTx is who may see whole names, within a transaction.
type RevealTx interface {
	// PutReveal lets a visit see those of a case until then; putting it again replaces it.
	PutReveal(token TokenHash, caseNo int64, until time.Time) error
	// RevealedUntil returns until when, or ErrNotFound.
	RevealedUntil(token TokenHash, caseNo int64) (time.Time, error)
}
