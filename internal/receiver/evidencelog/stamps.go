package evidencelog

import (
	"context"
	"errors"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/receiver/intake"
)

func unsigned(note []byte) (evidence.Checkpoint, error) { return evidence.UnsignedCheckpoint(note) }

// ErrNotStamped: no stamp covers the checkpoint yet.
var ErrNotStamped = errors.New("no time-stamp covers the checkpoint yet")

// StampList are all stamps, in order.
func (l *Log) StampList(ctx context.Context, by intake.By) (all []intake.Stamp, err error) {
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		all, err = tx.Stamps()
		return err
	})
	return all, err
}

// Stamps are what proves when a checkpoint existed at the latest: the first stamp that covers it, and as few later ones
// as renew it to the last. ErrNotStamped, or ErrAltered where the log does not have the checkpoint.
func (l *Log) Stamps(ctx context.Context, by intake.By, c evidence.Checkpoint) (s evidence.Stamps, err error) {
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		all, err := tx.Stamps()
		if err != nil {
			return err
		}
		first, of, err := firstStamp(all, c)
		if err != nil {
			return err
		}
		if s.Path, err = merkle.Consistency(c.Size, of.Size, storedTiles{tx, all[first].LogNo}); err != nil {
			return errors.Join(ErrAltered, err)
		}
		s.Steps, err = steps(all, first)
		return err
	})
	return s, err
}

// StampsInUse are Stamps without those that renew one whose certificate is still valid: while none expires they stay
// the same. ErrNotStamped, ErrAltered.
func (l *Log) StampsInUse(ctx context.Context, by intake.By, c evidence.Checkpoint) (s evidence.Stamps, err error) {
	if s, err = l.Stamps(ctx, by, c); err != nil {
		return s, err
	}
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		now := l.desk.Now(tx)
		for i, step := range s.Steps {
			token, err := stamp.Parse(step.Item.Token)
			if err != nil {
				return errors.Join(ErrAltered, err)
			}
			if token.Until().After(now) {
				s.Steps = s.Steps[:i+1]
				return nil
			}
		}
		return nil
	})
	return s, err
}

// checkStamps reports each stamp that does not cover what is before it, or has another number or time than its row.
func (k *checker) checkStamps(tx intake.Tx) error {
	all, err := tx.Stamps()
	if err != nil {
		return err
	}
	report := func(i int, err error) {
		k.report(Fault{Kind: FaultStamp, Of: evidence.KindRecords, Table: tableStamp, From: all[i].No, To: all[i].No,
			Err: err})
	}
	stamp.Check(items(all), report)
	for i, s := range all {
		t, err := stamp.Parse(s.Token)
		if err == nil && t.Time.UnixMilli() != s.Made.UnixMilli() || s.No != int64(i)+1 {
			report(i, errors.New("another number or time"))
		}
	}
	return nil
}

// tableStamp names the stamps in faults; they are in no leaf.
const tableStamp = "stamp"

// firstStamp is the place of the first stamp of a checkpoint, or of a later one of its log.
func firstStamp(all []intake.Stamp, c evidence.Checkpoint) (i int, of evidence.Checkpoint, err error) {
	for i, s := range all {
		of, err := unsigned(s.Note)
		if err != nil {
			return 0, of, errors.Join(ErrAltered, err)
		}
		if of.Origin == c.Origin && of.Size >= c.Size {
			return i, of, nil
		}
	}
	return 0, of, ErrNotStamped
}

// steps are the stamps from one on that renew it to the last.
func steps(all []intake.Stamp, first int) (list []stamp.Step, err error) {
	covered := all[first].No
	for at := first; at >= 0; {
		token, err := stamp.Parse(all[at].Token)
		if err != nil {
			return nil, errors.Join(ErrAltered, err)
		}
		list = append(list, stamp.NewStep(items(all[:at+1]), all[at].No, covered, token.Suite))
		covered = all[at].No
		if at, err = renewedBy(all, at, token); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// renewedBy is the place of the last stamp that was made before the certificates of another one ended, but not beyond
// the first that used another hash function: the old one may have been about to break. Where none was made in time it
// is the next one, which proves nothing. -1: it is the last itself.
func renewedBy(all []intake.Stamp, at int, t stamp.Token) (int, error) {
	if at == len(all)-1 {
		return -1, nil
	}
	best := at + 1
	for i := at + 1; i < len(all) && all[i].Made.Before(t.Until()); i++ {
		next, err := stamp.Parse(all[i].Token)
		if err != nil {
			return 0, errors.Join(ErrAltered, err)
		}
		if best = i; next.Suite != t.Suite {
			break
		}
	}
	return best, nil
}
