package conformance

import "diaoxiao/api"

// idempotent ends the check where the target does not give a case that is sent again its acceptid, which many checks
// build on. One lost case is not that: three are tried.
func idempotent(t *trial) {
	if !t.known("repeats", func() bool {
		for range 3 {
			c := t.newCase()
			if first, again := t.send(c).acceptID(), t.send(c).acceptID(); first != "" && first == again {
				return true
			}
		}
		return false
	}) {
		for _, named := range []string{callsThere, basicReceipt, basicRepeat} {
			t.because(named)
		}
		t.fault("相同内容再次报送，得原受理号", "三件案件各报两次，没有一件得到原受理号")
	}
}

// comparing ends the check where the target does not compare contents at all, so that each comparison would fail. Where
// no check has named that, this one does: a target is never certified for want of a comparison.
func comparing(t *trial) {
	idempotent(t)
	if !t.known("compares", func() bool {
		c := t.newCase()
		first := t.send(c).acceptID()
		for _, name := range caseMembers()[1:5] {
			c = c.with(name, "联调测试：全部改写")
		}
		return t.send(c.with("penaltylist", items(t.seed()+500, 3))).acceptID() != first
	}) {
		t.because(basicChange)
		t.because(wideChange)
		t.fault("内容全部改写，不得应答原受理号", "接收方不比较同一编号的内容，改变被当作重复，没有保存")
	}
}

// blind reports whether the target takes a case with another value of this member for the same case: S17-13 and S17-14
// name it, and checks of that value in particular say nothing more.
func blind(t *trial, name string) bool { return blindness(t)[name] != nil }

// blindness are the answers that took a changed member for the one before.
func blindness(t *trial) map[string]*answer {
	comparing(t)
	if t.unseen == nil {
		t.unseen = make(map[string]*answer)
		c := t.newCase()
		first := t.accept(c)
		for _, n := range textMembers {
			if a := t.send(c.with(n, "改变了的-"+n)); a.acceptID() == first.acceptID() {
				t.unseen[n] = a.after(first)
			}
		}
	}
	return t.unseen
}

// seen fails the check where the target was found blind to one of the members: what was skipped for it must be named.
func seen(t *trial, members []string) {
	for _, n := range members {
		if a := blindness(t)[n]; a != nil {
			t.shown(a).expect("改变的是 "+n+"：不得受理", false)
		}
	}
}

// alive and dead demand that a token is, or is not, good for a case. The case is empty, so nothing is left of it.
func alive(t *trial, token string) *answer {
	a := t.sendAs(token, "{}")
	return a.expect("令牌有效：不答 13000", a.object && !a.has(api.InvalidToken))
}

func dead(t *trial, token string) *answer { return t.sendAs(token, "{}").refused(api.InvalidToken) }
