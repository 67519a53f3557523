package conformance

// Checks on which many others build. They are tried first, and where one fails, what fails because of it is not tested:
// a report names a cause once.
const (
	callsThere   = "2.1-01" // each call answers with JSON
	refusalForm  = "2.3-01" // a refusal has codes
	basicReceipt = "3.2-01" // a plain case is accepted
	basicRepeat  = "S17-01" // and has its acceptid again
	basicChange  = "S17-03" // and a changed one has not
)

// because ends the check without a result where the check of that ID has failed.
func (t *trial) because(id string) {
	if _, failed := t.failed[id]; failed && id != t.check.ID {
		t.untested("因为 %s 未通过，无从判定", id)
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

// idempotent ends the check where the target does not give a case that is sent again its acceptid, which many checks
// build on. One lost case is not that: three are tried.
func (t *trial) idempotent() {
	if !t.known("repeats", func() bool {
		for range 3 {
			c := t.newCase()
			if first, again := t.send(c).acceptID(), t.send(c).acceptID(); first != "" && first == again {
				return true
			}
		}
		return false
	}) {
		t.because(basicReceipt)
		t.untested("须以相同内容的案件得到同一受理号为前提，见 S17-01")
	}
}

// comparing ends the check where the target does not compare contents at all, so that each comparison would fail.
func (t *trial) comparing() {
	t.idempotent()
	if !t.known("compares", func() bool {
		c := t.newCase()
		first := t.send(c).acceptID()
		for _, name := range caseMembers[1:5] {
			c = c.with(name, "联调测试：全部改写")
		}
		return t.send(c.with("penaltylist", items(t.seed()+500, 3))).acceptID() != first
	}) {
		t.untested("接收方不比较同一编号的内容，见 %s", basicChange)
	}
}

// blind reports whether the target takes a case with another value of this member for the same case: S17-13 and S17-14
// name it, and checks of that value in particular say nothing more.
func (t *trial) blind(name string) bool {
	t.comparing()
	if t.unseen == nil {
		t.unseen = make(map[string]bool)
		c := t.newCase()
		first := t.accept(c)
		for _, n := range textMembers {
			t.unseen[n] = t.send(c.with(n, "改变了的-"+n)).acceptID() == first.acceptID()
		}
	}
	return t.unseen[name]
}
