package intake

// Calls reads the log of calls. Its methods are safe for concurrent use.
type Calls struct{ desk *Desk }

// NewCalls returns what reads the log of calls of a desk.
func NewCalls(d *Desk) *Calls { return &Calls{d} }
