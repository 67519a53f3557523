package intake_test

import (
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Names are revealed for one case, one visit, a stated purpose and some time, and the audit has it.
func TestRevealNames(t *testing.T) {
	o := openOffice(t)
	ctx, b, by := t.Context(), o.admit(t, "甲"), intake.Actor("console:a")
	r, other := o.send(t, b, caseOf("案1", entity(1))), o.send(t, b, caseOf("案2", entity(2)))
	mine, yours := intake.HashToken("mine"), intake.HashToken("yours")
	may := func(token intake.TokenHash, acceptID string) bool {
		t.Helper()
		c, err := o.CaseFile(ctx, intake.System, acceptID)
		if err != nil {
			t.Fatal(err)
		}
		ok, err := o.Revealed(ctx, by, token, c.No)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if err := o.RevealNames(ctx, by, mine, r.AcceptID, " ", time.Hour); !errors.Is(err, intake.ErrInvalid) ||
		may(mine, r.AcceptID) {
		t.Errorf("without a purpose: %v", err)
	}
	if err := o.RevealNames(ctx, by, mine, "202603200000000011", "核对", time.Hour); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("of no case: %v", err)
	}
	if err := o.RevealNames(ctx, by, mine, r.AcceptID, "核对名单", time.Hour); err != nil {
		t.Fatal(err)
	}
	if !may(mine, r.AcceptID) || may(yours, r.AcceptID) || may(mine, other.AcceptID) {
		t.Error("revealed to another, or of another case, or not at all")
	}
	o.wait(time.Hour)
	if may(mine, r.AcceptID) {
		t.Error("still revealed")
	}
	es, err := o.EntriesAfter(ctx, intake.System, 0, 100)
	if e := es[len(es)-1]; err != nil || len(es) != 2 || e.Action != "case reveal names" || e.Target != r.AcceptID ||
		e.Detail != "核对名单" {
		t.Errorf("%+v, %v", es, err)
	}
}
