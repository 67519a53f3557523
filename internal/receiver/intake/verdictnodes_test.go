package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/verify"
)

// verdicts is office.storedVerdicts over the cluster's database.
func (c *cluster) verdicts(t testing.TB) (lines []string) {
	t.Helper()
	db := c.open(t)
	defer db.Close()
	for _, line := range linesOf(t, db, "SELECT json_build_array(case_no, pos, verdict, rule, fields, others, pripid, "+
		"uniscid, regno, name, legal, enttype, state, state_text, organ, founded, approved)::text FROM verdict "+
		"ORDER BY case_no, pos") {
		lines = append(lines, strings.ReplaceAll(line, ", ", ","))
	}
	return lines
}

func (s slowStore) ClaimStale(ctx context.Context, after, snapshot int64, limit int) (intake.Claim, error) {
	c, err := s.Store.ClaimStale(ctx, after, snapshot, limit)
	if c == nil || err != nil {
		return nil, err
	}
	return slowClaim{c, s}, nil
}

// Several verifiers of one database share the comparisons, come to what one comes to, and drop the register of before.
func TestNodesCompare(t *testing.T) {
	o := openOffice(t)
	b, a := o.admit(t, "甲"), intake.Actor("console:a")
	var ids []string
	for i := range 20 {
		ids = append(ids, o.send(t, b, caseOf(fmt.Sprint(i), entities(10*i, 10*i+1+i%4)...)).AcceptID)
	}
	first := firmsOf(entities(0, 150)...)
	first[0].Legal = "阿拉坦"
	second := firmsOf(entities(0, 190)...)
	for _, i := range []int{10, 50, 51, 90} {
		second[i].Legal = "阿拉坦"
	}
	c := openCluster(t, o, 3, dawdling(1, false))
	stores := []intake.Store{o.store, c.desks[0].Store()}
	for i, firms := range [][]register.Firm{first, second} {
		for _, s := range stores {
			newRegister(t, s, fmt.Sprint("2026-03-1", 7+i), firms...)
		}
		o.verify(t)
		c.verify(t)
		sameRows(t, "verdicts", plain(c.verdicts(t)), plain(o.storedVerdicts(t)))
		sameRows(t, "derived", plain(c.derived(t)), plain(o.derived(t)))
		for d, desk := range append(c.desks, o.Desk) {
			cases := o.Cases
			if d < len(c.desks) {
				cases = casework.New(desk)
			}
			if i == 0 && (d == 0 || d == len(c.desks)) {
				for _, id := range ids {
					must(t, cases.Check(t.Context(), a, id, "", nil))
				}
			}
			must(t, desk.Store().View(t.Context(), func(tx intake.Tx) error {
				has, err := tx.HasRegister(1)
				if i == 1 && has {
					t.Error("the register of before is still there")
				}
				return err
			}))
		}
	}
	want := []string{ids[1], ids[5], ids[9]}
	hold(t, "to check", o.onWorklist(t, intake.StateToCheck), want)
	n, err := verify.NewExaminer(c.desks[1]).
		Inspect(t.Context(), intake.System, func(f verify.Fault) { t.Error(f) }, nil)
	if err != nil || n.Unjudged != 0 || n.Unsettled != 0 {
		t.Errorf("%+v, %v", n, err)
	}
}

// A running verifier notices a new register without being told.
func TestRunNoticesRegister(t *testing.T) {
	o := openOffice(t)
	id := o.send(t, o.admit(t, "甲"), caseOf("1", entities(0, 3)...)).AcceptID
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- verify.New(o.Desk, nil).Run(ctx) }()
	for i := range 2 {
		no := newRegister(t, o.store, "2026-03-18", firmsOf(entities(i, 3)...)...)
		for end := time.Now().Add(time.Minute); o.caseFile(t, id).Snapshot != no; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("not compared")
			}
		}
	}
	hold(t, "verdicts", o.judged(t, id), []string{"查无此户 803", "一致", "一致"})
	cancel()
	<-done
}

// countedStore has something done before each claim of cases to compare again.
type countedStore struct {
	intake.Store
	before func()
}

func (s countedStore) ClaimStale(ctx context.Context, after, snapshot int64, n int) (intake.Claim, error) {
	s.before()
	return s.Store.ClaimStale(ctx, after, snapshot, n)
}

// A case that comes in while others are compared again is verified before the next of them.
func TestNewCasesGoFirst(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 3 {
		o.send(t, b, caseOf(fmt.Sprint(i), entities(i, i+1)...))
	}
	o.verify(t)
	newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 9)...)...)
	var last string
	var claims int
	d := intake.NewDesk(intake.Config{Clock: o.now, Store: countedStore{o.store, func() {
		if claims++; last != "" && o.caseFile(t, last).Verified.IsZero() {
			t.Errorf("at claim %d %s is not verified", claims, last)
		}
		last = o.send(t, b, caseOf(fmt.Sprint("new ", claims), entity(3+claims))).AcceptID
	}}})
	must(t, verify.New(d, nil).TakeAtMost(1).Pass(t.Context()))
	if claims != 3 {
		t.Errorf("%d claims", claims)
	}
	holdClean(t, o)
}
