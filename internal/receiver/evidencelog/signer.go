package evidencelog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/intake"
)

// Signer signs checkpoints of the evidence log of a desk, off the path of acceptance. On a cluster one signer at a time
// gets its checkpoint into the database; the others read it and go on from there, so the log does not fork.
type Signer struct {
	desk   *intake.Desk
	log    *slog.Logger
	keys   Keys
	memory Memory

	of   intake.EvidenceLog
	used seal.Keys       // that the log is signed with
	by   intake.Rotation // which says so; none: the log began with them
	last intake.SignedCheckpoint
	edge *merkle.Edge // of last; nil: to be read
	pace pace
	held heldState
}

// NewSigner returns the signer of a desk. log may be nil.
func NewSigner(d *intake.Desk, log *slog.Logger, k Keys, m Memory) *Signer {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Signer{desk: d, log: log, keys: k, memory: m}
	s.recall()
	return s
}

// every is how long a checkpoint waits for more leaves.
const every = 500 * time.Millisecond

// Run signs what comes in until ctx ends, and returns the error of ctx. It tries again some seconds after an error, and
// a minute after one that a person has to mend: after ErrFork it signs nothing until the log was continued.
func (s *Signer) Run(ctx context.Context) error {
	wait := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = every
		again, err := s.beat(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("evidence: no checkpoint signed", "err", err)
			wait = patience(err)
		} else if again {
			wait = 0
		}
	}
}

// beat signs everything that is not in the log yet, of cases as many as the pace allows. again: there are more of them,
// and it is calm.
func (s *Signer) beat(ctx context.Context) (again bool, err error) {
	defer func() { s.noteEnd(ctx, err) }()
	left, attempts := s.pace.cases(), 0
	for more := true; more; {
		var batch *source
		if batch, more, err = s.pass(ctx, left); err != nil {
			s.edge = nil
			return false, err
		}
		if batch != nil {
			left -= len(batch.cases)
			attempts += len(batch.attempts)
		}
	}
	s.pace.saw(attempts, time.Now())
	return left == 0 && s.pace.isCalm(), nil
}

// patience is how long to wait after an error.
func patience(err error) time.Duration {
	if errors.Is(err, ErrFork) || errors.Is(err, ErrReplaced) {
		return time.Minute
	}
	return 5 * time.Second
}

// Pass signs everything that is not in the log yet, and returns. Safe to repeat.
func (s *Signer) Pass(ctx context.Context) (err error) {
	defer func() { s.noteEnd(ctx, err) }()
	for {
		_, more, err := s.pass(ctx, mostRows)
		if err != nil {
			s.edge = nil
		}
		if err != nil || !more {
			return err
		}
	}
}

// pass signs one batch with at most some cases. The batch is nil where there was nothing to sign.
func (s *Signer) pass(ctx context.Context, cases int) (batch *source, more bool, err error) {
	err = s.desk.Store().View(ctx, func(tx intake.Tx) error {
		if err := s.follow(tx); err != nil || s.of.No == 0 {
			return err
		}
		batch, err = readNew(tx, s.last.Upto, cases)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	s.noteRead(batch)
	if s.of.No == 0 {
		return nil, true, s.begin(ctx)
	}
	if batch.empty() {
		return nil, false, nil
	}
	began := time.Now()
	err = s.sign(ctx, batch)
	s.pace.took(len(batch.cases), time.Since(began))
	return batch, true, err
}

// follow reads where the log is, unless this signer knows it.
func (s *Signer) follow(tx intake.Tx) (err error) {
	if s.of, err = tx.EvidenceLog(); errors.Is(err, intake.ErrNotFound) {
		return s.mayBegin()
	} else if err != nil {
		return err
	}
	if s.used, s.by, err = s.keys.inUse(tx, s.of); err != nil {
		return err
	}
	last, err := tx.LastCheckpoint(s.of.No)
	if errors.Is(err, intake.ErrNotFound) {
		last, err = intake.SignedCheckpoint{LogNo: s.of.No}, nil
	}
	if err != nil || s.edge != nil && last.LogNo == s.last.LogNo && last.Size == s.last.Size {
		return err
	}
	if err := notForked(tx, s.of, s.memory); err != nil {
		return err
	}
	s.last = last
	s.edge, err = merkle.LoadEdge(last.Size, storedTiles{tx, s.of.No})
	if err == nil && last.Size > 0 && s.edge.Root() != last.Roots {
		err = errors.New("the tiles of the evidence log do not have the root that was signed: " +
			"diaoxiao evidence rebuild")
	}
	return err
}

// ErrFork: the database is older than a checkpoint that this node has seen, so that signing would fork the log.
var ErrFork = errors.New("the database does not have the last checkpoint that was signed: it was restored from an " +
	"older backup, or altered; see diaoxiao evidence continue")

// mayBegin fails where a log was there before.
func (s *Signer) mayBegin() error {
	_, seen, err := s.memory.Last()
	if err == nil && seen {
		err = ErrFork
	}
	return err
}

// notForked fails unless the database has the checkpoint that this node has seen last, or a log that continues it.
func notForked(tx intake.Tx, of intake.EvidenceLog, m Memory) error {
	seen, ok, err := m.Last()
	if err != nil || !ok {
		return err
	}
	if seen.Origin != of.Origin {
		return continues(of, seen)
	}
	has, err := tx.CheckpointBefore(of.No, seen.Size+1)
	if err == nil && has.Text() != seen.Text() {
		err = fmt.Errorf("checkpoint of size %d, %s: %w", seen.Size, seen.At.Format(time.RFC3339), ErrFork)
	}
	return err
}

// begin makes the first log of a database.
func (s *Signer) begin(ctx context.Context) error {
	l := intake.EvidenceLog{No: 1, Origin: s.keys[0].Name}
	rand.Read(l.Salt[:])
	err := s.desk.Store().Update(ctx, func(tx intake.Tx) error {
		l.Begun = s.desk.Now(tx)
		if err := tx.InsertEvidenceLog(l); err != nil {
			return err
		}
		return tx.BindRows()
	})
	if errors.Is(err, intake.ErrExists) {
		return nil // another node began it
	}
	return err
}

// sign adds a batch to the trees, signs, and stores checkpoint and tiles in one transaction.
func (s *Signer) sign(ctx context.Context, batch *source) error {
	grown, edge := newGrowth(s.edge), s.edge
	s.edge = nil // until the checkpoint is stored
	m := maker{s.desk.Store(), s.of.Salt}
	if err := m.each(batch, func(leaf []byte) error { return errors.Join(ctx.Err(), grown.add(leaf)) }); err != nil {
		return err
	}
	next := intake.SignedCheckpoint{LogNo: s.of.No, Checkpoint: evidence.Checkpoint{Origin: s.of.Origin,
		Size: edge.Size(), Roots: edge.Root(), At: time.Now(), Upto: batch.to}}
	var err error
	if next.Note, err = next.Sign(s.used.Signers()...); err != nil {
		return err
	}
	// Not in the background: while cases arrive that share is small, and the checkpoint would come late. Here it takes
	// part in the next commit.
	err = s.desk.Store().Update(ctx, func(tx intake.Tx) error {
		if err := s.stillLast(tx); err != nil {
			return err
		}
		return errors.Join(tx.InsertCheckpoint(next), grown.put(tx, s.of.No))
	})
	if errors.Is(err, intake.ErrExists) {
		return nil // another node signed
	}
	if err != nil {
		return err
	}
	s.last, s.edge = next, edge
	return s.memory.Keep(next.Note)
}

// stillLast is ErrExists where another node signed, or the keys were replaced, since this one read the log.
func (s *Signer) stillLast(tx intake.Tx) error {
	by, err := tx.LastRotation(s.of.No)
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		return err
	}
	last, err := tx.LastCheckpoint(s.of.No)
	if errors.Is(err, intake.ErrNotFound) && s.last.Size == 0 {
		return nil
	}
	if err == nil && (last.Size != s.last.Size || by.No != s.by.No) {
		return intake.ErrExists
	}
	return err
}
