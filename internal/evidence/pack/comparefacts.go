package pack

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"diaoxiao/internal/evidence"
)

// numberText is the file that has the number of a firm.
func numberText(firm int) string { return strconv.Itoa(firm) + "\n" }

// same reports a value that is not the one that is proved.
func (c *checker) same(file, field string, is, want any) {
	if is != want {
		c.fault(Fault{Name: file, Kind: FaultValue, Field: field, Is: fmt.Sprint(is), Want: fmt.Sprint(want)})
	}
}

// milli is the time of a leaf as packages write it.
func milli(ms int64) string { return Clock(time.UnixMilli(ms)) }

// checkFacts compares the facts with what is proved.
func (c *checker) checkFacts() {
	text := c.textOf(FactsFile)
	if text == nil {
		return
	}
	var f Facts
	if err := json.Unmarshal(text, &f, json.RejectUnknownMembers(true)); err != nil {
		c.fault(Fault{Name: FactsFile, Kind: FaultForm, Err: err})
		return
	}
	c.compareCase(f)
	c.compareTexts(f.Texts)
	c.compareEvents(f)
	c.compareProposals(f)
}

func (c *checker) compareCase(f Facts) {
	l, sum := c.Proved.Case, ""
	if c.Whole {
		sum = hex.EncodeToString(c.Proved.Body.SHA256[:])
	}
	same := func(field string, is, want any) { c.same(FactsFile, field, is, want) }
	same("acceptid", f.AcceptID, l.AcceptID)
	same("caseid", f.CaseID, l.CaseID)
	same("revision", f.Revision, l.Revision)
	same("supersedes", f.Supersedes, l.Supersedes)
	same("app", f.App, l.App)
	same("account", f.Account, l.Account)
	same("received", f.Received, milli(l.Received))
	same("items", f.Items, l.Items)
	same("bytes", f.Bytes, l.Bytes)
	same("sha256", f.SHA256, sum)
	same("firm", f.Firm, c.firm())
}

func (c *checker) compareTexts(t Texts) {
	w := c.Proved.Texts
	same := func(field, is, want string) { c.same(FactsFile, "texts."+field, is, want) }
	same("caseid", t.CaseID, w.CaseID)
	same("casename", t.CaseName, w.CaseName)
	same("caseintroduction", t.CaseIntroduction, w.CaseIntroduction)
	same("illegality", t.Illegality, w.Illegality)
	same("penalty", t.Penalty, w.Penalty)
	same("penaltydate", t.PenaltyDate, w.PenaltyDate)
	same("penaltyorg", t.PenaltyOrg, w.PenaltyOrg)
}

// compareEvents holds the steps up to the checkpoint to those of the receipt, one by one. Those that came later are
// counted: the receipt can't know them.
func (c *checker) compareEvents(f Facts) {
	var want []Event
	for _, e := range c.Proved.Events {
		if Concerns(c.firm(), e.Rows) {
			want = append(want, c.eventOf(e))
		}
	}
	last := int64(0)
	for _, e := range f.Events {
		field := fmt.Sprintf("events.%d", e.No)
		switch {
		case e.No <= last:
			c.fault(Fault{Name: FactsFile, Kind: FaultStep, Field: field})
		case e.No > c.Proved.Checkpoint.Upto.Events:
			c.Unproved++
		case len(want) > 0 && want[0].No == e.No:
			c.compareEvent(field, e, want[0])
			want = want[1:]
		default:
			c.fault(Fault{Name: FactsFile, Kind: FaultStep, Field: field})
		}
		last = max(last, e.No)
	}
	for _, e := range want {
		c.fault(Fault{Name: FactsFile, Kind: FaultStep, Field: fmt.Sprintf("events.%d", e.No)})
	}
}

func (c *checker) compareEvent(field string, e, want Event) {
	same := func(member string, is, want any) { c.same(FactsFile, field+"."+member, is, want) }
	same("at", e.At, want.At)
	same("by", e.By, want.By)
	same("deed", e.Deed, want.Deed)
	same("rows", e.Rows, want.Rows)
	same("proposal", e.Proposal, want.Proposal)
	c.compareSaid(field+".detail", e.Detail, want.Detail, want.No)
}

// eventOf is a step of the receipt as the facts have it.
func (c *checker) eventOf(e evidence.EventLeaf) Event {
	return Event{No: e.No, At: milli(e.At), By: e.By, Deed: evidence.DeedName(e.Deed), Rows: RowsOf(c.firm(), e.Rows),
		Proposal: e.Proposal, Detail: c.Proved.Details[e.No].Text}
}

// compareSaid compares what a person wrote at a step. Where the receipt does not open it, because it concerns others
// too, it must be left out.
func (c *checker) compareSaid(field, is, want string, event int64) {
	if _, open := c.Proved.Details[event]; !open && is != "" {
		want = LeftOut
	}
	c.same(FactsFile, field, is, want)
}

// compareProposals compares each proposal with the steps that it came about with. Of one whose steps came after the
// checkpoint, all or some, only what the others prove is compared.
func (c *checker) compareProposals(f Facts) {
	seen := make(map[int64]bool)
	for _, p := range f.Proposals {
		field := fmt.Sprintf("proposals.%d", p.No)
		known := slices.ContainsFunc(f.Events, func(e Event) bool { return e.Proposal == p.No })
		if seen[p.No] || !known {
			c.fault(Fault{Name: FactsFile, Kind: FaultStep, Field: field})
			continue
		}
		seen[p.No] = true
		later := slices.ContainsFunc(f.Events, func(e Event) bool {
			return e.Proposal == p.No && e.No > c.Proved.Checkpoint.Upto.Events
		})
		if steps := c.stepsOf(p.No); len(steps) > 0 {
			c.compareAsked(field, p, steps[0])
			c.compareAnswer(field, p, steps[1:], later)
		}
	}
	for _, e := range f.Events {
		if e.Proposal > 0 && !seen[e.Proposal] {
			seen[e.Proposal] = true
			c.fault(Fault{Name: FactsFile, Kind: FaultStep, Field: fmt.Sprintf("proposals.%d", e.Proposal)})
		}
	}
}

// stepsOf are the steps of the receipt with a proposal: it was asked for, and answered.
func (c *checker) stepsOf(proposal int64) (steps []evidence.EventLeaf) {
	for _, e := range c.Proved.Events {
		if e.Proposal == proposal {
			steps = append(steps, e)
		}
	}
	return steps
}

func (c *checker) compareAsked(field string, p Proposal, ask evidence.EventLeaf) {
	same := func(member string, is, want any) { c.same(FactsFile, field+"."+member, is, want) }
	same("count", p.Count, ask.Firms)
	same("held", p.Held, ask.Held)
	same("askedby", p.AskedBy, ask.AskedBy)
	same("shown", p.Shown, shownOf(ask.Shown))
	if strings.HasPrefix(ask.Deed, "ask") {
		same("asked", p.Asked, milli(ask.At))
		same("kind", "申请"+p.Kind, evidence.DeedName(ask.Deed))
	}
	if ask.Rows != "" { // a return is of the whole case, and its rows are those that its reason names
		same("rows", p.Rows, RowsOf(c.firm(), ask.Rows))
	}
	c.compareSaid(field+".reason", p.Reason, c.Proved.Details[ask.No].Reason, ask.No)
}

// shownOf is the digest of a leaf as the facts have it: of none they have 64 zeros.
func shownOf(shown string) string {
	if shown == "" {
		return strings.Repeat("0", 64)
	}
	return shown
}

func (c *checker) compareAnswer(field string, p Proposal, answers []evidence.EventLeaf, later bool) {
	same := func(member string, is, want string) { c.same(FactsFile, field+"."+member, is, want) }
	switch {
	case len(answers) > 0:
		a := answers[0]
		same("answer", p.Answer, answerOf(a.Deed))
		same("answered", p.Answered, milli(a.At))
		same("answeredby", p.AnsweredBy, a.By)
		if p.Answer == Confirmed {
			same("reply", p.Reply, "")
		} else {
			c.compareSaid(field+".reply", p.Reply, c.Proved.Details[a.No].Text, a.No)
		}
	case !later:
		same("answer", p.Answer, Waits)
		same("answered", p.Answered, "")
		same("answeredby", p.AnsweredBy, "")
		same("reply", p.Reply, "")
	}
}

// answerOf is the answer that a step gave to a proposal.
func answerOf(deed string) string {
	word, _, _ := strings.Cut(deed, " ")
	switch word {
	case "withdraw":
		return Withdrawn
	case "refuse":
		return Refused
	}
	return Confirmed
}
