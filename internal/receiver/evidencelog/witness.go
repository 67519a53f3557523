package evidencelog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Witnesses have the checkpoints of a desk cosigned by witnesses (见证方), off the path of acceptance and of signing.
type Witnesses struct {
	desk   *intake.Desk
	log    *slog.Logger
	client *http.Client
	all    []*witness
}

// WitnessState is how it stands with one witness.
type WitnessState struct {
	Title string
	URL   string
	Size  int64     // of the last checkpoint that it cosigned for this node
	At    time.Time // of that
	Err   error     // of the last attempt; nil: it succeeded
}

// Refused says that the witness has another history of the log than this database.
func (s WitnessState) Refused() bool { return errors.Is(s.Err, ErrOtherHistory) }

// witness is one witness, and when to ask it again.
type witness struct {
	evidence.Witness
	mutex sync.Mutex
	state WitnessState
	next  time.Time
	wait  time.Duration
}

// ErrOtherHistory: a witness has signed another history of the log than this database has: the database was put back to
// an older copy, or altered, and signed anew.
var ErrOtherHistory = errors.New("the witness has another history of the evidence log than this database, which was " +
	"restored from an older copy or altered: see diaoxiao evidence continue")

// NewWitnesses returns the witnesses of a desk, of which those without an address are left out. log may be nil.
func NewWitnesses(d *intake.Desk, log *slog.Logger, all []evidence.Witness) *Witnesses {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	w := &Witnesses{desk: d, log: log, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
	for _, one := range all {
		if one.URL != "" {
			w.all = append(w.all, &witness{Witness: one, state: WitnessState{Title: one.Title, URL: one.URL}})
		}
	}
	return w
}

// States are those of the witnesses, in their order.
func (w *Witnesses) States() (all []WitnessState) {
	for _, one := range w.all {
		one.mutex.Lock()
		all = append(all, one.state)
		one.mutex.Unlock()
	}
	return all
}

// Times of the witnesses: how long after a cosignature the next one is asked for, how often to look whether there is
// something new, and how long one that fails waits.
const (
	round    = 55 * time.Second
	leastGap = 15 * time.Second
	mostGap  = 30 * time.Minute
)

// Run has the newest checkpoint cosigned once in a minute, until ctx ends. A witness that fails is asked later and
// later, each half hour at least.
func (w *Witnesses) Run(ctx context.Context) {
	for len(w.all) > 0 {
		w.pass(ctx, time.Now())
		select {
		case <-ctx.Done():
			return
		case <-time.After(leastGap):
		}
	}
}

// Pass has the newest checkpoint cosigned by all witnesses now. The error joins those of the witnesses.
func (w *Witnesses) Pass(ctx context.Context) (err error) {
	w.pass(ctx, time.Time{})
	for _, s := range w.States() {
		err = errors.Join(err, s.Err)
	}
	return err
}

// pass asks the witnesses whose time has come, side by side; all of them where now is zero.
func (w *Witnesses) pass(ctx context.Context, now time.Time) {
	var group sync.WaitGroup
	for _, one := range w.all {
		if now.IsZero() || !now.Before(one.next) {
			group.Go(func() { w.ask(ctx, one) })
		}
	}
	group.Wait()
}

// ask has one witness cosign, and remembers how it went.
func (w *Witnesses) ask(ctx context.Context, one *witness) {
	size, err := w.submit(ctx, one)
	if ctx.Err() != nil {
		return
	}
	one.mutex.Lock()
	defer one.mutex.Unlock()
	if one.state.Err = err; err != nil {
		one.wait = min(max(2*one.wait, leastGap), mostGap)
		one.next = time.Now().Add(one.wait)
		w.log.Error("evidence: a witness did not sign", "witness", one.Title, "err", err)
		return
	}
	one.wait = 0
	if size > 0 {
		one.next = time.Now().Add(round)
		one.state.Size, one.state.At = size, time.Now()
	}
}

// id names a witness in the store.
func (one *witness) id() string { return fmt.Sprintf("%s+%08x", one.Name(), one.KeyHash()) }

// submission is what a witness is asked to cosign.
type submission struct {
	log   intake.EvidenceLog
	last  intake.SignedCheckpoint
	old   int64 // size at which the witness has the log
	proof []merkle.Pair
}

// submit has the newest checkpoint cosigned by one witness, and keeps its signature. size is 0 where nothing is new.
func (w *Witnesses) submit(ctx context.Context, one *witness) (size int64, err error) {
	old, known := int64(-1), false // -1: as the store has it
	for range 3 {
		s, err := w.read(ctx, one, old)
		if err != nil || s.last.Size == 0 {
			return 0, err
		}
		line, err := addCheckpoint(ctx, w.client, one.Witness, s.old, s.proof, s.last.Note)
		var c conflict
		if errors.As(err, &c) && !(known && c.size == s.old) {
			old, known = c.size, true
			continue
		}
		var r refusal
		if errors.As(err, &c) || errors.As(err, &r) && r.status == http.StatusUnprocessableEntity {
			err = errors.Join(ErrOtherHistory, err)
		}
		if err != nil {
			return 0, err
		}
		return s.last.Size, w.keep(ctx, one, s, line)
	}
	return 0, errors.New("another node asks the same witness: later")
}

// read reads what to submit; last is empty where the witness signed it already.
func (w *Witnesses) read(ctx context.Context, one *witness, old int64) (s submission, err error) {
	err = w.desk.Store().View(ctx, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if errors.Is(err, ErrNoLog) || errors.Is(err, ErrNotYet) {
			return nil
		}
		if err != nil {
			return err
		}
		if s, err = prepare(t, one.id(), old); err != nil {
			return err
		}
		s.proof, err = merkle.Consistency(s.old, s.last.Size, storedTiles{tx, t.log.No})
		return err
	})
	return s, err
}

// prepare is a submission without its proof.
func prepare(t tip, witness string, old int64) (s submission, err error) {
	had, err := t.tx.LastCosignature(t.log.No, witness)
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		return s, err
	}
	if had.Size == t.last.Size && old < 0 {
		return s, nil
	}
	s = submission{log: t.log, last: t.last, old: max(old, 0)}
	if old < 0 {
		s.old = had.Size
	}
	if s.old > s.last.Size {
		return s, fmt.Errorf("%w: it has size %d, the database %d", ErrOtherHistory, s.old, s.last.Size)
	}
	return s, nil
}

// keep keeps a cosignature.
func (w *Witnesses) keep(ctx context.Context, one *witness, s submission, line string) error {
	err := w.desk.Store().Background(ctx, func(tx intake.Tx) error {
		return tx.InsertCosignature(intake.Cosignature{LogNo: s.log.No, Size: s.last.Size, KeyHash: one.KeyHash(),
			Witness: one.id(), At: w.desk.Now(tx), Line: line})
	})
	if errors.Is(err, intake.ErrExists) {
		return nil // another node was faster
	}
	return err
}
