package store_test

import (
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// verdictAt is a verdict with every value of its own.
func verdictAt(caseNo int64, pos int, v register.Verdict) intake.VerdictRow {
	return intake.VerdictRow{CaseNo: caseNo, Pos: pos, Result: register.Result{Verdict: v, Rule: 806,
		Fields: register.FieldLegal, Others: 2, Snapshot: 3, Firm: register.Firm{RowNo: 7, PripID: "p", UniscID: "u",
			RegNo: "r", Name: "呼和浩特市某某有限公司", Legal: "苏日娜", EntType: "1130", State: register.Revoked, StateText: "吊销",
			Organ: "局", Founded: "2010-01-01", Approved: "2011-01-01"}}}
}

func testVerdicts(t *testing.T, s intake.Store) {
	casesIn(t, s, 2)
	rows := []intake.VerdictRow{verdictAt(1, 0, register.Consistent), verdictAt(1, 1, register.Different),
		verdictAt(1, 2, register.NotFound), verdictAt(1, 5, register.Different), verdictAt(2, 0, register.Shared)}
	rows[2].Firm = register.Firm{}
	verdicts := func(no int64, from, n int) []intake.VerdictRow {
		return read(t, s, func(tx intake.Tx) ([]intake.VerdictRow, error) { return tx.Verdicts(no, from, n) })
	}
	for range 2 {
		update(t, s, func(tx intake.Tx) error { return tx.PutVerdicts(rows) })
		equal(t, "verdicts", verdicts(1, 0, 10), rows[:4])
	}
	equal(t, "some", verdicts(1, 1, 2), rows[1:3])
	equal(t, "counts", read(t, s, func(tx intake.Tx) (map[register.Verdict]int, error) { return tx.CountVerdicts(1) }),
		map[register.Verdict]int{register.Consistent: 1, register.Different: 2, register.NotFound: 1})
	for _, c := range []struct {
		from, n int
		of      []register.Verdict
		want    []int
	}{{0, 9, []register.Verdict{register.Different}, []int{1, 5}},
		{2, 9, []register.Verdict{register.Different}, []int{5}},
		{0, 2, []register.Verdict{register.Consistent, register.Different, register.NotFound}, []int{0, 1}},
		{0, 9, nil, nil}} {
		equal(t, "places", read(t, s, func(tx intake.Tx) ([]int, error) {
			return tx.VerdictPlaces(1, c.from, c.n, c.of)
		}), c.want)
	}
	rows[1].Verdict = register.Abnormal
	update(t, s, func(tx intake.Tx) error { return tx.PutVerdicts(rows[1:2]) })
	update(t, s, func(tx intake.Tx) error { return tx.DeleteVerdicts(1, 2, 5) })
	equal(t, "changed", verdicts(1, 0, 10), []intake.VerdictRow{rows[0], rows[1], rows[3]})
	equal(t, "of another case", verdicts(2, 0, 10), rows[4:])
	update(t, s, func(tx intake.Tx) error { return tx.ClearDerived() })
	equal(t, "cleared", len(verdicts(1, 0, 10))+len(verdicts(2, 0, 10)), 0)
}

// testStale: the cases that wait for a comparison, from none to all.
func testStale(t *testing.T, s intake.Store) {
	const n = 70
	casesIn(t, s, n+1) // the last is not verified
	var nos []int64
	update(t, s, func(tx intake.Tx) error {
		for no := int64(1); no <= n; no++ {
			nos = append(nos, no)
			v := intake.Verification{CaseNo: no, At: at(1), Severe: 1, Snapshot: no % 2, Worse: at(int(no))}
			if err := tx.PutVerification(v); err != nil {
				return err
			}
		}
		return nil
	})
	waits := func(snapshot int64, most int) [2]int64 {
		return read(t, s, func(tx intake.Tx) (w [2]int64, err error) {
			count, err := tx.CountStale(snapshot, most)
			if err == nil {
				w[0] = int64(count)
				w[1], err = tx.FirstStale(snapshot)
			}
			return w, err
		})
	}
	equal(t, "stale", [][2]int64{waits(0, 100), waits(1, 100), waits(2, 100), waits(2, 3)},
		[][2]int64{{0, 0}, {n / 2, 2}, {n, 1}, {3, 1}})
	claim, err := s.ClaimStale(t.Context(), 4, 1, 3)
	if err != nil || claim == nil {
		t.Fatal(claim, err)
	}
	var claimed []int64
	for _, c := range claim.Cases() {
		claimed = append(claimed, c.No)
	}
	equal(t, "claimed", claimed, []int64{6, 8, 10})
	err = claim.Write(t.Context(), func(tx intake.Tx) error { return tx.PutCompared(1, claimed) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := claim.End(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	equal(t, "claimed and compared", waits(1, 100), [2]int64{n/2 - 3, 2})
	update(t, s, func(tx intake.Tx) error { return tx.PutCompared(2, nos[:n-1]) })
	equal(t, "compared", waits(2, 100), [2]int64{1, n})
	update(t, s, func(tx intake.Tx) error { return tx.PutCompared(2, nos) })
	equal(t, "all compared", waits(2, 100), [2]int64{0, 0})
	v := read(t, s, func(tx intake.Tx) (intake.Verification, error) { return tx.Verification(3) })
	equal(t, "the rest", v, intake.Verification{CaseNo: 3, At: at(1), Severe: 1, Snapshot: 2, Worse: at(3)})
	if claim, err := s.ClaimStale(t.Context(), 0, 2, 3); claim != nil || err != nil {
		t.Errorf("claimed %v, %v", claim, err)
	}
}

// testRegisterFindings: those of the register are deleted alone.
func testRegisterFindings(t *testing.T, s intake.Store) {
	casesIn(t, s, 1)
	var all, left []intake.FindingRow
	for pos := range 4 {
		for _, rule := range []int{rules.OtherCaseByPripID, rules.BodyDamaged, intake.FirstRegisterRule,
			rules.RegisterLegal, intake.LastRegisterRule} {
			f := intake.FindingRow{CaseNo: 1, Finding: rules.Finding{Pos: pos, Rule: rule, Field: "legal"}}
			all = append(all, f)
			if !intake.DependsOnRegister(rule) || pos == 0 || pos == 3 {
				left = append(left, f)
			}
		}
	}
	update(t, s, func(tx intake.Tx) error { return tx.PutFindings(all) })
	update(t, s, func(tx intake.Tx) error { return tx.DeleteRegisterFindings(1, 1, 3) })
	var got []intake.FindingRow
	for _, f := range read(t, s, func(tx intake.Tx) ([]rules.Finding, error) { return tx.Findings(1, 0, 100) }) {
		got = append(got, intake.FindingRow{CaseNo: 1, Finding: f})
	}
	equal(t, "left", got, left)
}

// testWorsened: the cases that got worse since somebody decided on them.
func testWorsened(t *testing.T, s intake.Store) {
	casesIn(t, s, 6)
	works := []intake.Work{{Checked: at(1)}, {Checked: at(1), SeenWorse: at(5)}, {Published: "2026-03-16"}, {},
		{Checked: at(1), SeenWorse: at(4)}}
	update(t, s, func(tx intake.Tx) error {
		for i, w := range works {
			w.CaseNo = int64(i + 1)
			if err := tx.PutWork(w); err != nil {
				return err
			}
			v := intake.Verification{CaseNo: w.CaseNo, At: at(1), Worse: at(5), Snapshot: int64(i)}
			if err := tx.PutVerification(v); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		after, current int64
		want           []int64
	}{{0, 0, []int64{1, 3, 5}}, {1, 1, []int64{3, 5}}, {5, 0, nil}, {0, 2, []int64{1, 2, 3, 5}}} {
		equal(t, "worse", read(t, s, func(tx intake.Tx) ([]int64, error) {
			return tx.CasesWorsened(c.after, c.current, 10)
		}), c.want)
	}
	for _, r := range read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) { return tx.CaseRows(1, 5) }) {
		equal(t, "seen", r.Work.SeenWorse, works[r.No-1].SeenWorse)
		equal(t, "worsened", r.Worsened(), r.No == 1 || r.No == 3 || r.No == 5)
	}
}
