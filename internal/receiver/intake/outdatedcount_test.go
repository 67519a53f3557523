package intake_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// countingStore notes up to how many cases of an older program are counted.
type countingStore struct {
	intake.Store
	counted *[]int
}

func (s countingStore) View(ctx context.Context, f func(intake.Tx) error) error {
	return s.Store.View(ctx, func(tx intake.Tx) error { return f(countingTx{tx, s.counted}) })
}

type countingTx struct {
	intake.Tx
	counted *[]int
}

func (t countingTx) CountOutdated(version, most int) (int, error) {
	*t.counted = append(*t.counted, most)
	return t.Tx.CountOutdated(version, most)
}

// Cases of an older program are all counted once for a round, for the log; each further claim asks for one.
func TestOutdatedAreCountedOnceARound(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 4 {
		o.send(t, b, sandbox.Batch(uint64(i+1), 5))
	}
	o.verify(t)
	o.older(t, "case_no > 0")
	var counted []int
	d := intake.NewDesk(intake.Config{Store: countingStore{o.store, &counted}, Clock: o.now})
	if err := verify.New(d, slog.New(slog.DiscardHandler)).TakeAtMost(1).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := o.query(
		t,
		"SELECT case_no FROM verification WHERE rules <> "+strconv.Itoa(rules.Version),
	); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
	all := 0
	for _, most := range counted {
		if most > 1 {
			all++
		}
	}
	if all != 1 || len(counted) < 5 {
		t.Errorf("counted up to %v", counted)
	}
}
