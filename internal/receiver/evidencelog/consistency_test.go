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

// TestConsistencyBetween proves that the log was only added to between any two checkpoints that are kept elsewhere, and
// nothing of a checkpoint that the log never had.
func TestConsistencyBetween(t *testing.T) {
	o := openOffice(t, t.TempDir())
	var notes [][]byte
	for i := range 5 {
		o.send(fmt.Sprint(i, "号"), receivertest.Entities(10*i, 1)...)
		o.sign()
		note, err := o.memory.Note()
		o.must(err)
		notes = append(notes, note)
	}
	for i, was := range notes {
		for j, is := range notes {
			c, err := o.log.Consistency(t.Context(), intake.Actor("cli:x"), was, is)
			if j < i {
				if !errors.Is(err, evidencelog.ErrOrder) {
					t.Errorf("from %d down to %d: %v", i, j, err)
				}
				continue
			}
			o.must(err)
			o.proves(c, was, is)
		}
	}
	other := openOffice(t, t.TempDir())
	other.send("一号", receivertest.Entities(0, 1)...)
	other.sign()
	foreign, err := other.memory.Note()
	o.must(err)
	for _, pair := range [][2][]byte{{notes[0], foreign}, {foreign, notes[4]}} {
		if _, err := o.log.Consistency(t.Context(), intake.Actor("cli:x"), pair[0], pair[1]); err == nil {
			t.Error("proved of a checkpoint that the log never had")
		}
	}
}

// proves demands that the file of a proof verifies, for those two checkpoints and for no others.
func (o *office) proves(c evidence.Consistency, was, is []byte) {
	o.Helper()
	file, err := c.Marshal()
	o.must(err)
	read, err := evidence.ParseConsistency(file)
	o.must(err)
	from, to, err := o.policy().VerifyConsistency(read)
	o.must(err)
	a, err := evidence.UnsignedCheckpoint(was)
	o.must(err)
	b, err := evidence.UnsignedCheckpoint(is)
	o.must(err)
	if from.Text() != a.Text() || to.Text() != b.Text() {
		o.Errorf("proves %d to %d, want %d to %d", from.Size, to.Size, a.Size, b.Size)
	}
	for i := range read.Path {
		read.Path[i][0][0] ^= 1
		if _, _, err := o.policy().VerifyConsistency(read); err == nil {
			o.Error("an altered path verifies")
		}
		read.Path[i][0][0] ^= 1
	}
}
