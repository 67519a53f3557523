package checks

import (
	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// idempotent ends the check where the target does not give a case that is sent again its acceptid, which many checks
// build on. One lost case is not that: three are tried.
func idempotent(t *trial.Trial) {
	if !t.Known("repeats", func() bool {
		for range 3 {
			c := t.NewCase()
			if first, again := t.Send(c).AcceptID(), t.Send(c).AcceptID(); first != "" && first == again {
				return true
			}
		}
		return false
	}) {
		for _, named := range []string{trial.CallsThere, trial.BasicReceipt, trial.BasicRepeat} {
			t.Because(named)
		}
		t.Fault("相同内容再次报送，得原受理号", "三件案件各报两次，没有一件得到原受理号")
	}
}

// comparing ends the check where the target does not compare contents at all, so that each comparison would fail. Where
// no check has named that, this one does: a target is never certified for want of a comparison.
func comparing(t *trial.Trial) {
	idempotent(t)
	if !t.Known("compares", func() bool {
		c := t.NewCase()
		first := t.Send(c).AcceptID()
		for _, name := range sample.CaseMembers()[1:5] {
			c = c.With(name, "联调测试：全部改写")
		}
		return t.Send(c.With("penaltylist", sample.Items(t.Seed()+500, 3))).AcceptID() != first
	}) {
		t.Because(trial.BasicChange)
		t.Because(trial.WideChange)
		t.Fault("内容全部改写，不得应答原受理号", "接收方不比较同一编号的内容，改变被当作重复，没有保存")
	}
}

// blind reports whether the target takes a case with another value of this member for the same case: S17-13 and S17-14
// name it, and checks of that value in particular say nothing more.
func blind(t *trial.Trial, name string) bool { return blindness(t)[name] != nil }

// blindness are the answers that took a changed member for the one before.
func blindness(t *trial.Trial) map[string]*trial.Answer {
	comparing(t)
	if t.Unseen == nil {
		t.Unseen = make(map[string]*trial.Answer)
		c := t.NewCase()
		first := t.Accept(c)
		for _, n := range textMembers {
			if a := t.Send(c.With(n, "改变了的-"+n)); a.AcceptID() == first.AcceptID() {
				t.Unseen[n] = a.After(first)
			}
		}
	}
	return t.Unseen
}

// seen fails the check where the target was found blind to one of the members: what was skipped for it must be named.
func seen(t *trial.Trial, members []string) {
	for _, n := range members {
		if a := blindness(t)[n]; a != nil {
			t.Shown(a).Expect("改变的是 "+n+"：不得受理", false)
		}
	}
}

// alive and dead demand that a token is, or is not, good for a case. The case is empty, so nothing is left of it.
func alive(t *trial.Trial, token string) *trial.Answer {
	a := t.SendAs(token, "{}")
	return a.Expect("令牌有效：不答 13000", a.Object && !a.Has(api.InvalidToken))
}

func dead(t *trial.Trial, token string) *trial.Answer {
	return t.SendAs(token, "{}").Refused(api.InvalidToken)
}
