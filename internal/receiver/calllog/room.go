package calllog

import (
	"context"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// callRoom follows how much room the recorded calls take, and keeps it below a bound: beyond it the oldest go, also
// those that are not old enough by their days. Nothing counts the room of a table without reading all of it, so it is
// read once, a piece at a time, and afterwards only what has come.
type callRoom struct {
	most  int64 // bytes; 0: no bound
	last  int64 // the call up to which all were counted
	since time.Time

	bytes, rows atomic.Int64
	// of the newest call that went before MinCallDays, when it was made, in Unix milliseconds; 0: none did
	cut atomic.Int64
}

const (
	// measurePiece is how many calls are counted in one look at the store.
	measurePiece = 20_000
	// measureEvery is how soon all are counted anew, where it is about deleting some: nodes beside this one delete,
	// too.
	measureEvery = time.Hour
)

// Bound has the calls take no more than about so many bytes; 0: as many as there are. To be called before Run.
func (l *Log) Bound(bytes int64) *Log {
	l.room.most = bytes
	return l
}

// Volume is about how many bytes the calls take that are recorded.
func (l *Log) Volume() int64 { return l.room.bytes.Load() }

// CutShort is when the newest call was made that had to go before its MinCallDays, for want of room; zero: none.
func (l *Log) CutShort() time.Time {
	if ms := l.room.cut.Load(); ms != 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// measure counts the calls that have come since it was last called, or all of them.
func (l *Log) measure(ctx context.Context, all bool) error {
	r := &l.room
	if all || r.since.IsZero() {
		r.last, r.since = 0, time.Now()
		r.bytes.Store(0)
		r.rows.Store(0)
	}
	for {
		var v intake.CallVolume
		err := l.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
			v, err = tx.CallVolume(r.last, measurePiece)
			return err
		})
		if err != nil || v.Rows == 0 {
			return err
		}
		r.last = v.Last
		r.add(v.Rows, v.Bytes)
	}
}

func (r *callRoom) add(rows, bytes int64) {
	r.rows.Store(max(0, r.rows.Load()+rows))
	r.bytes.Store(max(0, r.bytes.Load()+bytes))
}

// gone takes calls off that were deleted for their age, by what one takes on average.
func (r *callRoom) gone(rows int64) {
	if have := r.rows.Load(); have > 0 && rows > 0 {
		r.add(-rows, -r.bytes.Load()/have*rows)
	}
}

// over reports whether the calls take more than they may.
func (r *callRoom) over() bool { return r.most > 0 && r.bytes.Load() > r.most }

// surplus is about how many calls are too many, at most a piece.
func (r *callRoom) surplus() int {
	each := max(1, r.bytes.Load()/max(1, r.rows.Load()))
	return int(min(prunePiece, (r.bytes.Load()-r.most)/each+1))
}

// pruneRoom deletes the oldest calls beyond the bound.
func (l *Log) pruneRoom(ctx context.Context) {
	r := &l.room
	if r.most == 0 {
		return
	}
	err := l.measure(ctx, false)
	if err == nil && r.over() && time.Since(r.since) > measureEvery {
		err = l.measure(ctx, true)
	}
	deleted := int64(0)
	var newest, now time.Time
	for err == nil && r.over() {
		var gone intake.CallVolume
		err = l.desk.Store().Background(ctx, func(tx intake.Tx) (err error) {
			now = l.desk.Now(tx)
			gone, newest, err = tx.PruneOldestCalls(r.surplus())
			return err
		})
		if err != nil || gone.Rows == 0 {
			break
		}
		r.add(-gone.Rows, -gone.Bytes)
		deleted += gone.Rows
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("calls beyond log_bytes not deleted", "err", err)
	}
	if deleted > 0 {
		l.tellCut(deleted, newest, now)
	}
}

// tellCut logs what was deleted, loudly where the law wants it kept.
func (l *Log) tellCut(deleted int64, newest, now time.Time) {
	if now.Sub(newest) >= MinCallDays*24*time.Hour {
		l.log.Info("calls beyond log_bytes deleted", "calls", deleted, "before", newest)
		return
	}
	l.room.cut.Store(newest.UnixMilli())
	l.log.Warn("calls of less than 180 days deleted, for they take more than log_bytes: raise it, the law wants them "+
		"kept for six months",
		"calls", deleted, "newest", newest, "log_bytes", l.room.most)
}
