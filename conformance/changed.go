package conformance

import (
	"slices"
	"strings"
)

// changed sends a changed case twice and demands that it is refused both times: a target may keep at the first what it
// refuses, and take the second for a repeat.
func changed(t *trial, first *answer, body object, what string) {
	t.send(body).refusedAfter(first, what)
	t.send(body).refusedAfter(first, what+"（再报一次）")
}

// severalMembers changes several members of a case at once, and several of its entities.
func severalMembers(t *trial) {
	t.because(basicRepeat)
	t.because(basicChange)
	list := distinct(items(t.seed()+600, 3))
	c := t.newCase().with("penaltylist", list)
	first := t.accept(c)
	with := func(o object, names ...string) object {
		for _, n := range names {
			value := "联调测试：一起改变了 " + n
			if n == "penaltydate" {
				value = "2024-05-22"
			}
			o = o.with(n, value)
		}
		return o
	}
	other := slices.Clone(list)
	other[0], other[2] = with(other[0], itemMembers()...), with(other[2], "legal")
	more := append(slices.Clone(list), entity(t.seed()+610))
	more[0] = with(more[0], "legal")
	for _, x := range []struct {
		what string
		body object
	}{
		{"casename、penalty", with(c, "casename", "penalty")},
		{"penaltydate、penaltyorg", with(c, "penaltydate", "penaltyorg")},
		{"penalty 和清单第 1 户的 legal", with(c, "penalty", "legal")},
		{"清单第 1 户的 uniscid、legal", with(c, "uniscid", "legal")},
		{"casename、caseintroduction、illegality", with(c, "casename", "caseintroduction", "illegality")},
		{"清单第 1 户的每一项和第 3 户的 legal", c.with("penaltylist", other)},
		{"清单第 1 户的 legal，并且多一户", c.with("penaltylist", more)},
		{"案件的每一项", with(c, caseMembers()[1:]...)},
		{"案件的每一项和整个清单", with(c.with("penaltylist", items(t.seed()+620, 4)), caseMembers()[1:]...)},
	} {
		changed(t, first, x.body, "一起改变的是"+x.what)
	}
	t.send(c).repeats(first)
}

// changedBy accepts a case in one session and changes it in others, each of a login of its own.
func changedBy(t *trial, who Credentials) {
	comparing(t)
	t.because(basicChange)
	c := t.newCase()
	first := t.accept(c)
	for _, name := range []string{"penalty", "casename", "uniscid", "legal"} {
		if blind(t, name) {
			continue
		}
		t.sendAs(t.loginAs(who), c.with(name, "改变-"+name)).refusedAfter(first, "在另一会话中改变的是 "+name)
	}
	token := t.loginAs(who)
	t.sendAs(token, c).repeats(first)
	t.sendAs(token, c.with("penaltylist", items(t.seed()+700, 2))).refusedAfter(first, "在另一会话中改变的是清单")
	t.sendAs(token, c).repeats(first)
}

// distinct are entities of which each has a legal and an enttype of its own.
func distinct(list []object) []object {
	list = slices.Clone(list)
	for i := range list {
		list[i] = list[i].with("legal", "联调测试"+itoa(i+1)).with("enttype", itoa(1000+i))
	}
	return list
}

// swapped is a list in which two entities have exchanged a member.
func swapped(list []object, i, k int, name string) []object {
	other := slices.Clone(list)
	other[i], other[k] = list[i].with(name, list[k].value(name)), list[k].with(name, list[i].value(name))
	return other
}

// swaps exchanges members of entities and of the case, and moves the border between two members: a target that puts
// texts together, or sorts them, compares what is the same again.
func swaps(t *trial) {
	comparing(t)
	list := distinct(items(t.seed()+800, 5))
	c := t.newCase().with("penaltylist", list)
	first := t.accept(c)
	for _, p := range [][2]int{{0, 1}, {1, 3}, {0, 4}} {
		for _, name := range itemMembers() {
			what := "清单第 " + itoa(p[0]+1) + "、" + itoa(p[1]+1) + " 户的 " + name + " 互换"
			changed(t, first, c.with("penaltylist", swapped(list, p[0], p[1], name)), what)
		}
	}
	for _, m := range [][2]string{{"casename", "caseintroduction"}, {"caseintroduction", "illegality"}, {"illegality", "penalty"},
		{"casename", "penaltyorg"}, {"pripid", "uniscid"}, {"uniscid", "legal"}, {"legal", "enttype"}} {
		one := t.newCase().with(m[0], "甲乙").with(m[1], "丙")
		before := t.accept(one)
		t.send(one.with(m[0], "丙").with(m[1], "甲乙")).refusedAfter(before, m[0]+"、"+m[1]+" 互换")
		t.send(one.with(m[0], "甲").with(m[1], "乙丙")).refusedAfter(before, m[0]+" 的末字移到 "+m[1])
	}
	for _, mark := range []string{"|", ",", ";", "#", "$", "_", "-", ":", "&", " ", "\t", "\n"} {
		one := t.newCase().with("casename", "甲"+mark+"乙").with("caseintroduction", "丙")
		before := t.accept(one)
		t.send(one.with("casename", "甲").with("caseintroduction", "乙"+mark+"丙")).refusedAfter(before, "分隔符"+told(mark)+"在 casename、caseintroduction 之间移位")
	}
}

// changedLists changes every member of the first, the middle and the last entity of lists of many lengths.
func changedLists(t *trial) {
	comparing(t)
	for i, n := range []int{2, 10, 12, 33, 101, 501, 1003} {
		list := distinct(items(t.seed()+900+2000*i, n))
		c := t.newCase().with("penaltylist", list)
		first := t.accept(c)
		changedItems(t, first, c, list, []int{0, n / 2, n - 1})
	}
}

// changedItems changes every member of the entities at the places, one at a time, and exchanges those of the first and the
// last of them.
func changedItems(t *trial, first *answer, c object, list []object, places []int) {
	of := "清单共 " + itoa(len(list)) + " 户，"
	for _, name := range itemMembers() {
		if blind(t, name) {
			continue
		}
		for _, i := range slices.Compact(slices.Clone(places)) {
			other := slices.Clone(list)
			other[i] = other[i].with(name, "改变-"+name)
			t.send(c.with("penaltylist", other)).refusedAfter(first, of+"改变的是第 "+itoa(i+1)+" 户的 "+name)
		}
		i, k := places[0], places[len(places)-1]
		t.send(c.with("penaltylist", swapped(list, i, k, name))).refusedAfter(first, of+"第 "+itoa(i+1)+"、"+itoa(k+1)+" 户的 "+name+" 互换")
	}
}

// likeIDs sends cases whose caseids are written alike. A target may refuse what is not common in a caseid.
func likeIDs(t *trial) {
	idempotent(t)
	c := t.newCase()
	start := t.caseID()
	for _, group := range []struct {
		pattern string
		marks   []string
		common  int // so many of the first are accepted by every target
	}{
		{"{2024〕第1号", []string{"〔", "[", "（", "(", "【", "［", "{", "<", "《", ""}, 4},
		{"甲{1号", []string{"-", "－", "—", "–", "_", "/", "\\", "", ".", "·", "•", ":", "：", " ", "#"}, 1},
		{"{号", []string{"1", "01", "001", "１", "一", "①", "1.0", "第1"}, 1},
	} {
		var before []*answer
		for i, mark := range group.marks {
			a := t.send(c.with("caseid", start+idWith(group.pattern, mark)))
			if i >= group.common && a.err == nil && !a.ok() {
				a.step.Expected, a.step.OK = "（案件编号中可以不受理这样的内容）", true
				continue
			}
			a.accepted()
			for _, other := range before {
				if a.acceptID() == other.acceptID() {
					a.another(other, "案件编号不同的")
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
