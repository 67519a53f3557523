// Package verify derives rows, search keys and findings from the bodies of accepted cases, and proves that the stored
// data is the data that was accepted and the data that follows from it.
package verify

import (
	"diaoxiao/internal/receiver/intake"
)

// Examiner proves that the stored cases are those that were accepted, and has their derived data made again. Its
// methods are safe for concurrent use.
type Examiner struct{ desk *intake.Desk }

// NewExaminer returns the examiner of a desk.
func NewExaminer(d *intake.Desk) *Examiner { return &Examiner{d} }
