package intake

import (
	"time"
)

// AuditQuery selects entries of the audit. Zero fields do not select.
type AuditQuery struct {
	From, To time.Time // To not included
	Actor    Actor
	Actions  []Action // any of them
	Target   string
	// Before and After are entry numbers, to turn pages with: the newest before Before, or the oldest after After.
	// Either comes newest first.
	Before, After int64
	Limit         int // 0: 1000
}
