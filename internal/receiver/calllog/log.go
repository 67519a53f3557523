package calllog

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// MinCallDays is how long calls are kept at least: network logs for six months (网络安全法 第21条).
const MinCallDays = 180

const (
	// callsEvery is how soon a call is written.
	callsEvery = time.Second
	// pruneEvery is how often calls are looked for that are old enough to go, prunePiece how many go at once.
	pruneEvery = 10 * time.Minute
	prunePiece = 500
	// keepStrangers is how many calls of apps that are not known are kept: anybody can make them, without a credential.
	keepStrangers = 100_000
	// stopPatience is how long the end of Run may take.
	stopPatience = 5 * time.Second
	// writeHold is how long one transaction may hold the writer, writeMost how many calls it may write: PostgreSQL is
	// given them at its end. writePiece is how many calls are written between two looks at the clock.
	writeHold  = 25 * time.Millisecond
	writeMost  = 1024
	writePiece = 256
	// While calls keep coming, writing them gets one part in writeShare of the time, whatever the database.
	writeShare = 50
	// quiet is how long no call must have come before calls are written freely.
	quiet = 100 * time.Millisecond
	// spillAgain is how soon the spool is tried again after it failed or was full.
	spillAgain = time.Second
)

// Log writes calls a group at a time, in the background: receiving cases comes first. Calls that come faster than
// they can be written beside that wait in a spool of files until it is calm; those beyond its bound are counted and
// left out.
type Log struct {
	desk    *intake.Desk
	log     *slog.Logger
	keep    time.Duration
	room    callRoom
	dropped atomic.Int64
	paused  atomic.Bool
	queue   queue
	writing *batch // Run's alone: the oldest calls that wait; nil: none were taken
	came    int64  // Run's alone: how many calls had come when it last looked
}

// NewLog returns a log of calls that are kept for so many days, MinCallDays at least. log may be nil.
func NewLog(d *intake.Desk, log *slog.Logger, days int) *Log {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	l := &Log{desk: d, log: log, keep: time.Duration(max(days, MinCallDays)) * 24 * time.Hour}
	l.queue.long = make(chan struct{}, 1)
	return l
}

// Spool has calls that memory does not hold wait in files of the folder dir, up to so many bytes (0: no bound), and
// takes over those that an earlier log has left there. The folder is made when needed. Without Spool, or where dir is
// "", they wait among the temporary files of the system, and an end of Run leaves out what it could not write. To be
// called before Run.
func (l *Log) Spool(dir string, bytes int64) *Log {
	l.queue.spool.most = bytes
	if err := l.queue.open(dir); err != nil {
		l.log.Warn("calls of the last run not taken over", "err", err)
	}
	return l
}

// Add takes a call to be written. It never waits. Its texts are cut to a length that can be shown.
func (l *Log) Add(c intake.Call) {
	if l.paused.Load() || !l.queue.add(&c) {
		l.dropped.Add(1)
	}
}

// Pause leaves out, and counts, what is added from now on, until it is called with false.
func (l *Log) Pause(on bool) { l.paused.Store(on) }

// Dropped is how many calls were left out since the start.
func (l *Log) Dropped() int64 { return l.dropped.Load() }

// Waiting is how many calls wait to be written.
func (l *Log) Waiting() int { return l.queue.waits() }

// Run writes what was added, every second, and deletes what is old enough, until ctx ends; what was added before is
// then still written, or stays in the spool for the next Run. One Run at a time.
func (l *Log) Run(ctx context.Context) {
	var spilling sync.WaitGroup
	spilling.Go(func() { l.spill(ctx) })
	t := time.NewTicker(callsEvery)
	defer t.Stop()
	var pruned time.Time
	var told int64
	for {
		done := l.flush(ctx)
		if time.Since(pruned) >= pruneEvery {
			pruned = time.Now()
			l.prune(ctx)
			if n := l.Dropped(); n > told {
				l.log.Warn("calls not recorded", "calls", n-told)
				told = n
			}
		}
		if done && l.queue.spooled() && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			spilling.Wait()
			l.end(ctx)
			return
		case <-t.C:
		}
	}
}

// spill moves calls from memory to the spool where they have become many, until ctx ends.
func (l *Log) spill(ctx context.Context) {
	for failed := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-l.queue.long:
		}
		err := l.queue.spill()
		if err == nil {
			failed = false
			continue
		}
		if !failed {
			l.log.Warn("calls wait in memory only", "err", err)
			failed = true
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(spillAgain):
		}
	}
}

// end writes what waits, and keeps in the spool what it has no time for.
func (l *Log) end(ctx context.Context) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	for l.flush(last) && l.Waiting() > 0 {
	}
	left, err := l.queue.keep(l.writing)
	l.writing = nil
	if err != nil {
		l.log.Warn("calls not recorded", "calls", left, "err", err)
		l.dropped.Add(int64(left))
	} else if left > 0 {
		l.log.Info("calls are recorded at the next start", "calls", left)
	}
}

// flush writes the oldest batch that waits, and reports whether it could.
func (l *Log) flush(ctx context.Context) (done bool) {
	if l.writing == nil {
		var lost int
		var err error
		if l.writing, lost, err = l.queue.take(); err != nil {
			l.log.Warn("calls not recorded", "calls", lost, "err", err)
			l.dropped.Add(int64(lost))
		}
	}
	if l.writing != nil {
		l.drain(ctx)
	}
	return l.writing == nil
}

// drain writes the calls that were taken. Calls that the store is too busy for stay for the next time, and so do those
// whose outcome it does not know. Calls that it refuses for another reason are left out, because they would hold up the
// rest.
func (l *Log) drain(ctx context.Context) {
	if l.writing.doubt && l.skipWritten(ctx) != nil {
		return
	}
	for l.writing.len() > 0 {
		n, took, err := l.write(ctx)
		if err != nil && (n == 0 || errors.Is(err, intake.ErrUnavailable) || ctx.Err() != nil) {
			l.writing.doubt = n > 0
			return
		}
		if err != nil {
			l.log.Warn("calls not recorded", "calls", n, "err", err)
			l.dropped.Add(int64(n))
		}
		l.queue.drop(l.writing, n)
		l.giveWay(ctx, took)
	}
	if err := l.queue.done(l.writing); err != nil {
		l.log.Warn("calls in the spool not removed", "err", err)
	}
	l.writing = nil
}

// skipWritten leaves out the first of the calls that were taken, as far as they are in the database already: those of
// a transaction of which nobody knew whether it was durable, and those that an earlier run wrote. Calls are written in
// their order.
func (l *Log) skipWritten(ctx context.Context) error {
	var n int
	err := l.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		calls := l.writing.all()
		n = sort.Search(len(calls), func(i int) bool {
			there, wrong := recorded(tx, calls[i])
			err = cmp.Or(err, wrong)
			return !there
		})
		return err
	})
	if err == nil {
		l.queue.drop(l.writing, n)
		l.writing.doubt = false
	}
	return err
}

// recorded reports whether a call is in the database.
func recorded(tx intake.CallTx, c intake.Call) (bool, error) {
	found, err := tx.Calls(intake.CallQuery{From: c.At, To: c.At.Add(time.Millisecond), RequestID: c.RequestID})
	c.At = time.Time{}
	return slices.ContainsFunc(found, func(f intake.Call) bool {
		f.No, f.AppName, f.At = 0, "", time.Time{}
		return f == c
	}), err
}

// write writes the first calls in one transaction, as many as it may hold the writer for, and returns how many, and
// how long the writer was at it.
func (l *Log) write(ctx context.Context) (n int, took time.Duration, err error) {
	var began time.Time
	err = l.desk.Store().Background(ctx, func(tx intake.Tx) error {
		began = time.Now()
		put := 0
		n, err = l.writing.each(writePiece, func(calls []intake.Call) (bool, error) {
			err := tx.PutCalls(calls)
			put += len(calls)
			return tx.Yield() || put >= writeMost || time.Since(began) > writeHold, err
		})
		return err
	})
	if n > 0 {
		took = time.Since(began)
	}
	return n, took, err
}

// giveWay waits, after calls were written for so long, until the next ones may be: at once where none has come since.
func (l *Log) giveWay(ctx context.Context, took time.Duration) {
	for end := time.Now().Add(writeShare * took); l.more() && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return
		case <-time.After(quiet):
		}
	}
}

// more reports whether calls have come since it was last asked.
func (l *Log) more() bool {
	before := l.came
	l.came = l.queue.count()
	return l.came != before
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
