package intake

// Cases is every use case of those who look at cases and work on them. Its methods are safe for concurrent use.
type Cases struct{ desk *Desk }

// NewCases returns the use cases of cases over a desk.
func NewCases(d *Desk) *Cases { return &Cases{d} }
