// Package verify derives rows, search keys and findings from the bodies of accepted cases, and proves that everything
// stored is what was accepted and what follows from it.
package verify

import (
	"diaoxiao/internal/receiver/intake"
)

// Examiner proves that what is stored is what was accepted, and has what is derived from it made anew. Its methods are
// safe for concurrent use.
type Examiner struct{ desk *intake.Desk }

// NewExaminer returns the examiner of a desk.
func NewExaminer(d *intake.Desk) *Examiner { return &Examiner{d} }
