package staff

import (
	"diaoxiao/internal/receiver/intake"
)

import "time"

// askChange makes the account wait for the approval of a change.
func askChange(o *intake.Operator, k intake.ChangeKind, by intake.By, now time.Time) {
	o.Waits = intake.Change{Kind: k, At: now, By: by.Actor()}
	if k.Suspends() {
		o.Renewed = o.Waits
	}
}

// voidChange drops the change for which the account waits, and returns the facts of that for the audit.
func voidChange(o *intake.Operator) (facts intake.Facts) {
	if o.Waits.Kind != "" {
		facts = intake.Facts{intake.KindFact(intake.FactVoids, o.Waits.Kind)}
	}
	o.Waits = intake.Change{}
	return facts
}
