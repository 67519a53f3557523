package checks

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// repeatChecks are those of S17: the same case sent again.
func repeatChecks() []trial.Check {
	return []trial.Check{
		early(must(trial.BasicRepeat, "相同内容再次报送：SUCCESS，受理号不变", func(t *trial.Trial) {
			c := t.NewCase()
			first := t.Accept(c)
			t.Send(c).Repeats(first)
			t.Send(c).Repeats(first)
		})),
		must("S17-02", "内容相同而成员次序、空白不同：受理号不变", func(t *trial.Trial) {
			idempotent(t)
			c := t.NewCase()
			first := t.Accept(c)
			t.Send(c.Reversed()).Repeats(first)
			t.Send(spacedOut(c)).Repeats(first)
		}),
		early(must(trial.BasicChange, "同一编号而内容不同：不得受理，不得悄悄改变", func(t *trial.Trial) {
			t.Because(trial.BasicRepeat)
			c := t.NewCase()
			first := t.Accept(c)
			changed(t, first, c.With("penalty", "罚款"), "改变的是 penalty")
			changed(t, first, c.With("uniscid", sample.CreditCode(t.Seed()+77)), "改变的是清单第 1 户的 uniscid")
			changed(t, first, c.With("penaltylist", sample.Items(t.Seed(), 2)), "改变的是清单")
		})),
		must("S17-04", "内容不同的报送被拒绝以后，原案件不变：原内容仍得原受理号", func(t *trial.Trial) {
			comparing(t)
			c := t.NewCase()
			first := t.Accept(c)
			t.Send(c.With("legal", "另一人"))
			t.Send(c).Repeats(first)
		}),
		should("S17-05", "内容不同：说明中给出原受理号", func(t *trial.Trial) {
			comparing(t)
			c := t.NewCase()
			first := t.Accept(c)
			id := first.AcceptID()
			a := t.Send(c.With("penalty", "罚款")).RefusedAfter(first, "改变的是 penalty")
			a.Also("message 中有 "+id, slices.ContainsFunc(a.Errors, func(e trial.Entry) bool {
				return strings.Contains(e.Message(), id)
			}))
		}),
		must("S17-06", "被拒绝的报送不算：改正后以同一编号报送，得以受理", func(t *trial.Trial) {
			c := t.NewCase()
			t.Send(c.Without("penalty")).Refused(api.EmptyPenalty)
			t.Send(c).Accepted()
		}),
		must("S17-07", "同时报送相同内容 8 次，只有一个受理号", func(t *trial.Trial) {
			comparing(t)
			atOnce(t, t.NewCase(), 8)
		}),
		must("S17-08", "案件编号区分大小写和空白，各是各的案件", func(t *trial.Trial) {
			c := t.NewCase()
			var before []*trial.Answer
			for _, id := range []string{t.CaseID() + "a", t.CaseID() + "A", t.CaseID() + "a "} {
				a := t.Send(c.With("caseid", id))
				a.Accepted()
				for _, other := range before {
					a.Another(other, "编号不同的")
				}
				before = append(before, a)
			}
		}),
		should("S17-09", "清单的次序是内容的一部分", func(t *trial.Trial) {
			comparing(t)
			c, one, two := t.NewCase(), sample.Entity(t.Seed()+1), sample.Entity(t.Seed()+2)
			first := t.Accept(c.With("penaltylist", []sample.Object{one, two}))
			t.Send(c.With("penaltylist", []sample.Object{two, one})).RefusedAfter(first, "改变的是清单的次序")
		}),
		should("S17-10", "未知成员不影响内容是否相同", func(t *trial.Trial) {
			idempotent(t)
			c := t.NewCase()
			first := t.Accept(c)
			t.Send(c.With("remark", "第二次")).Repeats(first)
		}),
		must("S17-11", "同一应用的另一账户报送相同内容：受理号不变", func(t *trial.Trial) {
			idempotent(t)
			other := t.ColleagueAccount()
			c := t.NewCase()
			first := t.Accept(c)
			t.SendAs(t.LoginAs(other), c).Repeats(first)
		}),
		must("S17-12", "不同应用的同一编号是不同的案件", func(t *trial.Trial) {
			stranger := t.StrangerSession()
			c := t.NewCase()
			first := t.Accept(c)
			t.SendAs(stranger, c.With("penalty", "罚款")).Another(first, "另一应用的同一编号")
		}),
		must("S17-13", "案件的每一项改变，都不得当作重复", eachMember),
		must("S17-14", "清单第一户、中间、最后一户的每一项改变，都不得当作重复", eachItem),
		must("S17-15", "清单多一户、少一户、换一户，都不得当作重复", otherLists),
		must("S17-16", "同时报送 8 件不同的案件，各得各的受理号，再报各得原号", func(t *trial.Trial) {
			different(t, slices.Repeat([]string{t.Login()}, 8), 3)
		}),
		must("S17-17", "8 个会话（有另一账户的，两个账户）同时报送不同的案件，各得各的受理号", func(t *trial.Trial) {
			different(t, eightSessions(t), 2)
		}),
		must("S17-18", "两个应用同时报送同一编号，各是各的案件", sameID),
		early(must(trial.WideChange, "几项一起改变，也不得当作重复", severalMembers)),
		must("S17-21", "换一次登录报送的改变，也不得当作重复", func(t *trial.Trial) { changedBy(t, t.Credentials) }),
		must("S17-24", "两户的同一项互换、相邻两项的文字移位，都不得当作重复", swaps),
		must("S17-25", "清单有 2 户至 1,003 户，首尾、中间各户的每一项改变或者互换，都不得当作重复", changedLists),
		must("S17-26", "案件编号只有括号、连接号、间隔号、全角半角不同的，各是各的案件", likeIDs),
		must("S17-22", "同一应用的另一账户报送的改变，也不得当作重复", func(t *trial.Trial) { changedBy(t, t.ColleagueAccount()) }),
	}
}

// eachMember changes one member of a case after the other.
func eachMember(t *trial.Trial) {
	comparing(t)
	c := t.NewCase()
	first := t.Accept(c)
	for _, name := range sample.CaseMembers()[1:] {
		value := "联调测试：改变了 " + name
		if name == "penaltydate" {
			value = "2024-05-21"
		}
		changed(t, first, c.With(name, value), "改变的是 "+name)
	}
	seen(t, slices.DeleteFunc(slices.Clone(textMembers), func(n string) bool {
		return slices.Contains(sample.ItemMembers(), n)
	}))
}

// eachItem changes one member of one entity after the other: of the first, the second, one in the middle and the last.
func eachItem(t *trial.Trial) {
	comparing(t)
	c, list := t.NewCase(), sample.Items(t.Seed()+300, 9)
	first := t.Accept(c.With("penaltylist", list))
	for _, i := range []int{0, 1, 4, 8} {
		for _, name := range sample.ItemMembers() {
			other := slices.Clone(list)
			other[i] = other[i].With(name, "改变-"+name)
			changed(t, first, c.With("penaltylist", other), "改变的是清单第 "+itoa(i+1)+" 户（共 9 户）的 "+name)
		}
	}
	seen(t, sample.ItemMembers())
}

// otherLists sends lists with an entity more, one less and another one, at the beginning, within and at the end.
func otherLists(t *trial.Trial) {
	comparing(t)
	c, list, more := t.NewCase(), sample.Items(t.Seed()+400, 9), sample.Entity(t.Seed()+500)
	first := t.Accept(c.With("penaltylist", list))
	for _, i := range []int{0, 4, 8} {
		at := "第 " + itoa(i+1) + " 户（共 9 户）"
		changed(t, first, c.With("penaltylist", slices.Delete(slices.Clone(list), i, i+1)), "清单少了"+at)
		changed(t, first, c.With("penaltylist", slices.Insert(slices.Clone(list), i, more)), "清单在"+at+"之前多一户")
		changed(t, first, c.With("penaltylist", slices.Insert(slices.Clone(list), i, list[i])), "清单的"+at+"多写一遍")
		other := slices.Clone(list)
		other[i] = more
		changed(t, first, c.With("penaltylist", other), "清单的"+at+"换成另一户")
	}
	changed(t, first, c.With("penaltylist", append(slices.Clone(list), more)), "清单最后多一户")
}

// atOnce sends one case several times at the same moment and demands one acceptid.
func atOnce(t *trial.Trial, c sample.Object, n int) {
	r := wire.Request{Call: api.Receive, Token: t.Session(), Body: c.Bytes()}
	answers := t.Together(slices.Repeat([]wire.Request{r}, n))
	answers[0].Accepted()
	unchanged(t, r, answers[0])
	last := t.Accept(c)
	for _, a := range answers {
		a.Repeats(last)
	}
}

// acceptIDChecks are those of S18.
func acceptIDChecks() []trial.Check {
	return []trial.Check{
		must("S18-01", "受理号是可见的字符，没有空白：否则抄录、查询不到", func(t *trial.Trial) {
			a := t.Send(t.NewCase())
			id := a.Accepted()
			a.Also("没有空白和不可见的字符", !strings.ContainsFunc(id, func(r rune) bool {
				return !unicode.IsGraphic(r) || unicode.IsSpace(r)
			}))
		}),
		should("S18-02", "受理号为 18 位数字：日期、序号、校验码（ISO 7064 MOD 11,10）", func(t *trial.Trial) {
			a := t.Send(t.NewCase())
			id := a.Accepted()
			if len(id) != 18 || strings.Trim(id, "0123456789") != "" {
				t.NotOffered("受理号另有形式")
			}
			_, err := time.Parse("20060102", id[:8])
			a.Also("前 8 位是日期，末位校验码相符", err == nil && mod1110(id))
		}),
		should("S18-04", "受理号由字母、数字和 - . _ ~ 组成，不超过 64 个", func(t *trial.Trial) {
			a := t.Send(t.NewCase())
			id := a.Accepted()
			a.Also("由字母、数字和 - . _ ~ 组成，不超过 64 个", len(id) <= 64 && !slices.ContainsFunc([]byte(id), needsEscape))
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
