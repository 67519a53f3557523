package evidencelog_test

import (
	"errors"
	"fmt"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// While cases come in quickly their attempts are signed at once, and their leaves later: nothing is unsigned meanwhile,
// a case that waits has no receipt yet, and in the end each has one.
func TestPace(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			o.sign()
			const cases = 120
			for i := range cases {
				o.send(fmt.Sprint(i, "号"), receivertest.Entities(10+i, 1)...)
			}
			if _, err := evidencelog.Beat(t.Context(), o.signer, 1e6); err != nil {
				t.Fatal(err)
			}
			last := o.lastCheckpoint()
			if last.Upto.Attempts != cases || last.Upto.Cases < 1 || last.Upto.Cases == cases {
				t.Fatalf("%+v", last.Upto)
			}
			faults, c := o.check(last)
			if len(faults) > 0 || c.Waiting != cases-last.Upto.Cases || c.Unsigned != 0 {
				t.Errorf("%+v: %q", c, faults)
			}
			_, err := o.log.Receipt(t.Context(), intake.Actor("cli:x"), o.acceptID(cases), evidencelog.Content{})
			if !errors.Is(err, evidencelog.ErrNotYet) {
				t.Errorf("the receipt of a case that waits: %v", err)
			}
			if again, err := evidencelog.Beat(t.Context(), o.signer, 0); err != nil || again {
				t.Fatal(again, err)
			}
			for _, no := range []int64{1, last.Upto.Cases, last.Upto.Cases + 1, cases} {
				file := o.receipt(o.acceptID(no), evidencelog.Content{Whole: true})
				if _, err := verifyFile(o.policy(), file); err != nil {
					t.Errorf("case %d: %v", no, err)
				}
			}
			if faults, c := o.check(last, o.lastCheckpoint()); len(faults) > 0 || c.Waiting != 0 {
				t.Errorf("%+v: %q", c, faults)
			}
		})
	}
}

// lastCheckpoint is the last checkpoint, with its signatures verified.
func (o *office) lastCheckpoint() evidence.Checkpoint {
	o.Helper()
	note, err := o.log.Checkpoint(o.Context(), intake.Actor("cli:x"))
	o.must(err)
	c, _, err := o.policy().Open(note)
	o.must(err)
	return c
}
