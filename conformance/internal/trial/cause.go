package trial

// Checks on which many others build. They are tried first, and where one fails, what fails because of it is not tested:
// a report names a cause once.
const (
	CallsThere   = "2.1-01" // each call answers with JSON
	RefusalForm  = "2.3-01" // a refusal has codes
	BasicReceipt = "3.2-01" // a plain case is accepted
	BasicRepeat  = "S17-01" // and has its acceptid again
	BasicChange  = "S17-03" // and a changed one has not
	WideChange   = "S17-20" // nor one that is changed in several places
)

// Because ends the check without a result where the check of that ID has failed.
func (t *Trial) Because(id string) {
	if t.HasFailed(id) && id != t.Check.ID {
		t.UntestedBy(id, "因为 %s 未通过，无从判定", id)
	}
}

// broken is the check that names why an answer is none: nothing but JSON is expected of any.
func (a *Answer) broken() string {
	if a.Err == nil && a.Object || a.Sent.Path != "" {
		return ""
	}
	if a.t.Mute[a.Sent.Call] {
		return CallsThere
	}
	for _, mute := range a.t.Mute {
		if mute && a.Err == nil && a.Status != 200 {
			return CallsThere
		}
	}
	return RefusalForm
}

// Fault fails the check for a fault of the target that it builds on and no other check has named.
func (t *Trial) Fault(expected, came string) {
	if len(t.Steps) > 0 {
		s := t.Steps[len(t.Steps)-1]
		s.Expected, s.OK = expected, false
		s.Came += "：" + came
	}
	t.Fail("期望：" + expected + "。实际：" + came)
}
