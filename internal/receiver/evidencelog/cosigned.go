package evidencelog

import (
	"errors"
	"slices"

	"diaoxiao/internal/receiver/intake"
)

// preferCosigned goes back to a checkpoint that witnesses signed, if it covers a case and, where they are to be shown,
// all steps on it that the log has.
func (t *tip) preferCosigned(c intake.Case, content Content) error {
	covers, err := t.tx.CheckpointOf(t.log.No, c.No, 0)
	if errors.Is(err, intake.ErrNotFound) {
		return ErrNotYet
	}
	if err != nil || !content.Events {
		return errors.Join(err, t.takeCosigned(covers.Size))
	}
	events, err := t.tx.CaseEvents(c.No)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		if e.No > t.last.Upto.Events {
			continue
		}
		last, err := t.tx.CheckpointOf(t.log.No, 0, e.No)
		if err != nil {
			return err
		}
		return t.takeCosigned(max(covers.Size, last.Size))
	}
	return t.takeCosigned(covers.Size)
}

// takeCosigned goes back to a checkpoint that witnesses signed and that has at least so many leaves, and adds their
// signatures to the note. It leaves the tip where it is if there is none.
func (t *tip) takeCosigned(atLeast int64) error {
	size, err := t.tx.BestCosigned(t.log.No, atLeast)
	if errors.Is(err, intake.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.last, err = t.tx.CheckpointBefore(t.log.No, size+1); err != nil {
		return err
	}
	return t.cosign()
}

// cosign adds the signatures of witnesses to the note of the tip.
func (t *tip) cosign() error {
	all, err := t.tx.Cosignatures(t.log.No, t.last.Size)
	t.last.Note = slices.Clone(t.last.Note)
	for _, c := range all {
		t.last.Note = append(t.last.Note, c.Line...)
	}
	return err
}
