package evidencelog

import (
	"context"
	"errors"
	"slices"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/intake"
)

// InUse is the place, among the keys of a folder, of those that the log is signed with, and the statement by which they
// replaced others; nil: the log began with them. ErrNoLog, ErrReplaced.
func (l *Log) InUse(ctx context.Context, by intake.By, k Keys) (at int, statement []byte, err error) {
	err = l.desk.Look(ctx, by, intake.Maintain, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if err != nil {
			return err
		}
		used, r, err := k.inUse(tx, t.log)
		at, statement = k.index(used), r.Statement
		return err
	})
	return at, statement, err
}

func (k Keys) index(of seal.Keys) int {
	return slices.IndexFunc(k, func(one seal.Keys) bool {
		return slices.Equal(one.For(of.Name).VerifierKeys(), of.VerifierKeys())
	})
}

// errMoved: a checkpoint was signed, or the keys were replaced, while a statement was made.
var errMoved = errors.New("the evidence log went on meanwhile")

// Rotate replaces the keys that the log is signed with by others. It returns the statement (说明) that the old keys all
// signed, which names the last checkpoint under them and the new ones; from then on no checkpoint is signed with the
// old ones. The log goes on as it is. ErrNoLog, ErrNotYet, ErrReplaced, ErrFork; then nothing happened.
func Rotate(ctx context.Context, d *intake.Desk, by intake.By, k Keys, next seal.Keys, m Memory) (
	statement []byte, err error) {
	// While the log is signed each second, a token may take longer for its signature.
	for range 20 {
		if statement, err = rotate(ctx, d, by, k, next, m); !errors.Is(err, errMoved) {
			break
		}
	}
	return statement, err
}

func rotate(ctx context.Context, d *intake.Desk, by intake.By, k Keys, next seal.Keys, m Memory) ([]byte, error) {
	var t tip
	var used seal.Keys
	var before intake.Rotation
	read := func(tx intake.Tx) (err error) {
		if t, err = newTip(tx); err == nil {
			used, before, err = k.inUse(tx, t.log)
		}
		return err
	}
	err := d.Look(ctx, by, intake.Maintain, func(tx intake.Tx) error {
		return errors.Join(read(tx), notForked(tx, t.log, m))
	})
	if err != nil {
		return nil, err
	}
	s := evidence.Succession{From: t.log.Origin, To: t.log.Origin, Keys: next.For(t.log.Origin).VerifierKeys(),
		Last: t.last.Note}
	signed, err := s.Sign(used.Signers()...) // not in the transaction: a token takes its time
	if err != nil {
		return nil, err
	}
	last, no := t.last, before.No+1
	err = d.Administer(ctx, by, intake.Maintain, intake.ActionEvidenceRotate, t.log.Origin, "",
		func(tx intake.Tx, now time.Time) error {
			if err := read(tx); err != nil {
				return err
			}
			if t.last.LogNo != last.LogNo || t.last.Size != last.Size || before.No+1 != no {
				return errMoved
			}
			return tx.InsertRotation(intake.Rotation{LogNo: t.log.No, No: no, At: now, Statement: signed})
		})
	return signed, err
}
