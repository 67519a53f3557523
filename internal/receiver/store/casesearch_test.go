package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// registry is rows of cases with all that they can be searched by, for two engines to find the same in.
func registry(t testing.TB, s intake.Store, n int) (all []intake.CaseRow) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(n), 3))
	apps := []int64{addApp(t, s, "k1"), addApp(t, s, "k2")}
	names := []string{"百分之100%案", "下_划线", "反\\斜", "Abc有限公司", "引'号", "无"}
	for i := range n {
		app := r.IntN(2)
		c := intake.CaseRow{AppName: fmt.Sprint("应用k", app+1), Case: intake.Case{AppID: apps[app],
			AppKey: fmt.Sprint("k", app+1), Account: []string{"甲", "乙"}[r.IntN(2)],
			CaseID: fmt.Sprint("案", r.IntN(n/2)), CaseName: names[r.IntN(len(names))],
			PenaltyDate: fmt.Sprintf("2026-03-%02d", 1+r.IntN(9)),
			PenaltyOrg:  names[r.IntN(len(names))], Items: r.IntN(100), Received: at(1000*i - r.IntN(3000))}}
		c.Revision = len(slices.DeleteFunc(slices.Clone(all),
			func(o intake.CaseRow) bool { return o.AppID != c.AppID || o.CaseID != c.CaseID }))
		b := newBody(t, s, []byte("x"))
		update(t, s, func(tx intake.Tx) (err error) {
			c.No, err = tx.NextCaseNo()
			c.AcceptID, _ = acceptid.New(c.Received, c.No)
			c.Bytes, c.SHA256, _ = b.Sum()
			if err == nil {
				_, err = tx.InsertCase(c.Case, b)
			}
			return err
		})
		all = append(all, c)
	}
	for i := range all {
		c := &all[i]
		c.Work.CaseNo = c.No
		update(t, s, func(tx intake.Tx) error { return work(tx, r, c) })
		stored := read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(c.No) })
		c.Pack, c.Offset = stored.Pack, stored.Offset
	}
	return all
}

// work verifies some cases, returns some and leaves some worked on and on the worklist. These need not make
// sense.
func work(tx intake.Tx, r *rand.Rand, c *intake.CaseRow) error {
	var entries []intake.WorklistEntry
	if r.IntN(4) > 0 {
		v := intake.Verification{CaseNo: c.No, At: at(9), Items: c.Items, Severe: r.IntN(2), Warnings: r.IntN(3),
			Notices: r.IntN(4)}
		c.Verified, c.Findings, c.Severe, c.Warnings, c.Notices = v.At, v.Findings(), v.Severe, v.Warnings, v.Notices
		if err := errors.Join(tx.PutVerification(v), tx.PutKeys(c.SearchKeys(nil))); err != nil {
			return err
		}
	}
	if r.IntN(4) == 0 {
		c.Returned = at(8)
		if err := tx.InsertReturn(intake.Return{CaseNo: c.No, At: at(8), By: "console:a", Reason: "由"}); err != nil {
			return err
		}
	}
	if r.IntN(2) == 0 {
		c.Work = intake.Work{CaseNo: c.No, Severe: r.IntN(3), Doubts: r.IntN(3)}
		if r.IntN(2) == 0 {
			c.Work.Checked = at(5)
		}
		if r.IntN(2) == 0 {
			c.Work.Published = "2026-03-14"
		}
		if err := tx.PutWork(c.Work); err != nil {
			return err
		}
	}
	for e, has := range worklistOf(*c) {
		if has {
			entries = append(entries, e)
		}
	}
	return tx.PutWorklist(entries)
}

// worklistOf is a worklist for the test: by it, what a search starts from can be told.
func worklistOf(c intake.CaseRow) map[intake.WorklistEntry]bool {
	return map[intake.WorklistEntry]bool{
		{Kind: intake.ToCheck, CaseNo: c.No}:                          c.Severe > 0 && c.Work.Checked.IsZero(),
		{Kind: intake.ToPublish, Since: c.PenaltyDate, CaseNo: c.No}:  c.Returned.IsZero() && c.Severe == 0,
		{Kind: intake.Unfinished, Since: c.PenaltyDate, CaseNo: c.No}: c.Returned.IsZero() && c.Work.Published == "",
		{Kind: intake.ToConfirm, CaseNo: c.No}:                        c.Work.Doubts > 1,
		{Kind: intake.ToRelease, CaseNo: c.No}:                        c.Severe == 0,
	}
}

// selected is what a search should find, said as plainly as can be.
func selected(c intake.CaseRow, q intake.CaseQuery) bool {
	worklist := worklistOf(c)
	due := worklist[intake.WorklistEntry{Kind: intake.Unfinished, Since: c.PenaltyDate, CaseNo: c.No}]
	in := map[intake.CaseState]bool{
		intake.AnyState: true, intake.StateUnverified: c.Verified.IsZero(), intake.StateSevere: c.Severe > 0,
		intake.StateChecked: !c.Work.Checked.IsZero(), intake.StatePublished: c.Work.Published != "",
		intake.StateReturned:  !c.Returned.IsZero(),
		intake.StateToCheck:   worklist[intake.WorklistEntry{Kind: intake.ToCheck, CaseNo: c.No}],
		intake.StateToConfirm: worklist[intake.WorklistEntry{Kind: intake.ToConfirm, CaseNo: c.No}],
		intake.StateToRelease: worklist[intake.WorklistEntry{Kind: intake.ToRelease, CaseNo: c.No}],
		intake.StateToPublish: worklist[intake.WorklistEntry{Kind: intake.ToPublish, Since: c.PenaltyDate,
			CaseNo: c.No}],
		intake.StateUnfinished: due, intake.StateOverdue: due && c.PenaltyDate <= q.DueBy,
		intake.StateSoon: due && c.PenaltyDate > q.DueBy && c.PenaltyDate <= q.SoonBy,
	}
	is := func(want, have string) bool { return want == "" || want == have }
	return in[q.State] && (q.AppID == 0 || q.AppID == c.AppID) && is(q.CaseID, c.CaseID) && is(q.AcceptID,
		c.AcceptID) && is(q.Account, c.Account) &&
		(q.Part == "" || !c.Verified.IsZero() && strings.Contains(rules.FoldCaseID(c.CaseID), q.Part)) &&
		strings.Contains(c.CaseName, q.Name) && strings.Contains(c.PenaltyOrg, q.Org) &&
		!c.Received.Before(q.ReceivedFrom) && (q.ReceivedTo.IsZero() || c.Received.Before(q.ReceivedTo)) &&
		c.PenaltyDate >= q.PenaltyFrom && (q.PenaltyTo == "" || c.PenaltyDate <= q.PenaltyTo)
}

// randomQuery asks for little or much.
func randomQuery(r *rand.Rand, all []intake.CaseRow) (q intake.CaseQuery) {
	c := all[r.IntN(len(all))]
	few := func(n int, f func()) {
		if r.IntN(n) == 0 {
			f()
		}
	}
	few(3, func() { q.AppID = c.AppID })
	few(6, func() { q.CaseID = c.CaseID })
	few(12, func() { q.AcceptID = c.AcceptID })
	few(5, func() { q.Account = c.Account })
	few(5, func() { q.Name = []string{"%", "_", "\\", "abc", "Abc", "'", "公司"}[r.IntN(7)] })
	few(8, func() { q.Org = "%" })
	few(4, func() { q.ReceivedFrom = c.Received })
	few(4, func() { q.ReceivedTo = c.Received.Add(10 * time.Second) })
	few(4, func() { q.PenaltyFrom = c.PenaltyDate })
	few(4, func() { q.PenaltyTo = c.PenaltyDate })
	few(5, func() { q.Part = []string{"案1", "2", "1", "案", "1:"}[r.IntN(5)] })
	q.State = append(intake.CaseStates(), intake.AnyState, intake.AnyState)[r.IntN(14)]
	q.DueBy = fmt.Sprintf("2026-03-%02d", 1+r.IntN(9))
	q.SoonBy = fmt.Sprintf("2026-03-%02d", 1+r.IntN(9))
	q.Sort = []intake.CaseSort{intake.ByReceived, intake.ByPenaltyDate, intake.ByItems, intake.BySevere,
		intake.ByOrg}[r.IntN(5)]
	q.Desc, q.Limit = r.IntN(2) == 0, 1+r.IntN(9)
	return q
}

// testSearchCases: every search finds what reading all cases one by one finds, page by page forward and back.
func testSearchCases(t *testing.T, s intake.Store) {
	all := registry(t, s, 60)
	d := intake.NewDesk(intake.Config{Store: s})
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 400 {
		q := randomQuery(r, all)
		var want []intake.CaseRow
		for _, c := range all {
			if selected(c, q) {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(a, b intake.CaseRow) int {
			n := cmp.Compare(a.No, b.No)
			switch q.Sort {
			case intake.ByPenaltyDate:
				n = cmp.Or(cmp.Compare(a.PenaltyDate, b.PenaltyDate), n)
			case intake.ByItems:
				n = cmp.Or(cmp.Compare(a.Items, b.Items), n)
			case intake.BySevere:
				n = cmp.Or(cmp.Compare(a.Severe, b.Severe), n)
			case intake.ByOrg:
				n = cmp.Or(cmp.Compare(a.PenaltyOrg, b.PenaltyOrg), n)
			}
			if q.Desc {
				return -n
			}
			return n
		})
		found += len(want)
		holdPages(t, d, q, want)
		if t.Failed() {
			t.Fatalf("%+v", q)
		}
	}
	if found < 1000 {
		t.Errorf("only %d rows were found", found)
	}
}

// holdPages walks all pages to the end and back, and reads all at once.
func holdPages(t *testing.T, d *intake.Desk, q intake.CaseQuery, want []intake.CaseRow) {
	t.Helper()
	pages := slices.Collect(slices.Chunk(want, q.Limit))
	page := func(n int, q intake.CaseQuery) {
		t.Helper()
		p, err := casework.New(d).SearchCases(t.Context(), intake.Actor("cli:x"), q)
		if err != nil {
			t.Fatal(err)
		}
		uncount(p.Rows)
		equal(t, "page", p, casework.CasePage{Rows: pages[n], Before: n > 0, Behind: n < len(pages)-1})
	}
	if len(pages) == 0 {
		pages = [][]intake.CaseRow{nil}
	}
	page(0, q)
	for n := 1; n < len(pages); n++ {
		q.After = pages[n-1][len(pages[n-1])-1].Key()
		page(n, q)
	}
	for n := len(pages) - 2; n >= 0; n-- {
		q.After, q.Back = pages[n+1][0].Key(), true
		page(n, q)
	}
	var rows []intake.CaseRow
	for r, err := range casework.New(d).AllCases(t.Context(), intake.Actor("cli:x"), q) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	uncount(rows)
	equal(t, "all", rows, want)
	n, more, err := casework.New(d).CountCases(t.Context(), intake.Actor("cli:x"), q)
	if err != nil || n != len(want) || more {
		t.Errorf("counted %d, %t, %v, want %d", n, more, err, len(want))
	}
	holdIndexed(t, d, q)
}

// holdIndexed: by the index of verified cases, all of them are found, in the order that they have without it.
func holdIndexed(t *testing.T, d *intake.Desk, q intake.CaseQuery) {
	t.Helper()
	if q.Sort != intake.ByItems && q.Sort != intake.BySevere {
		return
	}
	list := func(q intake.CaseQuery) (nos []int64) {
		err := d.Store().View(t.Context(), func(tx intake.Tx) error {
			rows, err := tx.SearchCases(q)
			for _, r := range rows {
				if !r.Verified.IsZero() {
					nos = append(nos, r.No)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return nos
	}
	whole := intake.CaseQuery{Sort: q.Sort, Desc: q.Desc, Limit: 1000}
	want := list(whole)
	whole.Indexed, whole.After = true, intake.CaseKey{No: want[len(want)/2]}
	equal(t, "indexed", list(whole), want[len(want)/2+1:])
}

// uncount forgets the firms by state, which no case of the test has.
func uncount(rows []intake.CaseRow) {
	for i := range rows {
		rows[i].Tally, rows[i].Firms = release.Tally{}, release.Counts{}
	}
}
