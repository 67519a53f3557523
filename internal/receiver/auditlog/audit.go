// Package auditlog reads the audit and proves that its chain holds. Package intake writes the audit, in the transaction
// of each change.
package auditlog

import (
	"diaoxiao/internal/receiver/intake"
)

// Audit reads the audit and proves that it holds. Its methods are safe for concurrent use.
type Audit struct{ desk *intake.Desk }

// New returns what reads the audit of a desk.
func New(d *intake.Desk) *Audit { return &Audit{d} }
