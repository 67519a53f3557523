package intake

// Audit reads the audit and proves that it holds. Its methods are safe for concurrent use.
type Audit struct{ desk *Desk }

// NewAudit returns what reads the audit of a desk.
func NewAudit(d *Desk) *Audit { return &Audit{d} }
