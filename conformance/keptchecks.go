package conformance

import (
	"bytes"
	"diaoxiao/api"
	"fmt"
	"regexp"
	"strings"
)

// keptChecks are those that ask for every case that was acknowledged: that it is still there, unaltered, once.
func keptChecks() []Check {
	return []Check{
		late(must("S17-19", "检查中受理的每一件案件，最后以相同内容再报一次，都仍得原受理号", repeatAll)),
		lateChange(must("S17-23", "检查中受理的每一件案件，最后改变一项再报，都不得受理", changeAll)),
		late(must("S18-03", "检查中受理的不同案件，受理号各不相同", func(t *trial) {
			seen := make(map[string]*kept)
			for _, k := range t.kept {
				other, twice := seen[k.id]
				if twice && other.owner.AppKey == k.owner.AppKey {
					t.shown(k.answer).another(other.answer, "案件 "+k.caseID)
				}
				seen[k.id] = k
			}
			counted(t, len(t.kept), "受理 %d 件，受理号各不相同")
		})),
		late(must("S22-07", "检查中受理的每一件案件都查询得到，户数与报送的相符（扩展 queryCaseinfo）", queryAll)),
		late(must("S24-06", "检查中受理的每一件案件都列出一次，户数与报送的相符（扩展 listCaseinfo）", listAll)),
	}
}

// counted ends a check over all cases well: the last exchange stands for them.
func counted(t *trial, n int, words string) {
	if len(t.kept) == 0 {
		t.untested("没有受理过案件")
	}
	if len(t.steps) == 0 {
		t.shown(t.kept[len(t.kept)-1].answer)
	}
	last := t.steps[len(t.steps)-1]
	last.Expected, last.OK = fmt.Sprintf(words, n), true
}

// lost collects cases that are not as they must be, and ends the check where there are any.
type lost struct {
	t     *trial
	cases []string
}

// hold looks at the answer about a case. The exchange stays in the report where it is not good, but not hundreds of
// them.
func (l *lost) hold(k *kept, a *answer, expected string, good bool) bool {
	a.step.Expected, a.step.OK = expected, good
	if good || len(l.cases) >= 5 {
		l.t.forget()
	}
	if !good {
		l.cases = append(l.cases, k.caseID)
	}
	return good
}

// end fails the check in the words given where cases are lost.
func (l *lost) end(words string) {
	if n := len(l.cases); n > 0 {
		l.t.fail(fmt.Sprintf(words, len(l.t.kept), n) + "。案件编号：" + strings.Join(l.cases[:min(n, 10)], "、") + map[bool]string{true: " 等"}[n > 10])
	}
}

// repeatAll sends every acknowledged case again.
func repeatAll(t *trial) {
	t.because(basicRepeat)
	l, all := lost{t: t}, t.kept
	for _, k := range all {
		r := request{call: api.Receive, body: k.answer.sent.body, header: k.answer.sent.mediaType()}
		a := t.as(k.owner, r)
		a.after(k.answer)
		t.tally.Repeated++
		if l.hold(k, a, "SUCCESS，受理号仍为 "+k.id, a.err == nil && a.ok() && a.acceptID() == k.id) {
			t.tally.Same++
		}
	}
	l.end("检查中受理 %d 件，再报时 %d 件没有得到原受理号：受理之后没有保存，或者被改变")
	counted(t, len(all), "受理 %d 件，再报各得原受理号")
}

// date is a penaltydate as checks write it, in whatever encoding the case is.
var date = regexp.MustCompile(`("penaltydate"\s*:\s*")\d{4}-\d\d-\d\d"`)

// changeAll sends every acknowledged case with another penaltydate, before any is sent again: a target that did not
// keep a case, and makes acceptids of caseids, takes the change for it. A case that has no such date is left out.
func changeAll(t *trial) {
	t.because(basicRepeat)
	t.because(basicChange)
	t.because("S17-13")
	l, n := lost{t: t}, 0
	for _, k := range t.kept {
		body := date.ReplaceAll(k.answer.sent.body, []byte(`${1}2024-06-27"`))
		if bytes.Equal(body, k.answer.sent.body) {
			continue
		}
		n++
		a := t.as(k.owner, request{call: api.Receive, body: body, header: k.answer.sent.mediaType()})
		a.after(k.answer)
		l.hold(k, a, "改变的是 penaltydate：不得受理", a.refusal())
	}
	l.end("检查中受理 %d 件，最后改变一项再报，%d 件得以受理：先受理的一件没有保存，或者改变被当作重复")
	counted(t, n, "受理的案件中 %d 件改变一项再报，都不受理")
}

// queryAll asks for every acknowledged case.
func queryAll(t *trial) {
	l := lost{t: t}
	queryCase(t, "acceptid", "000000000000000000") // ends the check where there is no such call
	t.forget()
	for _, k := range t.kept {
		a := t.as(k.owner, request{call: api.Query, body: object{}.with("acceptid", k.id).bytes()})
		a.legible()
		items, told := a.members["items"]
		good := a.err == nil && a.ok() && a.acceptID() == k.id && a.text("caseid") == k.caseID
		t.tally.Queried++
		a.step.Came += fmt.Sprintf("，案件编号 %s，户数 %s", a.text("caseid"), items)
		if l.hold(k, a, fmt.Sprintf("案件 %s，受理号 %s，户数（items）%d", k.caseID, k.id, k.items), good && (!told || string(items) == fmt.Sprint(k.items))) {
			t.tally.Found++
		}
	}
	l.end("检查中受理 %d 件，其中 %d 件查询不到，或者案件编号、户数与报送的不符")
	counted(t, len(t.kept), "受理 %d 件都查询得到，户数相符")
}

// listAll looks for every acknowledged case of the app in its list.
func listAll(t *trial) {
	times, items := make(map[string]int), make(map[string]string)
	page := turnPages(t, object{}, func(p page) {
		for _, e := range p {
			id := e.text("acceptid")
			times[id]++
			items[id] = string(e["items"])
		}
	})
	l := lost{t: t}
	for _, k := range t.kept {
		if k.owner.AppKey != t.AppKey {
			continue
		}
		t.tally.Listed++
		if times[k.id] == 1 && (items[k.id] == "" || items[k.id] == fmt.Sprint(k.items)) {
			t.tally.InList++
			continue
		}
		if page.step.OK = false; len(l.cases) > 0 {
			l.cases = append(l.cases, k.caseID)
			continue
		}
		page.step.Came = fmt.Sprintf("案件 %s，受理号 %s：列出 %d 次，户数 %s，报送 %d 户", k.caseID, k.id, times[k.id], items[k.id], k.items)
		l.cases = append(l.cases, k.caseID)
	}
	page.step.Expected = "检查中受理的案件各列出一次，户数相符"
	l.end("检查中受理 %d 件，其中 %d 件没有列出，或者户数与报送的不符，或者列出几次")
	counted(t, t.tally.Listed, "受理 %d 件各列出一次，户数相符")
}
