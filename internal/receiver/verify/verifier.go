package verify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// Verifier (核验) derives entity rows, search keys and findings from the bodies of accepted cases, in order of case
// numbers and off the request path. Its rows depend only on the body and on earlier cases, so it can stop anywhere,
// continue later, and verify everything again. Several verifiers may work on one store: each works on a claim of its
// own, and looks for duplicates once the rows of all earlier cases are in place.
//
// It works in windows of some ten thousand entities, which may be one part of a large case or many small cases. It
// sorts the keys of a window and writes them in that order: so the short transactions into which it splits the writing
// do not write the same pages again and again.
type Verifier struct {
	desk   *intake.Desk
	log    *slog.Logger
	cases  atomic.Int64
	rows   atomic.Int64
	most   int          // cases in one claim
	after  atomic.Int64 // cases up to here are verified in epoch
	epoch  atomic.Int64
	claim  intake.Claim
	window window

	again     round        // of comparing cases with the register again
	uncounted int64        // the first of the cases whose firms were counted last
	missing   atomic.Int64 // the snapshot of the register whose rows were missing when last looked for

	redone int64     // the last of the cases of an older program that was verified again in this round
	round  int64     // cases done again in this round
	told   time.Time // the time at which a round was last logged
}

const (
	windowRows  = 16 << 10
	windowCases = 4096
	// hold is how long one transaction of the verifier may hold the writer.
	hold = 25 * time.Millisecond
	// batch is how many rows are written between two looks at the clock.
	batch = 256
	// maxPos is after every position.
	maxPos = math.MaxInt
)

// New returns the verifier of a desk. log may be nil.
func New(d *intake.Desk, log *slog.Logger) *Verifier {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Verifier{desk: d, log: log, most: windowCases}
}

// TakeAtMost limits the cases of one claim, so that several verifiers have something to do. It must be called before
// Pass and Run.
func (v *Verifier) TakeAtMost(cases int) *Verifier {
	v.most = cases
	return v
}

// Progress returns how many cases and entities this verifier has verified. Safe to call at any time.
func (v *Verifier) Progress() (cases, entities int64) { return v.cases.Load(), v.rows.Load() }

// Backlog returns the number of cases that wait for verification, counted up to most, and the time at which the oldest
// of them was received, zero where there are none. It reads only cases that this verifier has not seen verified. Safe
// to call at any time.
func (v *Verifier) Backlog(ctx context.Context, most int) (n int, oldest time.Time, err error) {
	err = v.desk.Store().View(ctx, func(tx intake.Tx) error {
		after, seen := int64(0), v.epoch.Load()
		epoch, err := tx.Epoch()
		if err != nil {
			return err
		}
		if epoch == seen {
			after = v.after.Load()
		}
		n, oldest, err = tx.CountUnverified(after, epoch, most)
		return err
	})
	return n, oldest, err
}

// Run verifies the cases that wait, and then those that come in, until ctx ends; it returns the error of ctx. It
// retries after errors of the store.
func (v *Verifier) Run(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		if err := v.Pass(ctx); err != nil && ctx.Err() == nil {
			v.log.Warn("verification interrupted", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-v.desk.Arrived():
		case <-tick.C:
		}
	}
}

// Pass verifies every case that waits for it and that no other verifier has taken, and returns. Cases that an older
// program verified come after those that are not verified, and cases that only wait for a comparison with the register
// after these. Cases whose firms an older program did not count come last.
func (v *Verifier) Pass(ctx context.Context) error {
	for more := true; more; {
		err := v.pass(ctx, workNew, workOutdated, workStale)
		if err != nil {
			return err
		}
		if more, err = v.countFirms(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Compare compares the verified cases that wait for a comparison with the register, as Pass does, and nothing else.
func (v *Verifier) Compare(ctx context.Context) error { return v.pass(ctx, workStale) }

// pass does some kinds of work until nothing of them waits, always the first kind of which there is some.
func (v *Verifier) pass(ctx context.Context, kinds ...work) error {
	for {
		work, err := v.takeAny(ctx, kinds)
		if err != nil || v.claim == nil {
			return err
		}
		cases := v.claim.Cases()
		if work == workStale {
			cases = cases[:inOneWindow(cases)]
			err = v.compareAgain(ctx, cases)
		} else {
			err = v.verify(ctx)
		}
		upTo, ended := v.claim.End(ctx, err == nil)
		if err = errors.Join(err, ended); err != nil {
			return err
		}
		last, n := cases[len(cases)-1].No, int64(len(cases))
		switch work {
		case workNew:
			v.after.Store(max(v.after.Load(), upTo))
		case workOutdated:
			v.redone, v.round = last, v.round+n
		case workStale:
			v.again.after, v.again.cases = last, v.again.cases+n
		}
	}
}

// work is what a claim is for.
type work int

const (
	workNew      work = iota // to verify cases
	workOutdated             // to verify cases again that an older program verified
	workStale                // to compare cases again with the register
)

// takeAny claims the next cases, of the first kind of work that there is. A nil claim: nothing waits.
func (v *Verifier) takeAny(ctx context.Context, kinds []work) (work, error) {
	take := map[work]func(context.Context) error{
		workNew: v.take, workOutdated: v.takeOutdated, workStale: v.takeStale,
	}
	for _, k := range kinds {
		v.claim = nil
		if err := take[k](ctx); err != nil || v.claim != nil {
			return k, err
		}
	}
	return workNew, nil
}

// take claims the next cases. A nil claim: no case waits.
func (v *Verifier) take(ctx context.Context) error {
	err := v.desk.Store().View(ctx, func(tx intake.Tx) error {
		epoch, err := tx.Epoch()
		if err == nil && epoch != v.epoch.Load() {
			v.after.Store(0) // before the epoch, for Backlog
			v.epoch.Store(epoch)
		}
		return err
	})
	if err == nil {
		v.claim, err = v.desk.Store().Claim(ctx, v.after.Load(), v.epoch.Load(), v.most)
	}
	return err
}

func (v *Verifier) verify(ctx context.Context) error {
	v.window = window{}
	for _, c := range v.claim.Cases() {
		if err := v.read(ctx, c); err != nil {
			return fmt.Errorf("case %d: %w", c.No, err)
		}
	}
	return v.flush(ctx)
}

// window is the data that one round of writing writes.
type window struct {
	rows     []intake.EntityRow
	findings []intake.FindingRow
	verdicts []intake.VerdictRow
	others   []intake.Counterpart
	known    map[int64]knownCase // other cases that were read
	spans    []span
	done     []*tally
}

// span is the part of one case in a window.
type span struct {
	c        intake.Case
	from, to int
	v        *tally
}

// read decodes one case into the window, and flushes the window whenever it is full. It does so first of all, too,
// because the findings of the case itself are written with its first rows.
func (v *Verifier) read(ctx context.Context, c intake.Case) error {
	if len(v.window.rows) >= windowRows {
		if err := v.flush(ctx); err != nil {
			return err
		}
	}
	s := span{c: c, v: &tally{
		again: !c.Verified.IsZero(),
		Verification: intake.Verification{CaseNo: c.No, Epoch: v.epoch.Load(), Rules: rules.Version,
			Items: c.Items},
	}}
	note := func(pos int) func(string, int, rules.Detail) {
		return func(field string, rule int, d rules.Detail) {
			v.window.findings = append(v.window.findings, intake.FindingRow{CaseNo: c.No,
				Finding: rules.Finding{Pos: pos, Field: field, Rule: rule, Detail: d.Text()}})
		}
	}
	rules.CheckCase(c.CaseID, c.PenaltyDate, beijingtime.Day(c.Received), note(intake.CasePos))
	var numbers rules.Doubles
	if err := ctx.Err(); err != nil {
		return err
	}
	got, err := intake.DecodeRecorded(v.desk.Store(), c, func(i int, e api.Entity) error {
		numbers.Add(i, e)
		if len(v.window.rows) >= windowRows {
			v.window.spans = append(v.window.spans, s)
			if err := v.flush(ctx); err != nil {
				return err
			}
			s.from = i
		}
		v.window.rows = append(v.window.rows, intake.EntityRow{CaseNo: c.No, Pos: i, Entity: e})
		s.to = i + 1
		rules.CheckEntity(e, note(i))
		return nil
	})
	if err == nil {
		rules.CheckTexts(got.Case, note(intake.CasePos))
	}
	if errors.Is(err, intake.ErrDamaged) {
		v.log.Error("stored body does not match its record", "case", c.No, "acceptid", c.AcceptID, "err", err)
		note(intake.CasePos)("", rules.BodyDamaged, rules.Detail{})
		err = nil
	}
	numbers.Findings(note(intake.CasePos))
	v.window.spans = append(v.window.spans, s)
	v.window.done = append(v.window.done, s.v)
	return err
}

// flush writes the window and empties it.
func (v *Verifier) flush(ctx context.Context) error {
	w := &v.window
	repeated, err := v.place(ctx, w.keys())
	if err != nil {
		return err
	}
	if err := v.duplicates(ctx, repeated); err != nil {
		return err
	}
	if err := v.likeCases(ctx); err != nil {
		return err
	}
	if err := v.compareWindow(ctx); err != nil {
		return err
	}
	if err := v.writeVerdicts(ctx); err != nil {
		return err
	}
	if err := v.writeFindings(ctx); err != nil {
		return err
	}
	v.cases.Add(int64(len(w.done)))
	v.rows.Add(int64(len(w.rows)))
	v.window = window{rows: w.rows[:0], findings: w.findings[:0], others: w.others[:0], spans: w.spans[:0],
		verdicts: w.verdicts[:0]}
	return nil
}

// keys are the search keys of the window, sorted.
func (w *window) keys() []intake.Key {
	keys := make([]intake.Key, 0, 3*len(w.rows)+len(w.spans))
	for _, r := range w.rows {
		keys = r.SearchKeys(keys)
	}
	for _, c := range w.begun() {
		keys = c.SearchKeys(keys)
	}
	slices.SortFunc(keys, intake.Key.Compare)
	return keys
}

// place writes rows and keys first of all, because verifiers of later cases wait for them, and returns the groups of
// keys whose values are repeated. Where there is no other verifier, it looks for those of new cases while it writes.
func (v *Verifier) place(ctx context.Context, keys []intake.Key) (repeated [][]intake.Key, err error) {
	var looking sync.WaitGroup
	beside := v.claim.Beside() && !slices.ContainsFunc(v.window.spans, func(s span) bool { return s.v.again })
	if beside {
		looking.Go(func() { repeated, err = v.repeated(ctx, keys) })
	}
	failed := v.writeRows(ctx, keys)
	looking.Wait()
	if err := errors.Join(failed, err); err != nil {
		return nil, err
	}
	if err := v.claim.Await(ctx); err != nil {
		return nil, fmt.Errorf("await earlier cases: %w", err)
	}
	if !beside {
		repeated, err = v.repeated(ctx, keys)
	}
	return repeated, err
}

func (v *Verifier) writeRows(ctx context.Context, keys []intake.Key) error {
	if err := inPieces(ctx, v.claim, v.window.rows, intake.Tx.PutEntities); err != nil {
		return fmt.Errorf("put entities: %w", err)
	}
	if err := inPieces(ctx, v.claim, keys, intake.Tx.PutKeys); err != nil {
		return fmt.Errorf("put keys: %w", err)
	}
	return nil
}

func (v *Verifier) writeFindings(ctx context.Context) error {
	w := &v.window
	slices.SortStableFunc(w.findings, func(a, b intake.FindingRow) int {
		if a.CaseNo != b.CaseNo {
			return int(a.CaseNo - b.CaseNo)
		}
		return a.Pos - b.Pos
	})
	w.count()
	if err := inPieces(ctx, v.claim, w.spans, clearFindings); err != nil {
		return fmt.Errorf("clear findings: %w", err)
	}
	if err := inPieces(ctx, v.claim, w.others, intake.Tx.PutCounterparts); err != nil {
		return fmt.Errorf("put counterparts: %w", err)
	}
	if err := inPieces(ctx, v.claim, w.findings, intake.Tx.PutFindings); err != nil {
		return fmt.Errorf("put findings: %w", err)
	}
	return inPieces(ctx, v.claim, w.done, v.finish)
}

// count adds the findings of the window to the verifications of their cases.
func (w *window) count() {
	of := make(map[int64]*tally, len(w.spans))
	for _, s := range w.spans {
		of[s.c.No] = s.v
	}
	for _, f := range w.findings {
		of[f.CaseNo].add(f.Rule)
	}
	for _, c := range w.others {
		of[c.CaseNo].pair(c)
	}
}

// inPieces writes items in as many transactions as needed for each to hold the writer for about hold, with fewer items
// where somebody waits for the writer.
func inPieces[T any](ctx context.Context, claim intake.Claim, items []T, put func(intake.Tx, []T) error) error {
	for done := 0; done < len(items); {
		next := done
		err := claim.Write(ctx, func(tx intake.Tx) error {
			began := time.Now()
			for next = done; next < len(items); {
				n := min(batch, len(items)-next)
				if err := put(tx, items[next:next+n]); err != nil {
					return err
				}
				if next += n; tx.Yield() || time.Since(began) > hold {
					break
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done = next
	}
	return nil
}

func clearFindings(tx intake.Tx, spans []span) error {
	others, err := tx.HasCounterparts(spans[0].c.No, spans[len(spans)-1].c.No)
	if err != nil {
		return err
	}
	for _, s := range spans {
		from := s.from
		if from == 0 {
			from = intake.CasePos
		}
		if err := tx.DeleteFindings(s.c.No, from, s.to); err != nil {
			return err
		}
		if others {
			if err := tx.DeleteCounterparts(s.c.No, from, s.to); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish marks cases as verified and puts them on the worklist. It also deletes rows and findings after the end of a
// list, which exist only where somebody inserted them.
func (v *Verifier) finish(tx intake.Tx, done []*tally) error {
	for _, d := range done {
		d.At = v.desk.Now(tx)
		if d.again || d.Epoch > 0 {
			if err := errors.Join(
				tx.DeleteEntities(d.CaseNo, d.Items),
				tx.DeleteFindings(d.CaseNo, d.Items, maxPos),
				tx.DeleteCounterparts(d.CaseNo, d.Items, maxPos),
				d.clearVerdicts(tx),
			); err != nil {
				return err
			}
		}
		if err := tx.PutVerification(d.Verification); err != nil {
			return err
		}
	}
	pairs, err := putPairs(tx, done)
	if err != nil {
		return err
	}
	earlier := intake.Touched(pairs)
	for len(done) > 0 {
		n := consecutive(done)
		first, last := done[0].CaseNo, done[n-1].CaseNo
		if err := intake.UpdateWorklist(tx, first, last, !done[0].again); err != nil {
			return err
		}
		earlier = slices.DeleteFunc(earlier, func(no int64) bool { return first <= no && no <= last })
		done = done[n:]
	}
	return intake.UpdateWorklists(tx, earlier)
}

// putPairs replaces the pairs of cases with earlier ones. It returns the old and the new pairs.
func putPairs(tx intake.Tx, done []*tally) ([]intake.Pair, error) {
	was, err := tx.PairsOf(done[0].CaseNo, done[len(done)-1].CaseNo)
	if err != nil {
		return nil, err
	}
	was = slices.DeleteFunc(was, func(p intake.Pair) bool {
		return !slices.ContainsFunc(done, func(d *tally) bool { return d.CaseNo == p.CaseNo })
	})
	for i, p := range was {
		if i == 0 || was[i-1].CaseNo != p.CaseNo {
			if err := tx.DeletePairs(p.CaseNo); err != nil {
				return nil, err
			}
		}
	}
	var is []intake.Pair
	for _, d := range done {
		for _, p := range d.pairs {
			is = append(is, *p)
		}
	}
	return append(was, is...), tx.PutPairs(is)
}

// consecutive is how many of done, from the first on, have numbers without a gap, and are all verified before or all
// not.
func consecutive(done []*tally) (n int) {
	for n < len(done) && done[n].CaseNo == done[0].CaseNo+int64(n) && done[n].again == done[0].again {
		n++
	}
	return n
}

// received is the time at which a case of the window came in.
func (w *window) received(caseNo int64) time.Time {
	i, _ := slices.BinarySearchFunc(w.spans, caseNo, func(s span, no int64) int { return int(s.c.No - no) })
	return w.spans[i].c.Received
}
