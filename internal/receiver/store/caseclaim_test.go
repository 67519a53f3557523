package store_test

import (
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// testCaseClaims: a case has one claim and one opening, the last; lists find the cases of a person by it.
func testCaseClaims(t *testing.T, s intake.Store) {
	casesIn(t, s, 4)
	claim := func(no int64, by intake.Actor, i int) {
		update(t, s, func(tx intake.Tx) error {
			return tx.PutCaseClaim(intake.CaseClaim{CaseNo: no, By: by, At: at(i)})
		})
	}
	claim(1, "console:甲", 1)
	claim(2, "console:乙", 2)
	claim(3, "console:乙", 3)
	claim(3, "console:甲", 4)
	update(t, s, func(tx intake.Tx) error {
		return tx.InsertCaseEvent(intake.CaseEvent{CaseNo: 4, At: at(5), By: "console:甲", Kind: intake.EventNote})
	})
	for _, c := range []struct {
		name string
		q    intake.CaseQuery
		want []int64
	}{
		{"claimed by 甲", intake.CaseQuery{Claimer: "console:甲"}, []int64{1, 3}},
		{"claimed by 乙", intake.CaseQuery{Claimer: "console:乙"}, []int64{2}},
		{"claimed by 甲 in a state", intake.CaseQuery{Claimer: "console:甲", State: intake.StateUnverified},
			[]int64{1, 3}},
		{"claimed by 甲, published", intake.CaseQuery{Claimer: "console:甲", State: intake.StatePublished}, nil},
		{"claimed by 甲, of an app", intake.CaseQuery{Claimer: "console:甲", AppID: 1}, []int64{1, 3}},
		{"handled by 甲", intake.CaseQuery{Handler: "console:甲"}, []int64{1, 3, 4}},
		{"both", intake.CaseQuery{Handler: "console:甲", Claimer: "console:甲"}, []int64{1, 3}},
		{"nobody", intake.CaseQuery{Claimer: "console:丙"}, nil},
	} {
		equal(t, c.name, numbersOf(read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) {
			return tx.SearchCases(c.q)
		})), c.want)
		n := read(t, s, func(tx intake.Tx) (int, error) { n, _, err := tx.CountCases(c.q, 10); return n, err })
		equal(t, c.name+", counted", n, len(c.want))
	}
	row := func(no int64) intake.CaseRow {
		return read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) { return tx.CaseRows(no, no) })[0]
	}
	equal(t, "the row", row(3).Claim, intake.CaseClaim{CaseNo: 3, By: "console:甲", At: at(4)})
	equal(t, "who did something last", []intake.Actor{row(4).LastBy, row(3).LastBy}, []intake.Actor{"console:甲", ""})
	count := func(by intake.Actor, most int) int {
		return read(t, s, func(tx intake.Tx) (int, error) { return tx.CountCaseClaims(by, most) })
	}
	equal(t, "counted", []int{count("console:甲", 9), count("console:甲", 1), count("console:丙", 9)}, []int{2, 1, 0})
	for range 2 {
		update(t, s, func(tx intake.Tx) error { return tx.DeleteCaseClaim(3) })
	}
	equal(t, "deleted", row(3).Claim, intake.CaseClaim{})
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.CaseOpening(1); return err })
	for i, by := range []intake.Actor{"console:甲", "console:乙"} {
		o := intake.CaseOpening{CaseNo: 1, By: by, At: at(i)}
		update(t, s, func(tx intake.Tx) error { return tx.PutCaseOpening(o) })
		equal(t, "opened", read(t, s, func(tx intake.Tx) (intake.CaseOpening, error) { return tx.CaseOpening(1) }), o)
	}
}

func numbersOf(rows []intake.CaseRow) (nos []int64) {
	for _, r := range rows {
		nos = append(nos, r.No)
	}
	return nos
}

// testRefusedProposals: a refused proposal is listed until its author does something with the case, or the case is
// returned, whoever else does what; times do not matter.
func testRefusedProposals(t *testing.T, s intake.Store) {
	casesIn(t, s, 4)
	event := func(caseNo int64, by intake.Actor, kind intake.EventKind, proposal int64) {
		update(t, s, func(tx intake.Tx) error {
			return tx.InsertCaseEvent(intake.CaseEvent{CaseNo: caseNo, At: at(1), By: by, Kind: kind,
				ProposalNo: proposal})
		})
	}
	propose := func(caseNo int64, by intake.Actor, is release.Answer) {
		var no int64
		update(t, s, func(tx intake.Tx) (err error) {
			no, err = tx.InsertProposal(intake.Proposal{CaseNo: caseNo, Kind: release.Release, Rows: "1", Count: 1,
				At: at(1), By: by})
			return err
		})
		event(caseNo, by, intake.EventAskRelease, no)
		if is == release.Waits {
			return
		}
		update(t, s, func(tx intake.Tx) error {
			return tx.AnswerProposal(intake.Proposal{No: no, Answer: is, Answered: at(1),
				AnsweredBy: "console:乙"})
		})
		event(caseNo, "console:乙", intake.EventRefuseRelease, no)
	}
	propose(1, "console:甲", release.Refused)
	propose(2, "console:甲", release.Refused)
	propose(3, "console:甲", release.Confirmed)
	propose(3, "console:甲", release.Waits)
	propose(3, "console:丙", release.Refused)
	propose(4, "console:甲", release.Refused)
	refused := func() (cases []int64) {
		for _, p := range read(t, s, func(tx intake.Tx) ([]intake.Proposal, error) {
			return tx.Proposals(intake.ProposalQuery{By: "console:甲", Refused: true})
		}) {
			cases = append(cases, p.CaseNo)
		}
		return cases
	}
	equal(t, "at first", refused(), []int64{4, 2, 1})
	event(1, "console:丙", intake.EventNote, 0)
	equal(t, "after another person's note", refused(), []int64{4, 2, 1})
	event(1, "console:甲", intake.EventNote, 0)
	equal(t, "after a note of the author", refused(), []int64{4, 2})
	propose(2, "console:甲", release.Refused)
	equal(t, "refused once more", refused(), []int64{2, 4})
	update(t, s, func(tx intake.Tx) error {
		return tx.InsertReturn(intake.Return{CaseNo: 4, At: at(2), By: "console:乙"})
	})
	equal(t, "after a return", refused(), []int64{2})
	done := read(t, s, func(tx intake.Tx) ([]intake.CaseEvent, error) { return tx.LastEventsBy("console:甲", 3) })
	if len(done) != 3 || done[0].CaseNo != 2 || done[1].Kind != intake.EventNote || done[2].CaseNo != 4 {
		t.Errorf("the last events: %+v", done)
	}
}

// testCasesByRule: the cases with a finding of a rule are found, with other conditions too, and counted.
func testCasesByRule(t *testing.T, s intake.Store) {
	casesIn(t, s, 3)
	found := func(no int64, rule, pos int) intake.FindingRow {
		return intake.FindingRow{CaseNo: no, Finding: rules.Finding{Rule: rule, Pos: pos}}
	}
	update(t, s, func(tx intake.Tx) error {
		return tx.PutFindings([]intake.FindingRow{found(1, 101, 0), found(1, 101, 1), found(2, 102, 0),
			found(3, 101, 4)})
	})
	for _, c := range []struct {
		q    intake.CaseQuery
		want []int64
	}{
		{intake.CaseQuery{Rule: 101}, []int64{1, 3}},
		{intake.CaseQuery{Rule: 101, Desc: true, Limit: 1}, []int64{3}},
		{intake.CaseQuery{Rule: 102, AppID: 1}, []int64{2}},
		{intake.CaseQuery{Rule: 101, CaseID: "2"}, []int64{3}},
		{intake.CaseQuery{Rule: 101, Name: "x"}, nil},
		{intake.CaseQuery{Rule: 103}, nil},
	} {
		equal(t, "cases", numbersOf(read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) {
			return tx.SearchCases(c.q)
		})), c.want)
		if c.q.Limit == 0 {
			n := read(t, s, func(tx intake.Tx) (int, error) { n, _, err := tx.CountCases(c.q, 10); return n, err })
			equal(t, "counted", n, len(c.want))
		}
	}
}
