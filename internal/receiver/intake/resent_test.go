package intake_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// A case that replaces a returned one is compared with it firm by firm, wherever a firm is in the list: a row that the
// return named and that is as it was is found.
func TestResent(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	ctx, a := t.Context(), intake.Actor("console:a")
	list := entities(0, 8)
	first := o.send(t, b, caseOf("1", list...)).AcceptID
	if _, err := o.Resent(ctx, a, o.caseFile(t, first).No, 1000); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("a first case: %v", err)
	}
	o.wait(time.Minute)
	must(t, o.AskReturn(ctx, a, first, "法定代表人有误", "2、4-5"))
	must(t, o.ConfirmReturn(ctx, intake.Actor("console:b"), first))
	again := entities(0, 8)
	again[1].Legal = "改过的人"                 // named, and mended
	again[4].PripID += "9"                  // named, found by its other code
	again = append(again[1:], entity(20))   // the first is dropped, one is new
	again[0], again[2] = again[2], again[0] // which is row 4 of before, as it was
	second := o.send(t, b, caseOf("1", again...)).AcceptID
	r, err := o.Resent(ctx, a, o.caseFile(t, second).No, 1000)
	must(t, err)
	if r.Nth != 2 || r.Before.AcceptID != first || r.Return.Reason != "法定代表人有误" {
		t.Errorf("%d %s %q", r.Nth, r.Before.AcceptID, r.Return.Reason)
	}
	if got := fmt.Sprintln(r.Same, r.Added, r.Dropped, r.Changed, r.Unmended); got != "5 1 1 2 1\n" {
		t.Errorf("same, added, dropped, changed, unmended: %s", got)
	}
	hold(t, "rows", placesOf(r.Rows), []string{"3 2 true", "4 5 true", "8 0 false", "0 1 false"})
}

// placesOf are rows as their numbers in this list and the one before, 0 for none, and whether the return named them.
func placesOf(rows []casework.ResentRow) (ps []string) {
	for _, r := range rows {
		ps = append(ps, fmt.Sprint(r.Pos+1, r.WasPos+1, r.Named))
	}
	return ps
}
