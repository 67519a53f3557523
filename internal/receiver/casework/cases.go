// Package casework is the use cases of those who look at cases and work on them: search, case file, check, publication,
// return, and the views of names. Each step is one transaction with one event and one audit entry.
package casework

import (
	"diaoxiao/internal/receiver/intake"
)

// Cases is every use case of those who look at cases and work on them. Its methods are safe for concurrent use.
type Cases struct {
	desk  *intake.Desk
	codes *codeShelf
	shelf *countShelf
}

// New returns the use cases of cases over a desk.
func New(d *intake.Desk) *Cases {
	return &Cases{d, &codeShelf{}, &countShelf{all: make(map[int64]caseCounts)}}
}
