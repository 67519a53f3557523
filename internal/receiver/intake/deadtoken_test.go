package intake_test

import (
	"fmt"
	"testing"
	"time"

	"diaoxiao/api"

	"diaoxiao/internal/receiver/intake"
)

// A token that has ended leaves one attempt a minute, however often it comes and whatever it sends; one that lives
// leaves each.
func TestAttemptsOfDeadToken(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	problems := []api.Problem{{Code: api.InvalidJSON}}
	try := func(n int) {
		t.Helper()
		for i := range n {
			in := intake.Submission{RequestID: fmt.Sprint(o.clock.Load(), i)}
			if err := o.Refuse(t.Context(), b.who, in, problems); err == nil {
				t.Fatal("not refused")
			}
		}
	}
	count := func(want int) {
		t.Helper()
		if rows := o.query(t, "SELECT codes FROM attempt"); len(rows) != want {
			t.Errorf("%d attempts, want %d: %v", len(rows), want, rows)
		}
	}
	try(5)
	count(5)
	if err := o.Logout(t.Context(), b.who); err != nil {
		t.Fatal(err)
	}
	try(50)
	count(6)
	o.wait(time.Minute)
	try(50)
	count(7)
}
