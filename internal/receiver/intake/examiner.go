package intake

// Examiner proves that what is stored is what was accepted, and has what is derived from it made anew. Its methods are
// safe for concurrent use.
type Examiner struct{ desk *Desk }

// NewExaminer returns the examiner of a desk.
func NewExaminer(d *Desk) *Examiner { return &Examiner{d} }
