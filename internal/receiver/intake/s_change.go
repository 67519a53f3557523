package intake

import "time"

// askChange has the account wait for the approval of a change.
func askChange(o *Operator, k ChangeKind, by By, now time.Time) {
	o.Waits = Change{Kind: k, At: now, By: by.actor()}
	if k.Suspends() {
		o.Renewed = o.Waits
	}
}

// voidChange drops what the account waits for and returns the facts of that for the audit.
func voidChange(o *Operator) (facts Facts) {
	if o.Waits.Kind != "" {
		facts = Facts{kindFact(FactVoids, o.Waits.Kind)}
	}
	o.Waits = Change{}
	return facts
}
