package statistics

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Report is the statistics of one month as they are shown.
type Report struct {
	Numbers
	At     time.Time // as of when they were computed
	Closed time.Time // zero: the month is open
	Digest [sha256.Size]byte
	// Damaged: what is stored of the closed month is not what its digest says.
	Damaged bool
	Total   Summary // of Numbers
	// Now is what a closed month would be by what is known now, as of the same day; nil where that is the same.
	Now      *Numbers
	NowTotal Summary // of Now
	// Guess is the year whose holidays are not known, so that the month cannot be closed; 0: none.
	Guess int
	Apps  map[int64]string // the names of all apps
}

// Line is one month in the list of months.
type Line struct {
	Month     Month
	AsOf      string
	Closed    bool
	Corrected bool
	Summary
}

// Report returns the statistics of a month. ErrInvalid: no case can have been accepted in it yet.
func (s *Statistics) Report(ctx context.Context, by intake.By, m Month) (r Report, err error) {
	err = s.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r, err = s.report(tx, m)
		return err
	})
	return r, err
}

func (s *Statistics) report(tx intake.Tx, m Month) (r Report, err error) {
	now := s.desk.Now(tx)
	if m > MonthOf(now) {
		return r, intake.Invalid("%s还没有到，没有统计", m)
	}
	apps, err := tx.Apps()
	if err != nil {
		return r, err
	}
	names := make(map[int64]string, len(apps))
	for _, a := range apps {
		names[a.ID] = a.Name
	}
	r.Apps = names
	frozen, err := tx.StatMonth(string(m))
	if errors.Is(err, intake.ErrNotFound) {
		_, r.Guess = m.Closes(s.calendar, now)
		r.Numbers, r.At, err = s.current(tx, m, now)
		r.Total = r.Numbers.Summary()
		return r, err
	}
	if err != nil {
		return r, err
	}
	r.At, r.Closed, r.Digest = frozen.At, frozen.At, frozen.Digest
	r.Damaged = sha256.Sum256([]byte(frozen.Contents)) != frozen.Digest
	if r.Numbers, err = parse(frozen); err != nil {
		return r, err
	}
	r.Total = r.Numbers.Summary()
	return r, s.correct(tx, &r, now)
}

// correct adds what a closed month would be now, where that differs.
func (s *Statistics) correct(tx intake.Tx, r *Report, now time.Time) error {
	row, err := s.kept(tx, r.Month)
	if err != nil || row.Month != "" && row.Digest == r.Digest {
		return err
	}
	if row.Month != "" && row.AsOf != r.AsOf { // from before it was closed
		return nil
	}
	is, _, err := s.currentOf(tx, row, r.Month, now)
	if err != nil {
		return err
	}
	is.Refused, is.CallsFrom = r.Refused, r.CallsFrom
	if _, digest, err := is.canonical(); err != nil || digest == r.Digest {
		return err
	}
	r.Now, r.NowTotal = &is, is.Summary()
	return nil
}

// fewCases and fewFirms are how much is computed while somebody waits. The numbers of more are those that Pass keeps.
const fewCases, fewFirms = 500, 10_000

// kept is what Pass has kept of a month, the zero value where it has not, or where the month is so small that it is
// computed for each page.
func (s *Statistics) kept(tx intake.Tx, m Month) (row intake.StatMonth, err error) {
	cases, firms, err := tx.StatSize(m.Begin(), m.End(), fewCases+1)
	if err != nil || cases <= fewCases && firms <= fewFirms {
		return row, err
	}
	row, err = tx.StatNow(string(m))
	return row, intake.IgnoreMissing(err)
}

// current is the numbers of a month by what is known now, or was a while ago, and as of when they are.
func (s *Statistics) current(tx intake.Tx, m Month, now time.Time) (n Numbers, at time.Time, err error) {
	row, err := s.kept(tx, m)
	if err != nil {
		return n, now, err
	}
	return s.currentOf(tx, row, m, now)
}

// currentOf is current, where what is kept of the month was read.
func (s *Statistics) currentOf(tx intake.Tx, row intake.StatMonth, m Month, now time.Time,
) (n Numbers, at time.Time, err error) {
	if row.Month != "" {
		n, err = parse(row)
		return n, row.At, err
	}
	over, guess := m.Closes(s.calendar, now)
	n, err = gather(tx, s.calendar, m, now, over && guess == 0)
	return n, now, err
}

func parse(row intake.StatMonth) (n Numbers, err error) {
	err = json.Unmarshal([]byte(row.Contents), &n)
	return n, err
}

// Months lists the months with cases, the newest first, at most so many from one month back.
func (s *Statistics) Months(ctx context.Context, by intake.By, last Month, most int) (ls []Line, err error) {
	err = s.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		ls, err = s.lines(tx, last, most)
		return err
	})
	return ls, err
}

func (s *Statistics) lines(tx intake.Tx, last Month, most int) (ls []Line, err error) {
	now := s.desk.Now(tx)
	first, err := tx.FirstReceived()
	if errors.Is(err, intake.ErrNotFound) {
		first, err = now, nil
	}
	closed, err2 := tx.StatMonths()
	made, err3 := tx.StatNows()
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	frozen, is := byMonth(closed), byMonth(made)
	for m := min(last, MonthOf(now)); m >= MonthOf(first) && len(ls) < most; m = m.Before(1) {
		l, err := s.line(tx, m, now, frozen[m], is[m])
		if err != nil {
			return nil, err
		}
		ls = append(ls, l)
	}
	return ls, nil
}

func byMonth(rows []intake.StatMonth) map[Month]intake.StatMonth {
	of := make(map[Month]intake.StatMonth, len(rows))
	for _, r := range rows {
		of[Month(r.Month)] = r
	}
	return of
}

// line is one month: as it was closed, or as it is.
func (s *Statistics) line(tx intake.Tx, m Month, now time.Time, frozen, is intake.StatMonth) (l Line, err error) {
	l.Month = m
	if frozen.Month != "" {
		l.AsOf, l.Closed, l.Corrected = frozen.AsOf, true, is.AsOf == frozen.AsOf && is.Digest != frozen.Digest
		return l, json.Unmarshal([]byte(frozen.Total), &l.Summary)
	}
	row, err := s.kept(tx, m)
	if err == nil && row.Month != "" {
		l.AsOf = row.AsOf
		return l, json.Unmarshal([]byte(row.Total), &l.Summary)
	}
	if err != nil {
		return l, err
	}
	n, _, err := s.currentOf(tx, row, m, now)
	l.AsOf, l.Summary = n.AsOf, n.Summary()
	return l, err
}
