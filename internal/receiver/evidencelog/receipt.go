package evidencelog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Log makes receipts out of the evidence log of a desk, and checks it. It needs no keys.
type Log struct{ desk *intake.Desk }

// New returns the evidence log of a desk.
func New(d *intake.Desk) *Log { return &Log{d} }

// Content is what a receipt shows of a case beside its leaf.
type Content struct {
	Whole  bool  // the salt and the hashes of the body: for the sender, which has the body
	Rows   []int // firms of the list, from 1
	Events bool  // the steps on the case
	// Texts is what persons wrote at those steps, for those who may read the deliberation: at all of them where the
	// whole is shown, otherwise at those that are of the shown firms alone.
	Texts bool
	// Settled asks for the first checkpoint that covers what is shown in the place of the last one: while nothing
	// happens to the case, its receipt stays the same to the byte.
	Settled bool

	unhurried bool // give way to acceptance
}

// Errors of receipts.
var (
	// ErrNotYet: the case came in after the last checkpoint. Ask again in a second.
	ErrNotYet = errors.New("not in the evidence log yet")
	// ErrNoLog: no checkpoint was ever signed here.
	ErrNoLog = errors.New("there is no evidence log")
	// ErrAltered: what the store has now is not what is in the log.
	ErrAltered = errors.New("the stored data is not what the evidence log has")
)

// Receipt (回执) proves that a case was accepted: in the latest log that has the case, as of the last checkpoint, or of
// the last one that witnesses signed if that covers the case and the steps that are to be shown. The receipt was
// verified against the checkpoint before it is returned, but not the signatures. ErrNotFound, ErrNotYet, ErrNoLog or
// ErrAltered.
func (l *Log) Receipt(
	ctx context.Context, by intake.By, acceptID string, content Content,
) (r evidence.Receipt, err error) {
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		c, err := intake.CaseByAcceptID(tx, acceptID)
		if err != nil {
			return err
		}
		r, err = l.receipt(tx, c, content)
		return err
	})
	return r, err
}

// receipt makes the receipt of a case in a transaction. A log that continues another one begins with all rows again;
// until it has come to a case, the log before it has the receipt.
func (l *Log) receipt(tx intake.Tx, c intake.Case, content Content) (r evidence.Receipt, err error) {
	logs, err := tx.EvidenceLogs()
	if err != nil {
		return r, err
	}
	err = ErrNoLog
	for _, of := range slices.Backward(logs) {
		if r, err = receiptIn(tx, of, c, content); !errors.Is(err, ErrNotYet) {
			break
		}
	}
	return r, err
}

// receiptIn makes the receipt of a case in one log. ErrNotYet: the log does not have it.
func receiptIn(tx intake.Tx, of intake.EvidenceLog, c intake.Case, content Content) (r evidence.Receipt, err error) {
	t, err := tipOf(tx, of)
	if err == nil {
		err = t.choose(c, content)
	}
	if err != nil {
		return r, err
	}
	_, before, err := t.bounds(c.No, 0)
	if err != nil {
		return r, err
	}
	m := maker{tx, t.log.Salt}
	read, err := m.showRows(c, content, &r.Show)
	if err != nil {
		return r, err
	}
	r.Note = t.last.Note
	place := func(request string, index int64) error {
		if r.Leaf, err = evidence.Encode(m.leafOf(c, request, read)); err == nil {
			r.Index = index
			r.Path, err = t.path(r.Leaf, r.Index)
		}
		return err
	}
	request, index, err := t.likely(c, before)
	if err == nil && place(request, index) != nil { // the whole batch tells
		batch, before, failed := t.batchOf(c.No, 0)
		if err = failed; err == nil {
			err = place(batch.requests[c.No], before.Size+batch.indexOfCase(c.No))
		}
	}
	if err != nil {
		return r, fmt.Errorf("case %s: %w", c.AcceptID, err)
	}
	return r, t.showEvents(m, c, content, &r)
}

// choose goes back to the checkpoint that the receipt of a case is made for.
func (t *tip) choose(c intake.Case, content Content) error {
	if content.Settled {
		return t.settle(c, content)
	}
	return t.preferCosigned(c, content)
}

// tip is the end of the log in a transaction.
type tip struct {
	tx   intake.Tx
	log  intake.EvidenceLog
	last intake.SignedCheckpoint
}

// newTip is the end of the latest log. ErrNoLog, ErrNotYet.
func newTip(tx intake.Tx) (tip, error) {
	of, err := tx.EvidenceLog()
	if errors.Is(err, intake.ErrNotFound) {
		err = ErrNoLog
	}
	if err != nil {
		return tip{}, err
	}
	return tipOf(tx, of)
}

func tipOf(tx intake.Tx, of intake.EvidenceLog) (t tip, err error) {
	t.tx, t.log = tx, of
	if t.last, err = tx.LastCheckpoint(of.No); errors.Is(err, intake.ErrNotFound) {
		err = ErrNotYet
	}
	return t, err
}

// likely is the request of a case and its place in the log, told without a look at the thousands of rows that its batch
// may have: case numbers leave nothing out but gaps. The path decides whether it is right.
func (t tip) likely(c intake.Case, before intake.SignedCheckpoint) (request string, index int64, err error) {
	index = before.Size + c.No - before.Upto.Cases - 1
	requests, err := t.tx.AcceptedRequests(c.No, c.No)
	return requests[c.No], index, err
}

// batchOf is the batch that a case is in, or an event where caseNo is 0, with the checkpoint before it.
func (t tip) batchOf(caseNo, eventNo int64) (s *source, before intake.SignedCheckpoint, err error) {
	at, before, err := t.bounds(caseNo, eventNo)
	if err != nil {
		return nil, before, err
	}
	s, err = read(t.tx, before.Upto, at.Upto)
	return s, before, err
}

// bounds are the checkpoint that signed a case, or an event where caseNo is 0, and the checkpoint before it.
func (t tip) bounds(caseNo, eventNo int64) (at, before intake.SignedCheckpoint, err error) {
	at, err = t.tx.CheckpointOf(t.log.No, caseNo, eventNo)
	if errors.Is(err, intake.ErrNotFound) {
		return at, before, ErrNotYet
	}
	if err == nil {
		before, err = t.tx.CheckpointBefore(t.log.No, at.Size)
	}
	return at, before, err
}

// path is the path of a leaf, verified.
func (t tip) path(leaf []byte, index int64) ([]merkle.Pair, error) {
	path, err := merkle.Inclusion(index, t.last.Size, storedTiles{t.tx, t.log.No})
	if err == nil {
		err = evidence.Included(t.last.Checkpoint, leaf, index, path)
	}
	if err != nil {
		return nil, errors.Join(ErrAltered, err)
	}
	return path, nil
}

// indexOfCase is the place of a case among the leaves of its batch.
func (s *source) indexOfCase(no int64) int64 {
	for i, c := range s.cases {
		if c.No == no {
			return int64(len(s.gaps) + i)
		}
	}
	return -1
}

// indexOfEvent is the place of an event among the leaves of its batch.
func (s *source) indexOfEvent(no int64) int64 {
	for i, e := range s.events {
		if e.No == no {
			return int64(len(s.gaps) + len(s.cases) + i)
		}
	}
	return -1
}

// Checkpoint is the last signed checkpoint, as a note; or the last one that witnesses signed, if that is not an hour
// older. ErrNoLog.
func (l *Log) Checkpoint(ctx context.Context, by intake.By) (note []byte, err error) {
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if err != nil {
			return err
		}
		last := t.last
		if err = t.takeCosigned(0); err == nil && last.At.Sub(t.last.At) > time.Hour {
			t.last = last
		}
		note = t.last.Note
		return err
	})
	return note, err
}
