package cases

import (
	"net/url"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// The fields by which the list of a case is filtered, one at a time, and their values that are not names of something.
const (
	onlyField     = "only"
	verdictField  = "verdict"
	stateField    = "state"
	severityField = "severity"
	ruleField     = "rule"
	findField     = "q" // beside each of the others

	onlyFound = "found" // those with findings
	onlyOpen  = "open"  // those that are held, and that no person has compared
)

// listFilter is by what the list of a case is filtered; the zero value: by nothing. Find is a part of a code, or a
// number of the list.
type listFilter struct{ Field, Value, Find string }

// Is reports whether the list is filtered by a value of a field.
func (f listFilter) Is(field, value string) bool { return f.Field == field && f.Value == value }

// with is the same search with another filter.
func (f listFilter) with(field, value string) listFilter { return listFilter{field, value, f.Find} }

var severities = map[string]rules.Severity{"severe": rules.Severe, "warning": rules.Warning, "notice": rules.Notice}

// readFilter reads by what the list is filtered.
func readFilter(q *page.Request) (f listFilter, which casework.EntityFilter, err error) {
	find := listFilter{Find: q.Field(findField)}
	for _, field := range []string{verdictField, stateField, severityField, ruleField, onlyField} {
		if f = find.with(field, q.Field(field)); f.Value != "" {
			break
		}
	}
	which.Code = f.Find
	ok := false
	switch f.Field {
	case verdictField:
		var v register.Verdict
		v, ok = page.VerdictByKey(f.Value)
		which.Verdicts = []register.Verdict{v}
	case stateField:
		s := release.StateCalled(f.Value)
		ok, which.States = s != 0, []release.State{s}
	case severityField:
		which.Severity, ok = severities[f.Value]
	case ruleField:
		which.Rule, err = strconv.Atoi(f.Value)
		ok = err == nil && which.Rule > 0
	case onlyField:
		which.Doubted, which.Open = f.Value == onlyFound, f.Value == onlyOpen
		ok = which.Doubted || which.Open
	}
	if f.Value == "" || f.Field == onlyField && !ok {
		return find, casework.EntityFilter{Code: f.Find}, nil
	}
	if !ok {
		return f, which, intake.Invalid("清单不能按“%s”筛选", f.Value)
	}
	return f, which, nil
}

// listPath is the address of a case's list from a number on, with a filter. The list of cases from which the case was
// opened is kept.
func listPath(q *page.Request, acceptID string, no int, f listFilter) string {
	v := url.Values{}
	if no > 1 {
		v.Set("at", strconv.Itoa(no))
	}
	if f.Value != "" {
		v.Set(f.Field, f.Value)
	}
	if f.Find != "" {
		v.Set(findField, f.Find)
	}
	if kept, ok := keptList(q); ok && len(kept) > 0 {
		v.Set(page.ListField, kept.Encode())
	}
	path := q.Link("/cases/" + acceptID)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path + "#list"
}

// filterChoice is a filter to choose, with how many firms or findings it selects.
type filterChoice struct {
	page.Tag
	Count int
	Link  string
	Here  bool
	Unit  string // of the count
	Hint  string // what it means; "": nothing more
	Rule  int    // by which rule; 0: by something else
}

// stateChoices are the firms of a case by state; their counts add up to the list.
func stateChoices(q *page.Request, acceptID string, c release.Counts, here listFilter) (cs []filterChoice) {
	for _, s := range release.States() {
		n := c.Of(s)
		if n == 0 {
			continue
		}
		f := here.with(stateField, s.Code())
		cs = append(cs, filterChoice{Tag: stateTag(s), Count: n, Link: listPath(q, acceptID, 1, f), Here: here == f})
	}
	return cs
}

// stateTag is the state of a firm as it is marked.
func stateTag(s release.State) page.Tag {
	class := "off"
	switch s {
	case release.Ready:
		class = "mild"
	case release.Held:
		class = "warning"
	case release.Released:
		class = "good"
	}
	return page.Tag{Class: class, Text: s.String()}
}

// severityChoices are the findings of a case by severity, those that there are, severe first.
func severityChoices(q *page.Request, r intake.CaseRow, here listFilter) (cs []filterChoice) {
	for _, c := range []struct {
		n    int
		name string
	}{{r.AllSevere(), "severe"}, {r.AllWarnings(), "warning"}, {r.Notices, "notice"}} {
		if c.n == 0 {
			continue
		}
		s, f := severities[c.name], here.with(severityField, c.name)
		cs = append(cs, filterChoice{Tag: page.Tag{Class: page.SeverityClass(s), Text: s.String()}, Count: c.n,
			Link: listPath(q, r.AcceptID, 1, f), Here: here == f})
	}
	return cs
}

// ruleChoices are the firms of a case by the rules of their findings.
func ruleChoices(q *page.Request, acceptID string, counts []casework.RuleCount, here listFilter) (cs []filterChoice) {
	for _, c := range counts {
		one := newFound(casework.Found{Finding: rules.Finding{Rule: c.Rule}})
		f := here.with(ruleField, strconv.Itoa(c.Rule))
		cs = append(cs, filterChoice{Tag: page.Tag{Class: one.Class, Text: one.Title}, Count: c.Firms,
			Link: listPath(q, acceptID, 1, f), Here: here == f, Hint: one.Hint, Unit: one.Severity,
			Rule: c.Rule})
	}
	return cs
}
