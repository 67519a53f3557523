package casework

import (
	"reflect"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// aProposal and aLine are a proposal and a firm with a value of everything.
func aProposal() intake.Proposal {
	return intake.Proposal{Kind: release.Release, Day: "2026-03-18", Reason: "由", Rows: "1-2"}
}

func aLine() *firmLine {
	l := &firmLine{row: intake.EntityRow{Entity: api.Entity{PripID: "主体", UniscID: "信用", Legal: "人", EntType: "型"}},
		findings: []rules.Finding{{Field: "pripid", Rule: 401, Detail: "与第2条相同"}},
		marks:    []intake.Counterpart{{CaseNo: 7, Pos: 3, Rule: 402}}}
	l.From, l.To = 4, 4
	l.Check = intake.FirmCheck{Outcome: release.Agrees, Remark: "核", By: "console:a"}
	l.Facts = release.Facts{Verified: true, Severe: true, Verdict: register.Different, Basis: 9,
		Decision: release.ToRelease, DecisionBasis: 9}
	l.Span = intake.FirmSpan{Decision: release.ToRelease, Published: "2026-03-19"}
	l.result = register.Result{Verdict: register.Different, Rule: 801, Fields: 2, Others: 1, Firm: register.Firm{
		PripID: "甲", UniscID: "乙", RegNo: "丙", Name: "丁", Legal: "戊", EntType: "己", State: register.Live,
		StateText: "庚", Organ: "辛", Founded: "2010-01-01", Approved: "2011-01-01"}}
	return l
}

// shownOf are changes of one value each that a person is shown of a firm.
var shownOf = map[string]func(l *firmLine){
	"its place": func(l *firmLine) { l.From++ }, "pripid": func(l *firmLine) { l.row.PripID += "x" },
	"uniscid": func(l *firmLine) { l.row.UniscID += "x" }, "legal": func(l *firmLine) { l.row.Legal += "x" },
	"enttype": func(l *firmLine) { l.row.EntType += "x" },
	"a value of the member before": func(l *firmLine) {
		l.row.PripID, l.row.UniscID = l.row.PripID+l.row.UniscID[:3], l.row.UniscID[3:]
	},
	"a finding's rule":      func(l *firmLine) { l.findings[0].Rule++ },
	"a finding's field":     func(l *firmLine) { l.findings[0].Field += "x" },
	"a finding's detail":    func(l *firmLine) { l.findings[0].Detail += "x" },
	"a finding more":        func(l *firmLine) { l.findings = append(l.findings, rules.Finding{}) },
	"a finding less":        func(l *firmLine) { l.findings = nil },
	"a mark's rule":         func(l *firmLine) { l.marks[0].Rule++ },
	"a mark's case":         func(l *firmLine) { l.marks[0].CaseNo++ },
	"a mark's place":        func(l *firmLine) { l.marks[0].Pos++ },
	"a mark more":           func(l *firmLine) { l.marks = append(l.marks, intake.Counterpart{}) },
	"a mark less":           func(l *firmLine) { l.marks = nil },
	"the verdict shown":     func(l *firmLine) { l.Verdict = register.NotFound },
	"the verdict":           func(l *firmLine) { l.result.Verdict = register.NotFound },
	"the rule that decided": func(l *firmLine) { l.result.Rule++ },
	"fields that differ":    func(l *firmLine) { l.result.Fields++ },
	"further firms":         func(l *firmLine) { l.result.Others++ },
	"register: pripid":      func(l *firmLine) { l.result.Firm.PripID += "x" },
	"register: uniscid":     func(l *firmLine) { l.result.Firm.UniscID += "x" },
	"register: regno":       func(l *firmLine) { l.result.Firm.RegNo += "x" },
	"register: name":        func(l *firmLine) { l.result.Firm.Name += "x" },
	"register: legal":       func(l *firmLine) { l.result.Firm.Legal += "x" },
	"register: enttype":     func(l *firmLine) { l.result.Firm.EntType += "x" },
	"register: state":       func(l *firmLine) { l.result.Firm.State = register.Deregistered },
	"register: its text":    func(l *firmLine) { l.result.Firm.StateText += "x" },
	"register: organ":       func(l *firmLine) { l.result.Firm.Organ += "x" },
	"register: founded":     func(l *firmLine) { l.result.Firm.Founded += "x" },
	"register: approved":    func(l *firmLine) { l.result.Firm.Approved += "x" },
	"the outcome":           func(l *firmLine) { l.Check.Outcome = release.Differs },
	"the remark":            func(l *firmLine) { l.Check.Remark += "x" },
	"the person":            func(l *firmLine) { l.Check.By += "x" },
	"the state":             func(l *firmLine) { l.Returned = true },
	"why it is held":        func(l *firmLine) { l.Warning = true },
	"the decision":          func(l *firmLine) { l.Decision = release.ToWithhold },
	"the alarm":             func(l *firmLine) { l.DecisionBasis++ },
	"the publication":       func(l *firmLine) { l.Span.Published += "x" },
}

func digestOf(p intake.Proposal, acceptID string, ls ...*firmLine) [32]byte {
	l := newListing(p, acceptID)
	for _, one := range ls {
		l.add(one)
	}
	return l.sum(p.Rows)
}

// Whatever value of a firm changes that the persons are shown, the digest is another.
func TestDigestCoversTheFirm(t *testing.T) {
	was := digestOf(aProposal(), "1", aLine(), aLine())
	if was != digestOf(aProposal(), "1", aLine(), aLine()) {
		t.Fatal("the same has two digests")
	}
	for what, change := range shownOf {
		l := aLine()
		change(l)
		if digestOf(aProposal(), "1", aLine(), l) == was {
			t.Errorf("%s has changed, and the digest is the same", what)
		}
	}
	for what, n := range map[string]int{"none": 0, "one": 1, "three": 3} {
		ls := []*firmLine{aLine(), aLine(), aLine()}
		if digestOf(aProposal(), "1", ls[:n]...) == was {
			t.Errorf("%s of two firms, and the digest is the same", what)
		}
	}
}

// The digest covers what is proposed.
func TestDigestCoversTheProposal(t *testing.T) {
	was := digestOf(aProposal(), "1", aLine())
	for what, change := range map[string]func(p *intake.Proposal){
		"the kind":   func(p *intake.Proposal) { p.Kind = release.Withhold },
		"the rows":   func(p *intake.Proposal) { p.Rows = "1-3" },
		"the day":    func(p *intake.Proposal) { p.Day = "2026-03-17" },
		"the reason": func(p *intake.Proposal) { p.Reason += "x" },
		"a text of the value before": func(p *intake.Proposal) {
			p.Day, p.Reason = p.Day+p.Reason, ""
		},
	} {
		p := aProposal()
		change(&p)
		if digestOf(p, "1", aLine()) == was {
			t.Errorf("%s has changed, and the digest is the same", what)
		}
	}
	if digestOf(aProposal(), "2", aLine()) == was {
		t.Error("another case, and the digest is the same")
	}
}

// A value that is added to what is known of a firm needs a decision whether it is shown, and then a change above.
func TestDigestKnowsEveryValue(t *testing.T) {
	for of, want := range map[reflect.Type]string{
		reflect.TypeFor[firmLine]():           "FirmRun row findings marks result",
		reflect.TypeFor[intake.FirmRun]():     "From To Facts Check Span",
		reflect.TypeFor[intake.EntityRow]():   "CaseNo Pos Entity",
		reflect.TypeFor[api.Entity]():         "PripID UniscID Legal EntType",
		reflect.TypeFor[rules.Finding]():      "Pos Field Rule Detail",
		reflect.TypeFor[intake.Counterpart](): "CaseNo Pos Rule OtherNo OtherPos",
		reflect.TypeFor[register.Result]():    "Verdict Rule Fields Firm Others Snapshot",
		reflect.TypeFor[register.Firm](): "RowNo PripID UniscID RegNo Name Legal EntType State StateText Organ " +
			"Founded Approved",
		reflect.TypeFor[intake.FirmCheck](): "CaseNo Pos Outcome Remark By At Basis",
		reflect.TypeFor[intake.FirmSpan]():  "CaseNo From To Decision Published ProposalNo",
		reflect.TypeFor[release.Facts](): "Verified Returned CaseChecked CaseSevere Severe Warning Verdict Basis " +
			"Outcome OutcomeBasis Decision DecisionBasis Unseen",
	} {
		var names []string
		for f := range of.NumField() {
			names = append(names, of.Field(f).Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%v has %s, the digest knows of %s", of, got, want)
		}
	}
}
