// Package calllog keeps the log of calls for those who help senders: it writes calls in the background, bounds the log,
// and searches it. A crash may lose calls; what must not be lost is in the attempts of package intake.
package calllog

import (
	"diaoxiao/internal/receiver/intake"
)

// Calls reads the log of calls. Its methods are safe for concurrent use.
type Calls struct{ desk *intake.Desk }

// NewCalls returns what reads the log of calls of a desk.
func NewCalls(d *intake.Desk) *Calls { return &Calls{d} }
