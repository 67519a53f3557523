package intake_test

import (
	"slices"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// Requests that wait for a second person are on the worklist of a copy, and of a store whose derived data is made anew,
// before anything is verified there.
func TestAskedIsOnTheWorklistUnverified(t *testing.T) {
	o := openOffice(t)
	ctx, b, a, root := t.Context(), o.admit(t, "甲"), intake.Actor("console:a"), intake.Actor("cli:root")
	y := entity(1)
	y.UniscID = entity(2).UniscID
	publish := o.send(t, b, caseOf("1", entity(1), y)).AcceptID
	back := o.send(t, b, caseOf("2", entity(3))).AcceptID
	settled := o.send(t, b, caseOf("3", entity(4))).AcceptID
	o.send(t, b, caseOf("4", entity(5)))
	o.verify(t)
	o.propose(t, a, casework.Draft{AcceptID: publish, Kind: release.Release, Rows: "1-2", Reason: "由"})
	must(t, o.AskReturn(ctx, a, back, "由", ""))
	must(t, o.AskReturn(ctx, a, settled, "由", ""))
	must(t, o.WithdrawReturn(ctx, a, settled))
	for how, do := range map[string]func() error{
		"rebuilt": func() error { return o.Rebuild(ctx, root) },
		"copied": func() error {
			return o.store.Update(ctx, func(tx intake.Tx) error {
				if err := tx.ClearDerived(); err != nil {
					return err
				}
				return intake.Moved(tx, o.now(), root, "d")
			})
		},
	} {
		must(t, do())
		if got := o.onWorklist(t, intake.StateToConfirm); !slices.Equal(got, []string{publish, back}) {
			t.Errorf("%s: %v, not %s and %s", how, got, publish, back)
		}
		holdClean(t, o)
		o.verify(t)
		holdClean(t, o)
	}
	must(t, o.Rebuild(ctx, root))
	must(t, o.WithdrawReturn(ctx, a, back))
	if got := o.onWorklist(t, intake.StateToConfirm); !slices.Equal(got, []string{publish}) {
		t.Errorf("withdrawn, and on the worklist: %v", got)
	}
	holdClean(t, o)
	o.verify(t)
	holdClean(t, o)
}
