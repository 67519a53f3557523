package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"diaoxiao/sandbox"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
)

// olderProgram is what a program of an older version leaves of the cases that it verifies: what is derived since is
// missing, and it says by which rules it went. The condition chooses the cases.
func olderProgram(condition string) []string {
	return []string{
		"DELETE FROM docket WHERE " + condition,
		"DELETE FROM entity_key WHERE kind = 4 AND " + condition,
		"DELETE FROM counterpart WHERE " + condition,
		"DELETE FROM counterpart_case WHERE " + condition,
		"DELETE FROM finding WHERE rule > 100 AND " + condition,
		"UPDATE verification SET rules = 1 WHERE " + condition,
	}
}

func (o *office) older(t testing.TB, condition string) {
	t.Helper()
	for _, statement := range olderProgram(condition) {
		if _, err := o.raw(t).Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// Cases that an older program verified are verified again without a request of an operator. All derived data is there
// then, also of cases that were verified before them, and also where the older program verified in an epoch of its own.
func TestOutdated(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 5 {
		o.send(t, b, sandbox.Batch(uint64(i+1), 40))
	}
	o.verify(t)
	want := o.derived(t)
	var log bytes.Buffer
	v := verify.New(o.Desk, slog.New(slog.NewTextHandler(&log, nil)))
	for _, condition := range []string{"case_no > 0", "case_no > 3", "case_no < 3", "case_no = 2"} {
		o.older(t, condition)
		n := len(o.query(t, "SELECT case_no FROM verification WHERE rules = 1"))
		if got, err := v.Outdated(t.Context(), 100); got != n || err != nil {
			t.Errorf("%s: %d cases of an older program, %v; want %d", condition, got, err, n)
		}
		if faults, in := o.inspect(t); in.Outdated != int64(n) || strings.Contains(fmt.Sprint(faults), "待办") {
			t.Errorf("%s: inspection finds %d of an older program and %v", condition, in.Outdated, faults)
		}
		for range 2 { // one pass verifies the last of them again, the next looks from the first case on
			if err := v.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sameRows(t, condition, o.derived(t), want)
		holdClean(t, o)
		if got, err := v.Outdated(t.Context(), 100); got != 0 || err != nil {
			t.Errorf("%s: %d are left, %v", condition, got, err)
		}
	}
	for _, line := range []string{"are verified again", "have been verified again"} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("no line %q in the log:\n%s", line, &log)
		}
	}
}

// A case that nobody has verified comes before those of an older program.
func TestOutdatedComesLast(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 3 {
		o.send(t, b, sandbox.Batch(uint64(i+1), 10))
	}
	o.verify(t)
	o.older(t, "case_no > 0")
	o.send(t, b, sandbox.Batch(9, 10))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	v := verify.New(intake.NewDesk(intake.Config{Store: stopAfterClaim{o.store, stop}}), nil)
	if err := v.Pass(ctx); err == nil {
		t.Fatal("the pass was not broken off")
	}
	if left := o.query(t, "SELECT case_no FROM verification WHERE rules = 1"); len(left) != 3 {
		t.Errorf("%v of the older program are left", left)
	}
	if newest := o.query(
		t,
		fmt.Sprintf("SELECT case_no FROM verification WHERE rules = %d", rules.Version),
	); len(newest) != 1 {
		t.Errorf("%v are verified", newest)
	}
}

// stopAfterClaim ends a pass when cases of an older program are claimed.
type stopAfterClaim struct {
	intake.Store
	stop func()
}

func (s stopAfterClaim) ClaimOutdated(ctx context.Context, after int64, version, limit int) (intake.Claim, error) {
	s.stop()
	return s.Store.ClaimOutdated(ctx, after, version, limit)
}

// An older node goes on verifying beside two newer ones: between them everything gets complete, and each case once.
func TestOutdatedNodes(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 8 {
		o.send(t, b, sandbox.Batch(uint64(i+1), 20))
	}
	o.verify(t)
	want := plain(o.derived(t))
	c := openCluster(t, o, 2, nil)
	c.verify(t)
	db := c.open(t)
	for _, statement := range olderProgram("case_no IN (1, 4, 5, 8)") {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for left := 1; left > 0; {
		c.verify(t)
		if err := db.QueryRow("SELECT COUNT(*) FROM verification WHERE rules = 1").Scan(&left); err != nil {
			t.Fatal(err)
		}
	}
	sameRows(t, "nodes", plain(c.derived(t)), want)
}
