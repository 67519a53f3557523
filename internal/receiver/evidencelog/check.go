package evidencelog

import (
	"context"
	"errors"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// FaultKind is how the store differs from the evidence log.
type FaultKind int

// The kinds of faults.
const (
	FaultSignature  FaultKind = iota + 1 // a stored checkpoint that no trusted key signed
	FaultTree                            // the trees do not have the root that was signed
	FaultAltered                         // a row is not the one that was logged
	FaultMissing                         // a row that was logged is not there
	FaultInserted                        // a row that was not logged stands among those that were
	FaultCheckpoint                      // a checkpoint that is known from elsewhere is not there, or is another one
	FaultUnreadable                      // a row cannot be read: its body is damaged, or what it refers to is gone
	FaultNote                            // a stored checkpoint cannot be read: the log was compared up to it
	FaultOrigin                          // a stored checkpoint has the name of another log
	FaultUnsigned                        // rows that came in after the last checkpoint
	FaultRow                             // a row that changes in place has a state that no step of the program gave it
	FaultRowUnknown                      // such a row of which no state was ever recorded
	FaultRowGone                         // such a row is not there
	FaultStamp                           // a time-stamp that is none, or one before it was altered or deleted
	FaultStranger                        // a checkpoint that is known from elsewhere is of a log that is not here
)

// Fault is one difference between the store and the evidence log.
type Fault struct {
	Kind     FaultKind
	Of       evidence.Kind // of the leaf; "": the log itself
	Table    string        // of records
	Key      string        // of a row that changes in place
	From, To int64         // case numbers, event numbers or numbers of the table; leaves of the log itself
	AcceptID string        // of a case or an event, where it is known
	At       time.Time     // of unsigned rows: when the first of them came in, as it says itself
	Err      error         // of what can't be read
}

// Checked is the result of a check.
type Checked struct {
	Origin      string
	Checkpoints int64
	Leaves      int64 // that were derived again and compared
	Last        evidence.Checkpoint
	Waiting     int64 // cases whose attempts are signed, and that are not in the log themselves yet
	Unsigned    int64 // rows that came in after the last checkpoint: each range is a FaultUnsigned too
}

// Check derives the log of the store again, and hands over each difference from what was signed. trusted is a policy
// with the keys, or nil: then signatures are not verified. known are checkpoints that are kept elsewhere: with one of
// them a store that was altered or restored as a whole is found out. Safe to repeat; it reads only.
// progress, unless it is nil, gets how far the check has come after each checkpoint.
func (l *Log) Check(
	ctx context.Context, by intake.By, trusted *evidence.Policy, known []evidence.Checkpoint, f func(Fault),
	progress func(Checked),
) (c Checked, err error) {
	if err := l.desk.Look(ctx, by, intake.Maintain, func(intake.Tx) error { return nil }); err != nil {
		return c, err
	}
	k := &checker{log: l, trusted: trusted, known: known, report: f, edge: new(merkle.Edge)}
	if err := k.begin(ctx); err != nil {
		return c, err
	}
	if err := k.checkEarlier(ctx, progress); err != nil {
		return c, err
	}
	return k.run(ctx, progress)
}

// run checks the log.
func (k *checker) run(ctx context.Context, progress func(Checked)) (c Checked, err error) {
	for more := true; more && err == nil; {
		if more, err = k.next(ctx); progress != nil {
			progress(k.checked)
		}
	}
	if errors.Is(err, intake.ErrDamaged) {
		k.report(Fault{Kind: FaultNote, From: k.last.Size, To: k.last.Size, Err: err})
		return k.checked, k.view(ctx, k.checkRows)
	}
	if err == nil {
		err = k.finish(ctx)
	}
	return k.checked, err
}

// checker is a check under way.
type checker struct {
	log     *Log
	trusted *evidence.Policy
	known   []evidence.Checkpoint
	report  func(Fault)

	of      intake.EvidenceLog
	last    intake.SignedCheckpoint // the last that was checked
	edge    *merkle.Edge            // of the stored hashes of leaves
	earlier bool                    // the log was continued by another one, and proves nothing of what came after it
	torn    bool                    // the trees differ from what was signed: stored hashes prove nothing from here on
	checked Checked
}

func (k *checker) view(ctx context.Context, f func(intake.Tx) error) error {
	return k.log.desk.Store().View(ctx, f)
}

func (k *checker) begin(ctx context.Context) error {
	return k.view(ctx, func(tx intake.Tx) error {
		t, err := newTip(tx)
		k.of, k.checked.Origin = t.log, t.log.Origin
		if errors.Is(err, intake.ErrDamaged) {
			return nil // the walk comes to it
		}
		return err
	})
}

// next checks the batch of the next checkpoint.
func (k *checker) next(ctx context.Context) (more bool, err error) {
	var at intake.SignedCheckpoint
	var batch *source
	var stored []merkle.Pair
	err = k.view(ctx, func(tx intake.Tx) (err error) {
		if at, batch, err = nextBatch(tx, k.of.No, k.last.Checkpoint); err != nil || batch == nil {
			return err
		}
		stored, err = storedLeaves(tx, k.of.No, k.last.Size, at.Size)
		return err
	})
	if err != nil || batch == nil {
		return false, err
	}
	k.checkSigned(at, stored)
	err = k.checkLeaves(ctx, batch, stored)
	k.last = at
	k.checked.Checkpoints++
	k.checked.Last = k.last.Checkpoint
	return true, err
}

// storedLeaves are the hashes of leaves that the tiles have, from one size of the log to another; of a tile that is
// missing or short, zeros.
func storedLeaves(tx intake.Tx, logNo, from, to int64) (all []merkle.Pair, err error) {
	for at := from; at < to; {
		t, err := tx.EvidenceTile(logNo, merkle.TileID{No: at / merkle.TileWidth})
		if err != nil && !errors.Is(err, intake.ErrNotFound) {
			return nil, err
		}
		for end := min(to, (at/merkle.TileWidth+1)*merkle.TileWidth); at < end; at++ {
			var p merkle.Pair
			if i := int(at % merkle.TileWidth); i < len(t) {
				p = t[i]
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// errSignature is a checkpoint that has a signature of another name in the place of one by a key of the log.
var errSignature = errors.New("a signature of the log is missing, and one that is not in the policy is there instead")

// checkSigned verifies the signatures of a checkpoint, and its roots against the stored hashes.
func (k *checker) checkSigned(at intake.SignedCheckpoint, stored []merkle.Pair) {
	if at.Origin != k.of.Origin {
		k.report(Fault{Kind: FaultOrigin, From: at.Size, To: at.Size})
	}
	if k.trusted != nil {
		_, by, err := k.trusted.Open(at.Note)
		if errors.Is(err, evidence.ErrWitness) {
			err = nil // cosignatures are of those that were handed out
		}
		if err == nil && k.trusted.Lacks(k.of.Origin, by) {
			err = errSignature
		}
		if err != nil {
			k.report(Fault{Kind: FaultSignature, From: at.Size, To: at.Size, Err: err})
		}
	}
	for _, leaf := range stored {
		k.edge.Add(leaf, func(merkle.TileID, merkle.Tile) {})
	}
	if !k.torn && k.edge.Root() != at.Roots {
		k.torn = true
		k.report(Fault{Kind: FaultTree, From: k.last.Size, To: at.Size})
	}
	for _, c := range k.known {
		if c.Origin == k.of.Origin && c.Size == at.Size && c.Text() != at.Text() {
			k.report(Fault{Kind: FaultCheckpoint, From: c.Size, To: c.Size})
		}
	}
}
