package intake

import (
	"time"
)

// AuditQuery selects entries of the audit. Zero fields do not select.
type AuditQuery struct {
	From, To time.Time // To not included
	Actors   []Actor   // any of them, or of Shell
	Shell    string    // the name of a user of the command line, however they signed in at the machine
	Actions  []Action  // any of them
	Targets  []string  // any of them
	// Before and After are entry numbers that turn pages: the newest entries before Before, or the oldest after After.
	// The newest entry comes first either way.
	Before, After int64
	Limit         int // 0: 1000
}
