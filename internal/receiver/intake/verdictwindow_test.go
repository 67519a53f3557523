package intake_test

import (
	"context"
	"errors"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
)

// betweenStore has something done before the second window of a verification, and refuses to compare again.
type betweenStore struct {
	intake.Store
	do func()
}

func (s betweenStore) Claim(ctx context.Context, after, epoch int64, n int) (intake.Claim, error) {
	c, err := s.Store.Claim(ctx, after, epoch, n)
	if c == nil || err != nil {
		return nil, err
	}
	return &betweenClaim{c, s.do, 0}, nil
}

func (s betweenStore) ClaimStale(context.Context, int64, int64, int) (intake.Claim, error) {
	return nil, errStopped
}

type betweenClaim struct {
	intake.Claim
	do      func()
	windows int
}

// Await is called once for each window.
func (c *betweenClaim) Await(ctx context.Context) error {
	if c.windows++; c.windows == 2 {
		c.do()
	}
	return c.Claim.Await(ctx)
}

// All entities of a case are compared with one register, also where the next one comes in the middle of them. Where the
// rows of the first are dropped in the middle, all are compared with the next one.
func TestOneRegisterForOneCase(t *testing.T) {
	for _, c := range []struct {
		dropped  bool
		err      error
		snapshot string
	}{{false, errStopped, "1"}, {true, intake.ErrNotFound, "2"}} {
		o := openOffice(t)
		newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 50)...)...)
		o.send(t, o.admit(t, "甲"), caseOf("1", entities(0, 17_000)...))
		between := betweenStore{o.store, func() {
			newRegister(t, o.store, "2026-03-19", firmsOf(entities(0, 60)...)...)
			if c.dropped {
				must(t, o.store.DropRegisters(t.Context(), 2))
			}
		}}
		d := intake.NewDesk(intake.Config{Store: between, Clock: o.now})
		if err := verify.New(d, nil).Pass(t.Context()); !errors.Is(err, c.err) {
			t.Errorf("%v", err)
		}
		if c.dropped {
			o.verify(t)
		}
		hold(t, "compared with", o.query(t, "SELECT DISTINCT snapshot FROM verdict"), []string{c.snapshot})
		hold(t, "case", o.query(t, "SELECT snapshot FROM verification"), []string{c.snapshot})
		o.verify(t)
		hold(t, "consistent", o.query(t, "SELECT COUNT(*) FROM verdict WHERE verdict = 1"), []string{"60"})
		hold(t, "case", o.query(t, "SELECT snapshot FROM verification"), []string{"2"})
		holdClean(t, o)
	}
}
