package conformance

// Checks on which many others build. They are tried first, and where one fails, what fails because of it is not tested:
// a report names a cause once.
const (
	callsThere   = "2.1-01" // each call answers with JSON
	refusalForm  = "2.3-01" // a refusal has codes
	basicReceipt = "3.2-01" // a plain case is accepted
	basicRepeat  = "S17-01" // and has its acceptid again
	basicChange  = "S17-03" // and a changed one has not
	wideChange   = "S17-20" // nor one that is changed in several places
)

// because ends the check without a result where the check of that ID has failed.
func (t *trial) because(id string) {
	if t.hasFailed(id) && id != t.check.ID {
		t.untestedBy(id, "因为 %s 未通过，无从判定", id)
	}
}

// broken is the check that names why an answer is none: nothing but JSON is expected of any.
func (a *answer) broken() string {
	if a.err == nil && a.object || a.sent.path != "" {
		return ""
	}
	if a.t.mute[a.sent.call] {
		return callsThere
	}
	for _, mute := range a.t.mute {
		if mute && a.err == nil && a.status != 200 {
			return callsThere
		}
	}
	return refusalForm
}

// fault fails the check for a fault of the target that it builds on and no other check has named.
func (t *trial) fault(expected, came string) {
	if len(t.steps) > 0 {
		s := t.steps[len(t.steps)-1]
		s.Expected, s.OK = expected, false
		s.Came += "：" + came
	}
	t.fail("期望：" + expected + "。实际：" + came)
}
