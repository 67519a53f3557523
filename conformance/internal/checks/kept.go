package checks

import (
	"bytes"
	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
	"fmt"
	"regexp"
	"strings"
)

// keptChecks are those that ask for every case that was acknowledged: that it is still there, unaltered, once.
func keptChecks() []trial.Check {
	return []trial.Check{
		late(must("S17-19", "检查中受理的每一件案件，最后以相同内容再报一次，都仍得原受理号", repeatAll)),
		lateChange(must("S17-23", "检查中受理的每一件案件，最后改变一项再报，都不得受理", changeAll)),
		late(must("S18-03", "检查中受理的不同案件，受理号各不相同", func(t *trial.Trial) {
			seen := make(map[string]*trial.Kept)
			for _, k := range t.Kept {
				other, twice := seen[k.ID]
				if twice && other.Owner.AppKey == k.Owner.AppKey {
					t.Shown(k.Answer).Another(other.Answer, "案件 "+k.CaseID)
				}
				seen[k.ID] = k
			}
			counted(t, len(t.Kept), "受理 %d 件，受理号各不相同")
		})),
		late(must("S22-07", "检查中受理的每一件案件都查询得到，户数与报送的相符（扩展 queryCaseinfo）", queryAll)),
		late(must("S24-06", "检查中受理的每一件案件都列出一次，户数与报送的相符（扩展 listCaseinfo）", listAll)),
	}
}

// counted ends a check over all cases well: the last exchange stands for them.
func counted(t *trial.Trial, n int, words string) {
	if len(t.Kept) == 0 {
		t.Untested("没有受理过案件")
	}
	if len(t.Steps) == 0 {
		t.Shown(t.Kept[len(t.Kept)-1].Answer)
	}
	last := t.Steps[len(t.Steps)-1]
	last.Expected, last.OK = fmt.Sprintf(words, n), true
}

// lost collects cases that are not as they must be, and ends the check where there are any.
type lost struct {
	t     *trial.Trial
	cases []string
}

// hold looks at the answer about a case. The exchange stays in the report where it is not good, but not hundreds of
// them.
func (l *lost) hold(k *trial.Kept, a *trial.Answer, expected string, good bool) bool {
	a.Step.Expected, a.Step.OK = expected, good
	if good || len(l.cases) >= 5 {
		l.t.Forget()
	}
	if !good {
		l.cases = append(l.cases, k.CaseID)
	}
	return good
}

// end fails the check in the words given where cases are lost.
func (l *lost) end(words string) {
	if n := len(l.cases); n > 0 {
		l.t.Fail(fmt.Sprintf(words, len(l.t.Kept), n) + "。案件编号：" + strings.Join(l.cases[:min(n, 10)], "、") +
			map[bool]string{true: " 等"}[n > 10])
	}
}

// repeatAll sends every acknowledged case again.
func repeatAll(t *trial.Trial) {
	t.Because(trial.BasicRepeat)
	l, all := lost{t: t}, t.Kept
	for _, k := range all {
		r := wire.Request{Call: api.Receive, Body: k.Answer.Sent.Body, Header: k.Answer.Sent.MediaType()}
		a := t.As(k.Owner, r)
		a.After(k.Answer)
		t.Tally.Repeated++
		if l.hold(k, a, "SUCCESS，受理号仍为 "+k.ID, a.Err == nil && a.OK() && a.AcceptID() == k.ID) {
			t.Tally.Same++
		}
	}
	l.end("检查中受理 %d 件，再报时 %d 件没有得到原受理号：受理之后没有保存，或者被改变")
	counted(t, len(all), "受理 %d 件，再报各得原受理号")
}

// date is a penaltydate as checks write it, in whatever encoding the case is.
var date = regexp.MustCompile(`("penaltydate"\s*:\s*")\d{4}-\d\d-\d\d"`)

// changeAll sends every acknowledged case with another penaltydate, before any is sent again: a target that did not
// keep a case, and makes acceptids of caseids, takes the change for it. A case that has no such date is left out.
func changeAll(t *trial.Trial) {
	t.Because(trial.BasicRepeat)
	t.Because(trial.BasicChange)
	t.Because("S17-13")
	l, n := lost{t: t}, 0
	for _, k := range t.Kept {
		body := date.ReplaceAll(k.Answer.Sent.Body, []byte(`${1}2024-06-27"`))
		if bytes.Equal(body, k.Answer.Sent.Body) {
			continue
		}
		n++
		a := t.As(k.Owner, wire.Request{Call: api.Receive, Body: body, Header: k.Answer.Sent.MediaType()})
		a.After(k.Answer)
		l.hold(k, a, "改变的是 penaltydate：不得受理", a.Refusal())
	}
	l.end("检查中受理 %d 件，最后改变一项再报，%d 件得以受理：先受理的一件没有保存，或者改变被当作重复")
	counted(t, n, "受理的案件中 %d 件改变一项再报，都不受理")
}

// queryAll asks for every acknowledged case.
func queryAll(t *trial.Trial) {
	l := lost{t: t}
	queryCase(t, "acceptid", "000000000000000000") // ends the check where there is no such call
	t.Forget()
	for _, k := range t.Kept {
		a := t.As(k.Owner, wire.Request{Call: api.Query, Body: sample.Object{}.With("acceptid", k.ID).Bytes()})
		a.Legible()
		items, told := a.Members["items"]
		good := a.Err == nil && a.OK() && a.AcceptID() == k.ID && a.Text("caseid") == k.CaseID
		t.Tally.Queried++
		a.Step.Came += fmt.Sprintf("，案件编号 %s，户数 %s", a.Text("caseid"), items)
		if l.hold(
			k,
			a,
			fmt.Sprintf("案件 %s，受理号 %s，户数（items）%d", k.CaseID, k.ID, k.Items),
			good && (!told || string(items) == fmt.Sprint(k.Items)),
		) {
			t.Tally.Found++
		}
	}
	l.end("检查中受理 %d 件，其中 %d 件查询不到，或者案件编号、户数与报送的不符")
	counted(t, len(t.Kept), "受理 %d 件都查询得到，户数相符")
}

// listAll looks for every acknowledged case of the app in its list.
func listAll(t *trial.Trial) {
	times, items := make(map[string]int), make(map[string]string)
	page := turnPages(t, sample.Object{}, func(p page) {
		for _, e := range p {
			id := e.text("acceptid")
			times[id]++
			items[id] = string(e["items"])
		}
	})
	l := lost{t: t}
	for _, k := range t.Kept {
		if k.Owner.AppKey != t.AppKey {
			continue
		}
		t.Tally.Listed++
		if times[k.ID] == 1 && (items[k.ID] == "" || items[k.ID] == fmt.Sprint(k.Items)) {
			t.Tally.InList++
			continue
		}
		if page.Step.OK = false; len(l.cases) > 0 {
			l.cases = append(l.cases, k.CaseID)
			continue
		}
		page.Step.Came = fmt.Sprintf(
			"案件 %s，受理号 %s：列出 %d 次，户数 %s，报送 %d 户", k.CaseID, k.ID, times[k.ID], items[k.ID], k.Items,
		)
		l.cases = append(l.cases, k.CaseID)
	}
	page.Step.Expected = "检查中受理的案件各列出一次，户数相符"
	l.end("检查中受理 %d 件，其中 %d 件没有列出，或者户数与报送的不符，或者列出几次")
	counted(t, t.Tally.Listed, "受理 %d 件各列出一次，户数相符")
}
