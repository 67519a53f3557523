package statistics

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"diaoxiao/internal/receiver/intake"
)

const (
	// every is how soon the numbers of open months are computed again, at least; share is how many times as long as
	// that took the next time is put off, so that it takes a twentieth of one processor at most.
	every, share = time.Minute, 20
	// again is how soon those of a closed month are computed again where nobody has worked on its cases.
	again = 24 * time.Hour
)

// Run keeps the numbers of all months and closes months, until ctx ends. It does so beside the requests: nothing that
// a sender waits for is in its transactions. Several nodes may run it.
func (s *Statistics) Run(ctx context.Context, log *slog.Logger) {
	for {
		began := time.Now()
		if err := s.Pass(ctx); err != nil && ctx.Err() == nil {
			log.Warn("statistics not kept", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(every, share*time.Since(began))):
		}
	}
}

// Pass closes the months whose time has come, and computes what may have changed: open months, closed ones on whose
// cases somebody has worked, and each closed one once a day.
func (s *Statistics) Pass(ctx context.Context) error {
	todo, err := s.todo(ctx)
	for _, t := range todo {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = s.keep(ctx, t)
		}
	}
	return err
}

// task is a month that is to be computed.
type task struct {
	Month
	final  bool
	close  bool // it is final and not closed yet
	lastNo int64
}

// todo lists what is to be computed.
func (s *Statistics) todo(ctx context.Context) (ts []task, err error) {
	err = s.desk.Store().View(ctx, func(tx intake.Tx) error {
		ts = nil
		now := s.desk.Now(tx)
		first, err := tx.FirstReceived()
		if errors.Is(err, intake.ErrNotFound) {
			return nil
		}
		known, err2 := s.known(tx)
		touched, last, err3 := touchedMonths(tx, known)
		if err := errors.Join(err, err2, err3); err != nil {
			return err
		}
		for m := MonthOf(first); m <= MonthOf(now); m = m.Next() {
			over, guess := m.Closes(s.calendar, now)
			final := over && guess == 0
			t := task{m, final, final && !known.closed[m], last}
			made := known.made[m]
			if t.close || !final || touched[m] || made.AsOf != m.Final(s.calendar).String() ||
				now.Sub(made.At) >= again || now.Before(made.At) {
				ts = append(ts, t)
			}
		}
		return nil
	})
	return ts, err
}

// kept is what is stored.
type kept struct {
	closed map[Month]bool
	made   map[Month]intake.StatMonth
}

func (s *Statistics) known(tx intake.Tx) (k kept, err error) {
	closed, err := tx.StatMonths()
	made, err2 := tx.StatNows()
	k = kept{make(map[Month]bool), make(map[Month]intake.StatMonth)}
	for _, m := range closed {
		k.closed[Month(m.Month)] = true
	}
	for _, m := range made {
		k.made[Month(m.Month)] = m
	}
	return k, errors.Join(err, err2)
}

// touchedMonths are those with cases on which somebody has worked since they were last computed.
func touchedMonths(tx intake.Tx, k kept) (map[Month]bool, int64, error) {
	since := int64(-1)
	for _, m := range k.made {
		if since < 0 || m.LastNo < since {
			since = m.LastNo
		}
	}
	received, last, err := tx.CasesWithEvents(max(since, 0))
	touched := make(map[Month]bool)
	for _, at := range received {
		touched[MonthOf(at)] = true
	}
	return touched, last, err
}

// keep computes a month and stores its numbers.
func (s *Statistics) keep(ctx context.Context, t task) error {
	var n Numbers
	var frozen intake.StatMonth
	err := s.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		if n, err = gather(tx, s.calendar, t.Month, s.desk.Now(tx), t.final); err == nil && t.final && !t.close {
			frozen, err = tx.StatMonth(string(t.Month))
		}
		return err
	})
	if err != nil {
		return err
	}
	if frozen.Month != "" {
		if err := n.keepCalls(frozen); err != nil {
			return err
		}
	}
	row, err := n.row()
	if err == nil && t.close {
		err = s.close(ctx, row)
	}
	if err != nil {
		return err
	}
	row.LastNo = t.lastNo
	return s.desk.Store().Background(ctx, func(tx intake.Tx) error {
		row.At = s.desk.Now(tx)
		return tx.PutStatNow(row)
	})
}

// keepCalls takes the refused calls of a closed month: the log of calls drops them, and gets none of the past.
func (n *Numbers) keepCalls(frozen intake.StatMonth) error {
	was, err := parse(frozen)
	n.Refused, n.CallsFrom = was.Refused, was.CallsFrom
	return err
}

// row is the numbers as they are stored.
func (n Numbers) row() (m intake.StatMonth, err error) {
	total, err := json.Marshal(n.Summary())
	if err != nil {
		return m, err
	}
	m = intake.StatMonth{Month: string(n.Month), AsOf: n.AsOf, Total: string(total)}
	m.Contents, m.Digest, err = n.canonical()
	return m, err
}

// close stores the numbers of a month for good. Another node may have done so.
func (s *Statistics) close(ctx context.Context, m intake.StatMonth) error {
	err := s.desk.Act(ctx, intake.System, intake.Maintain,
		func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
			m.At = now
			facts := intake.Facts{intake.WordFact(intake.FactAsOf, m.AsOf),
				intake.WordFact(intake.FactDigest, hex.EncodeToString(m.Digest[:]))}
			return intake.AuditEntry{Action: intake.ActionStatClose, Target: m.Month, Detail: facts.String()},
				tx.InsertStatMonth(m)
		})
	if errors.Is(err, intake.ErrExists) {
		return nil
	}
	return err
}
