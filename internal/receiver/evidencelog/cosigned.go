package evidencelog

import (
	"errors"
	"slices"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
)

// preferCosigned goes back to a checkpoint that witnesses signed, if it covers a case and, where they are to be shown,
// all steps on it that the log has.
func (t *tip) preferCosigned(c intake.Case, content Content) error {
	least, err := t.covering(c, content)
	if err != nil {
		return err
	}
	return t.takeCosigned(least)
}

// covering is the size of the first checkpoint that covers a case and, where they are to be shown, all steps on it that
// the log has. ErrNotYet.
func (t *tip) covering(c intake.Case, content Content) (size int64, err error) {
	covers, err := t.tx.CheckpointOf(t.log.No, c.No, 0)
	if errors.Is(err, intake.ErrNotFound) {
		err = ErrNotYet
	}
	if err != nil || !content.Events {
		return covers.Size, err
	}
	events, err := t.tx.CaseEvents(c.No)
	if err != nil {
		return 0, err
	}
	for _, e := range slices.Backward(events) {
		if e.No > t.last.Upto.Events {
			continue
		}
		last, err := t.tx.CheckpointOf(t.log.No, 0, e.No)
		return max(covers.Size, last.Size), err
	}
	return covers.Size, nil
}

// settle goes back to the first checkpoint that covers a case and its steps and was signed by the keys in use, or of
// those with the most cosignatures to the first: while nothing happens to the case it stays the same.
func (t *tip) settle(c intake.Case, content Content) error {
	least, err := t.covering(c, content)
	if err != nil {
		return err
	}
	rotated, err := t.rotatedAt()
	if err != nil {
		return err
	}
	if t.last.Size <= rotated {
		return t.cosign() // nothing was signed by the keys in use yet
	}
	least = max(least, rotated+1)
	size, err := t.tx.FirstCosigned(t.log.No, least)
	if err == nil {
		least = size
	} else if !errors.Is(err, intake.ErrNotFound) {
		return err
	}
	first, err := t.tx.Checkpoints(t.log.No, least-1, 1)
	if err != nil || len(first) == 0 {
		return errors.Join(err, t.cosign())
	}
	t.last = first[0]
	return t.cosign()
}

// rotatedAt is the size of the last checkpoint that was signed by keys that are not in use any more; 0: there is none.
func (t *tip) rotatedAt() (int64, error) {
	r, err := t.tx.LastRotation(t.log.No)
	if errors.Is(err, intake.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	s, err := evidence.ParseSuccession(r.Statement)
	if err != nil {
		return 0, errors.Join(ErrAltered, err)
	}
	last, err := evidence.UnsignedCheckpoint(s.Last)
	return last.Size, err
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
