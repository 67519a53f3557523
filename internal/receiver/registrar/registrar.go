// Package registrar is the use cases of the market-entity register (主体库): its import, its state, and the search in it.
package registrar

import "diaoxiao/internal/receiver/intake"

// Registrar is every use case of the register. Its methods are safe for concurrent use.
type Registrar struct{ desk *intake.Desk }

// New returns the use cases of the register over a desk.
func New(d *intake.Desk) *Registrar { return &Registrar{d} }
