package intake_test

import (
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/intake"
)

// A return that names rows keeps them through both persons' steps, is told to its own app alone, and holds in a check of the database.
func TestReturnedRows(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	ctx, a, b := t.Context(), intake.Actor("console:a"), intake.Actor("console:b")
	c := o.send(t, one, caseOf("案1", entities(0, 9)...))
	o.verify(t)
	o.wait(time.Minute)
	if err := o.AskReturn(ctx, a, c.AcceptID, "由", "10"); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("a row that is not there: %v", err)
	}
	if err := o.AskReturn(ctx, a, c.AcceptID, "由", "9、2-3"); err != nil {
		t.Fatal(err)
	}
	inspected := func(when string) {
		t.Helper()
		if _, err := o.Inspect(ctx, func(f intake.Fault) { t.Errorf("%s: %+v", when, f) }, nil); err != nil {
			t.Error(err)
		}
	}
	inspected("asked for")
	o.wait(time.Minute)
	if err := o.ConfirmReturn(ctx, b, c.AcceptID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	inspected("returned")
	f, err := o.CaseFile(ctx, a, c.AcceptID)
	if err != nil || f.Return.Rows != "2-3,9" || f.Work.Rows != "" {
		t.Errorf("%+v %v", f.Return, err)
	}
	r, rows, err := o.Returned(ctx, one.who, f.Case)
	if err != nil || r.Reason != "由" || len(rows) != 3 || rows[2].Position != 9 || rows[2].PripID == "" {
		t.Errorf("%+v %+v %v", r, rows, err)
	}
	if _, _, err := o.Returned(ctx, two.who, f.Case); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("another app is told: %v", err)
	}
}
