package conformance

import (
	"slices"
	"strings"
	"sync"
	"time"

	"diaoxiao/api"
)

// repeatChecks are those of S17: the same case sent again.
func repeatChecks() []Check {
	return []Check{
		must("S17-01", "相同内容再次报送：SUCCESS，受理号不变", func(t *trial) {
			c := t.newCase()
			id := t.send(c).accepted()
			t.send(c).acceptedAs(id)
			t.send(c).acceptedAs(id)
		}),
		must("S17-02", "内容相同而成员次序、空白不同：受理号不变", func(t *trial) {
			t.repeats()
			c := t.newCase()
			id := t.send(c).accepted()
			t.send(c.reversed()).acceptedAs(id)
			t.send(spacedOut(c)).acceptedAs(id)
		}),
		must("S17-03", "同一编号而内容不同：不得受理，不得悄悄改变", func(t *trial) {
			c := t.newCase()
			t.send(c).accepted()
			t.send(c.with("penalty", "罚款")).refused()
			t.send(c.with("uniscid", creditCode(t.seed()+77))).refused()
			t.send(c.with("penaltylist", items(t.seed(), 2))).refused()
		}),
		must("S17-04", "内容不同的报送被拒绝以后，原案件不变：原内容仍得原受理号", func(t *trial) {
			t.repeats()
			c := t.newCase()
			id := t.send(c).accepted()
			t.send(c.with("legal", "另一人"))
			t.send(c).acceptedAs(id)
		}),
		should("S17-05", "内容不同：说明中给出原受理号", func(t *trial) {
			c := t.newCase()
			id := t.send(c).accepted()
			a := t.send(c.with("penalty", "罚款")).refused()
			a.also("message 中有 "+id, slices.ContainsFunc(a.errors, func(e entry) bool { return strings.Contains(e.text("message"), id) }))
		}),
		must("S17-06", "被拒绝的报送不算：改正后以同一编号报送，得以受理", func(t *trial) {
			c := t.newCase()
			t.send(c.without("penalty")).refused(api.EmptyPenalty)
			t.send(c).accepted()
		}),
		must("S17-07", "同时报送相同内容 8 次，只有一个受理号", func(t *trial) {
			t.repeats()
			t.atOnce(t.newCase(), 8)
		}),
		must("S17-08", "案件编号区分大小写和空白，各是各的案件", func(t *trial) {
			c := t.newCase()
			var ids []string
			for _, id := range []string{t.caseID() + "a", t.caseID() + "A", t.caseID() + "a "} {
				a := t.send(c.with("caseid", id))
				got := a.accepted()
				a.also("受理号与前面的不同", !slices.Contains(ids, got))
				ids = append(ids, got)
			}
		}),
		should("S17-09", "清单的次序是内容的一部分", func(t *trial) {
			c, one, two := t.newCase(), entity(t.seed()+1), entity(t.seed()+2)
			t.send(c.with("penaltylist", []object{one, two})).accepted()
			t.send(c.with("penaltylist", []object{two, one})).refused()
		}),
		should("S17-10", "未知成员不影响内容是否相同", func(t *trial) {
			t.repeats()
			c := t.newCase()
			id := t.send(c).accepted()
			t.send(c.with("remark", "第二次")).acceptedAs(id)
		}),
		must("S17-11", "同一应用的另一账户报送相同内容：受理号不变", func(t *trial) {
			t.repeats()
			if t.Colleague == "" {
				t.untested("须有同一应用的另一账户，用 --colleague 给出")
			}
			c := t.newCase()
			id := t.send(c).accepted()
			t.sendAs(t.loginAs(Credentials{t.AppKey, t.AppSecret, t.Colleague}), c).acceptedAs(id)
		}),
		must("S17-12", "不同应用的同一编号是不同的案件", func(t *trial) {
			stranger := t.stranger()
			c := t.newCase()
			id := t.send(c).accepted()
			a := t.sendAs(stranger, c.with("penalty", "罚款"))
			a.expect("SUCCESS，受理号与 "+id+" 不同", a.ok() && a.acceptID() != "" && a.acceptID() != id)
		}),
	}
}

// stranger is a session of the other app. Without one the check is not made.
func (t *trial) stranger() string {
	if t.Stranger.AppKey == "" {
		t.untested("须有另一应用，用 --other-app-key 等给出")
	}
	return t.loginAs(t.Stranger)
}

// atOnce sends one case several times at the same moment and demands one acceptid.
func (t *trial) atOnce(c object, n int) {
	r := request{call: api.Receive, token: t.session(), body: c.bytes()}
	answers := make([]*answer, n)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = t.fetch(r) })
	}
	wg.Wait()
	for _, a := range answers {
		t.note(a)
	}
	id := t.send(c).accepted()
	for _, a := range answers {
		if a.status == 429 || a.status == 503 {
			a.expect("受理，或者要求稍后重试", true)
			continue
		}
		a.acceptedAs(id)
	}
}

// acceptIDChecks are those of S18.
func acceptIDChecks() []Check {
	return []Check{
		must("S18-01", "受理号是可见的字符，不超过 64 个", func(t *trial) {
			a := t.send(t.newCase())
			id := a.accepted()
			a.also("由字母、数字和 - . _ ~ 组成，不超过 64 个", len(id) <= 64 && !slices.ContainsFunc([]byte(id), needsEscape))
		}),
		should("S18-02", "受理号为 18 位数字：日期、序号、校验码（ISO 7064 MOD 11,10）", func(t *trial) {
			a := t.send(t.newCase())
			id := a.accepted()
			if len(id) != 18 || strings.Trim(id, "0123456789") != "" {
				t.notOffered("受理号另有形式")
			}
			_, err := time.Parse("20060102", id[:8])
			a.also("前 8 位是日期，末位校验码相符", err == nil && mod1110(id))
		}),
	}
}

// mod1110 reports whether the last digit is the check digit of ISO 7064 MOD 11,10 for those before it.
func mod1110(digits string) bool {
	p := 10
	for i := range len(digits) - 1 {
		if p = (p + int(digits[i]-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+int(digits[len(digits)-1]-'0'))%10 == 1
}
