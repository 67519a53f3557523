package calllog

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// MinCallDays is how long calls are kept at least: network logs for six months (网络安全法 第21条).
const MinCallDays = 180

const (
	// mostCalls is how many calls wait in memory at most.
	mostCalls = 20_000
	// callsEvery is how soon a call is written.
	callsEvery = time.Second
	// pruneEvery is how often calls are looked for that are old enough to go, prunePiece how many go at once.
	pruneEvery = 10 * time.Minute
	prunePiece = 500
	// keepStrangers is how many calls of apps that are not known are kept: anybody can make them, without a credential.
	keepStrangers = 100_000
	// stopPatience is how long the end of Run may take.
	stopPatience = 5 * time.Second
	// writeHold is how long one transaction may hold the writer. writePiece is how many calls are written between two
	// looks at the clock.
	writeHold  = 25 * time.Millisecond
	writePiece = 256
)

// Log writes calls a group at a time, in the background: receiving cases comes first. Calls that come faster than
// they can be written beside that are counted and left out.
type Log struct {
	desk    *intake.Desk
	log     *slog.Logger
	keep    time.Duration
	room    callRoom
	dropped atomic.Int64
	paused  atomic.Bool

	mu      sync.Mutex
	waiting callBuffer
	taken   int // calls in writing

	writing callBuffer // Run's alone
}

// NewLog returns a log of calls that are kept for so many days, MinCallDays at least. log may be nil.
func NewLog(d *intake.Desk, log *slog.Logger, days int) *Log {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Log{desk: d, log: log, keep: time.Duration(max(days, MinCallDays)) * 24 * time.Hour}
}

// Add takes a call to be written. It never waits. Its texts are cut to a length that can be shown.
func (l *Log) Add(c intake.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused.Load() || l.waiting.len()+l.taken >= mostCalls {
		l.dropped.Add(1)
		return
	}
	l.waiting.add(&c)
}

// Pause leaves out, and counts, what is added from now on, until it is called with false.
func (l *Log) Pause(on bool) { l.paused.Store(on) }

// Dropped is how many calls were left out since the start.
func (l *Log) Dropped() int64 { return l.dropped.Load() }

// Run writes what was added, every second, and deletes what is old enough, until ctx ends; what was added before is
// then still written. One Run at a time.
func (l *Log) Run(ctx context.Context) {
	t := time.NewTicker(callsEvery)
	defer t.Stop()
	var pruned time.Time
	var told int64
	for {
		l.flush(ctx)
		if time.Since(pruned) >= pruneEvery {
			pruned = time.Now()
			l.prune(ctx)
			if n := l.Dropped(); n > told {
				l.log.Warn("calls not recorded", "calls", n-told)
				told = n
			}
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
			defer cancel()
			l.flush(last)
			return
		case <-t.C:
		}
	}
}

// flush writes all that waits.
func (l *Log) flush(ctx context.Context) {
	l.drain(ctx)
	if l.writing.len() == 0 {
		l.mu.Lock()
		l.waiting, l.writing = l.writing, l.waiting
		l.taken = l.writing.len()
		l.mu.Unlock()
		l.drain(ctx)
	}
}

// drain writes the calls that were taken. Calls that the store is too busy for, or whose outcome it does not know, stay
// for the next time and may then be written twice. Calls that it refuses for another reason are left out, because they
// would hold up the rest.
func (l *Log) drain(ctx context.Context) {
	for l.writing.len() > 0 {
		n, err := l.write(ctx)
		if err != nil && (n == 0 || errors.Is(err, intake.ErrUnavailable) || ctx.Err() != nil) {
			return
		}
		if err != nil {
			l.log.Warn("calls not recorded", "calls", n, "err", err)
			l.dropped.Add(int64(n))
		}
		l.writing.drop(n)
		l.mu.Lock()
		l.taken = l.writing.len()
		l.mu.Unlock()
	}
}

// write writes the first calls in one transaction, as many as it may hold the writer for, and returns how many.
func (l *Log) write(ctx context.Context) (n int, err error) {
	err = l.desk.Store().Background(ctx, func(tx intake.Tx) error {
		began := time.Now()
		n, err = l.writing.each(writePiece, func(calls []intake.Call) (bool, error) {
			err := tx.PutCalls(calls)
			return tx.Yield() || time.Since(began) > writeHold, err
		})
		return err
	})
	return n, err
}

// prune deletes the calls that were kept long enough, unless the clock may be wrong.
func (l *Log) prune(ctx context.Context) {
	var before time.Time
	deleted, sure := int64(0), true
	for n := int64(prunePiece); n == prunePiece && sure; deleted += n {
		err := l.desk.Store().Background(ctx, func(tx intake.Tx) (err error) {
			now := l.desk.Now(tx)
			before = now.Add(-l.keep)
			n = 0
			if sure, err = l.witnessed(tx, now, before); sure && err == nil {
				n, err = tx.PruneCalls(before, prunePiece)
			}
			return err
		})
		if err != nil {
			if ctx.Err() == nil {
				l.log.Warn("old calls not deleted", "err", err)
			}
			break
		}
	}
	if !sure {
		l.log.Warn("old calls not deleted: the clock is far ahead of the calls before", "before", before)
	}
	if deleted > 0 {
		l.log.Info("old calls deleted", "calls", deleted, "before", before)
		l.room.gone(deleted)
	}
	l.pruneStrangers(ctx)
	l.pruneRoom(ctx)
}

// pruneStrangers deletes the oldest calls of apps that are not known, beyond keepStrangers.
func (l *Log) pruneStrangers(ctx context.Context) {
	for n := int64(prunePiece); n == prunePiece; {
		err := l.desk.Store().Background(ctx, func(tx intake.Tx) (err error) {
			n, err = tx.PruneStrangers(keepStrangers, prunePiece)
			return err
		})
		l.room.gone(n)
		if err != nil {
			if ctx.Err() == nil {
				l.log.Warn("calls of strangers not deleted", "err", err)
			}
			return
		}
	}
}

// A clock that was set far ahead would have everything deleted at once. So calls are only deleted where calls of
// witnessDays different days of the last witnessSpan say that it is that late.
const (
	witnessDays = 3
	witnessSpan = 30
)

// witnessed reports whether the calls bear out that it is now, or nothing would be deleted anyway.
func (l *Log) witnessed(tx intake.CallTx, now, before time.Time) (bool, error) {
	if old, err := tx.Calls(intake.CallQuery{To: before, Limit: 1}); err != nil || len(old) == 0 {
		return true, err
	}
	days := 0
	for to := range witnessSpan {
		end := now.AddDate(0, 0, -to)
		cs, err := tx.Calls(intake.CallQuery{From: end.AddDate(0, 0, -1), To: end, Limit: 1})
		if err != nil {
			return false, err
		}
		if days += len(cs); days == witnessDays {
			return true, nil
		}
	}
	return false, nil
}
