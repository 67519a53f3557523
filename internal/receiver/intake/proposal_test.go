package intake_test

import (
	"errors"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// propose makes a proposal that must succeed.
func (o *office) propose(t testing.TB, by intake.By, f casework.Draft) int64 {
	t.Helper()
	p, err := o.Propose(t.Context(), by, f)
	must(t, err)
	return p.No
}

// confirm has a person look at a proposal and confirm it.
func (o *office) confirm(t testing.TB, by intake.By, no int64) error {
	t.Helper()
	f, err := o.ProposalFile(t.Context(), by, no)
	must(t, err)
	return o.ConfirmProposal(t.Context(), by, no, f.Now)
}

// Two persons release some firms of a list, withhold one, take one back, and each decision is of its exact set.
func TestProposalsDecideOnTheirSets(t *testing.T) {
	o := openOffice(t)
	clerk, reviewer := intake.Actor("console:a"), intake.Actor("console:b")
	id := o.send(t, o.admit(t, "甲"), caseOf("1号", entities(0, 10)...)).AcceptID
	ready := casework.Draft{AcceptID: id, Kind: release.Release, Ready: true}
	if _, err := o.Propose(t.Context(), clerk, ready); !errors.Is(err, intake.ErrInvalid) {
		t.Error("before it was verified: ", err)
	}
	o.verify(t)
	must(t, o.Check(t.Context(), clerk, id, "", nil))
	some := o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Withhold, Rows: "3", Reason: "不公示"})
	rest := o.propose(t, clerk, ready)
	p, err := o.ProposalFile(t.Context(), reviewer, rest)
	must(t, err)
	if p.Rows != "1-2,4-10" || p.Count != 9 || p.Held != 0 || p.Changed {
		t.Errorf("%+v", p)
	}
	if err := o.confirm(t, clerk, rest); !errors.Is(err, intake.ErrSamePerson) {
		t.Error("the same person: ", err)
	}
	must(t, o.confirm(t, reviewer, some))
	must(t, o.confirm(t, reviewer, rest))
	if err := o.ConfirmProposal(t.Context(), reviewer, rest, p.Now); !errors.Is(err, intake.ErrExists) {
		t.Error("twice: ", err)
	}
	back := o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Recall, Rows: "3、5", Reason: "再看"})
	must(t, o.confirm(t, reviewer, back))
	got := o.query(t, "SELECT from_pos || ' ' || to_pos || ' ' || decision || ' ' || published || ' ' || proposal_no "+
		"FROM firm_span ORDER BY from_pos")
	sameRows(t, "spans", got, []string{"0 1 1  2", "3 3 1  2", "5 9 1  2"})
	holdClean(t, o)
}
