package checks

import (
	"slices"
	"strings"

	"diaoxiao/conformance/internal/sample"

	"diaoxiao/conformance/internal/wire"

	"diaoxiao/conformance/internal/trial"
)

// changed sends a changed case twice and demands that it is refused both times: a target may keep at the first what it
// refuses, and take the second for a repeat.
func changed(t *trial.Trial, first *trial.Answer, body sample.Object, what string) {
	t.Send(body).RefusedAfter(first, what)
	t.Send(body).RefusedAfter(first, what+"（再报一次）")
}

// severalMembers changes several members of a case at once, and several of its entities.
func severalMembers(t *trial.Trial) {
	t.Because(trial.BasicRepeat)
	t.Because(trial.BasicChange)
	list := distinct(sample.Items(t.Seed()+600, 3))
	c := t.NewCase().With("penaltylist", list)
	first := t.Accept(c)
	with := func(o sample.Object, names ...string) sample.Object {
		for _, n := range names {
			value := "联调测试：一起改变了 " + n
			if n == "penaltydate" {
				value = "2024-05-22"
			}
			o = o.With(n, value)
		}
		return o
	}
	other := slices.Clone(list)
	other[0], other[2] = with(other[0], sample.ItemMembers()...), with(other[2], "legal")
	more := append(slices.Clone(list), sample.Entity(t.Seed()+610))
	more[0] = with(more[0], "legal")
	for _, x := range []struct {
		what string
		body sample.Object
	}{
		{"casename、penalty", with(c, "casename", "penalty")},
		{"penaltydate、penaltyorg", with(c, "penaltydate", "penaltyorg")},
		{"penalty 和清单第 1 户的 legal", with(c, "penalty", "legal")},
		{"清单第 1 户的 uniscid、legal", with(c, "uniscid", "legal")},
		{"casename、caseintroduction、illegality", with(c, "casename", "caseintroduction", "illegality")},
		{"清单第 1 户的每一项和第 3 户的 legal", c.With("penaltylist", other)},
		{"清单第 1 户的 legal，并且多一户", c.With("penaltylist", more)},
		{"案件的每一项", with(c, sample.CaseMembers()[1:]...)},
		{"案件的每一项和整个清单", with(c.With("penaltylist", sample.Items(t.Seed()+620, 4)), sample.CaseMembers()[1:]...)},
	} {
		changed(t, first, x.body, "一起改变的是"+x.what)
	}
	t.Send(c).Repeats(first)
}

// changedBy accepts a case in one session and changes it in others, each of a login of its own.
func changedBy(t *trial.Trial, who trial.Credentials) {
	comparing(t)
	t.Because(trial.BasicChange)
	c := t.NewCase()
	first := t.Accept(c)
	for _, name := range []string{"penalty", "casename", "uniscid", "legal"} {
		if blind(t, name) {
			continue
		}
		t.SendAs(t.LoginAs(who), c.With(name, "改变-"+name)).RefusedAfter(first, "在另一会话中改变的是 "+name)
	}
	token := t.LoginAs(who)
	t.SendAs(token, c).Repeats(first)
	t.SendAs(token, c.With("penaltylist", sample.Items(t.Seed()+700, 2))).RefusedAfter(first, "在另一会话中改变的是清单")
	t.SendAs(token, c).Repeats(first)
}

// distinct are entities of which each has a legal and an enttype of its own.
func distinct(list []sample.Object) []sample.Object {
	list = slices.Clone(list)
	for i := range list {
		list[i] = list[i].With("legal", "联调测试"+itoa(i+1)).With("enttype", itoa(1000+i))
	}
	return list
}

// swapped is a list in which two entities have exchanged a member.
func swapped(list []sample.Object, i, k int, name string) []sample.Object {
	other := slices.Clone(list)
	other[i], other[k] = list[i].With(name, list[k].Value(name)), list[k].With(name, list[i].Value(name))
	return other
}

// swaps exchanges members of entities and of the case, and moves the border between two members: a target that puts
// texts together, or sorts them, compares what is the same again.
func swaps(t *trial.Trial) {
	comparing(t)
	list := distinct(sample.Items(t.Seed()+800, 5))
	c := t.NewCase().With("penaltylist", list)
	first := t.Accept(c)
	for _, p := range [][2]int{{0, 1}, {1, 3}, {0, 4}} {
		for _, name := range sample.ItemMembers() {
			what := "清单第 " + itoa(p[0]+1) + "、" + itoa(p[1]+1) + " 户的 " + name + " 互换"
			changed(t, first, c.With("penaltylist", swapped(list, p[0], p[1], name)), what)
		}
	}
	for _, m := range [][2]string{
		{"casename", "caseintroduction"}, {"caseintroduction", "illegality"}, {"illegality", "penalty"},
		{"casename", "penaltyorg"}, {"pripid", "uniscid"}, {"uniscid", "legal"}, {"legal", "enttype"},
	} {
		one := t.NewCase().With(m[0], "甲乙").With(m[1], "丙")
		before := t.Accept(one)
		t.Send(one.With(m[0], "丙").With(m[1], "甲乙")).RefusedAfter(before, m[0]+"、"+m[1]+" 互换")
		t.Send(one.With(m[0], "甲").With(m[1], "乙丙")).RefusedAfter(before, m[0]+" 的末字移到 "+m[1])
	}
	for _, mark := range []string{"|", ",", ";", "#", "$", "_", "-", ":", "&", " ", "\t", "\n"} {
		one := t.NewCase().With("casename", "甲"+mark+"乙").With("caseintroduction", "丙")
		before := t.Accept(one)
		t.Send(one.With("casename", "甲").With("caseintroduction", "乙"+mark+"丙")).
			RefusedAfter(before, "分隔符"+wire.Told(mark)+"在 casename、caseintroduction 之间移位")
	}
}

// changedLists changes every member of the first, the middle and the last entity of lists of many lengths.
func changedLists(t *trial.Trial) {
	comparing(t)
	for i, n := range []int{2, 10, 12, 33, 101, 501, 1003} {
		list := distinct(sample.Items(t.Seed()+900+2000*i, n))
		c := t.NewCase().With("penaltylist", list)
		first := t.Accept(c)
		changedItems(t, first, c, list, []int{0, n / 2, n - 1})
	}
}

// changedItems changes every member of the entities at the places, one at a time, and exchanges those of the first and
// the last of them.
func changedItems(t *trial.Trial, first *trial.Answer, c sample.Object, list []sample.Object, places []int) {
	of := "清单共 " + itoa(len(list)) + " 户，"
	for _, name := range sample.ItemMembers() {
		if blind(t, name) {
			continue
		}
		for _, i := range slices.Compact(slices.Clone(places)) {
			other := slices.Clone(list)
			other[i] = other[i].With(name, "改变-"+name)
			t.Send(c.With("penaltylist", other)).RefusedAfter(first, of+"改变的是第 "+itoa(i+1)+" 户的 "+name)
		}
		i, k := places[0], places[len(places)-1]
		t.Send(c.With("penaltylist", swapped(list, i, k, name))).
			RefusedAfter(first, of+"第 "+itoa(i+1)+"、"+itoa(k+1)+" 户的 "+name+" 互换")
	}
}

// likeIDs sends cases whose caseids are written alike. A target may refuse what is not common in a caseid.
func likeIDs(t *trial.Trial) {
	idempotent(t)
	c := t.NewCase()
	start := t.CaseID()
	for _, group := range []struct {
		pattern string
		marks   []string
		common  int // so many of the first are accepted by every target
	}{
		{"{2024〕第1号", []string{"〔", "[", "（", "(", "【", "［", "{", "<", "《", ""}, 4},
		{"甲{1号", []string{"-", "－", "—", "–", "_", "/", "\\", "", ".", "·", "•", ":", "：", " ", "#"}, 1},
		{"{号", []string{"1", "01", "001", "１", "一", "①", "1.0", "第1"}, 1},
	} {
		var before []*trial.Answer
		for i, mark := range group.marks {
			a := t.Send(c.With("caseid", start+idWith(group.pattern, mark)))
			if i >= group.common && a.Err == nil && !a.OK() {
				a.Step.Expected, a.Step.OK = "（案件编号中可以不受理这样的内容）", true
				continue
			}
			a.Accepted()
			for _, other := range before {
				if a.AcceptID() == other.AcceptID() {
					a.Another(other, "案件编号不同的")
				}
			}
			before = append(before, a)
		}
	}
}

// idWith puts a mark into a pattern; of a bracket also the one that closes it.
func idWith(pattern, mark string) string {
	const open, closing = "〔[（(【［{<《", "〕]）)】］}>》"
	if i := slices.Index([]rune(open), []rune(mark + "x")[0]); i >= 0 && mark != "" {
		pattern = strings.Replace(pattern, "〕", string([]rune(closing)[i]), 1)
	} else if mark == "" {
		pattern = strings.Replace(pattern, "〕", "", 1)
	}
	return strings.Replace(pattern, "{", mark, 1)
}
