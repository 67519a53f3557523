package conformance

import "slices"

// changed sends a changed case twice and demands that it is refused both times: a target may keep at the first what it
// refuses, and take the second for a repeat.
func (t *trial) changed(first *answer, body object, what string) {
	t.send(body).refusedAfter(first, what)
	t.send(body).refusedAfter(first, what+"（再报一次）")
}

// severalMembers changes several members of a case at once, and several of its entities.
func (t *trial) severalMembers() {
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
	other[0], other[2] = with(other[0], itemMembers...), with(other[2], "legal")
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
		{"案件的每一项", with(c, caseMembers[1:]...)},
		{"案件的每一项和整个清单", with(c.with("penaltylist", items(t.seed()+620, 4)), caseMembers[1:]...)},
	} {
		t.changed(first, x.body, "一起改变的是"+x.what)
	}
	t.send(c).repeats(first)
}

// changedBy accepts a case in one session and changes it in others, each of a login of its own.
func (t *trial) changedBy(who Credentials) {
	t.comparing()
	t.because(basicChange)
	c := t.newCase()
	first := t.accept(c)
	for _, name := range []string{"penalty", "casename", "uniscid", "legal"} {
		if t.blind(name) {
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
