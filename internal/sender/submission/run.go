// Package submission brings cases to a receiver: it reads and checks the cases of files, records in the outbox those
// that can be sent, and sends them. It decides which case is sent, held or refused, and reports each as a value; it
// knows no flag and prints nothing.
package submission

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// Config is the two ends of a run, and its choices.
type Config struct {
	Box     *outbox.Outbox // nil: the cases are only checked, nothing is kept or sent
	Client  *client.Client // nil where Box is
	Target  outbox.Target
	Account string   // that Client sends from
	Case    api.Case // texts of cases that count where the file has none
	Sheet   string   // the sheet with the list; "": it is looked for
	Report  Reporter
}

// Reporter gets each case of a run with its outcome. It is called from one goroutine at a time.
type Reporter interface {
	// Report takes a case at the turn that its Event names. An error ends the run, but not what was sent already.
	Report(Outcome) error
	// Looked takes how many cases and entities were read so far.
	Looked(cases, items int)
}

// Run is one run: the cases of some files, or those that an outbox has, on their way to one receiver. First Check or
// Retry, then Release where there is consent, then Send, and LeftOver at the end, also after an error.
type Run struct {
	conf      Config
	seen      map[string]*seenCase // by caseid
	alike     map[string]*seenCase // the first, by the fold of its caseid
	queue     outbox.Queue
	outcomes  map[int64]*Outcome // of what is in the queue, or waits
	paths     map[string]string  // of files, absolute
	waiting   []outbox.Entry     // for consent
	severe    int                // findings of what waits
	doubtful  int                // doubts about what waits
	withdrawn map[int64]bool     // entries that are not sent after all
	tally     Tally
}

// New is a run that has not begun.
func New(c Config) *Run {
	return &Run{
		conf:      c,
		seen:      make(map[string]*seenCase),
		alike:     make(map[string]*seenCase),
		outcomes:  make(map[int64]*Outcome),
		paths:     make(map[string]string),
		withdrawn: make(map[int64]bool),
	}
}

// dry reports whether the cases are only checked.
func (s *Run) dry() bool { return s.conf.Box == nil }

// Tally is the count of the cases by their outcomes so far.
func (s *Run) Tally() Tally { return s.tally }

// MaxBody is the limit of a body, in bytes, that receivers have as they are delivered; a larger case is not sent.
const MaxBody = 64 << 20

// Check reads all files, and records the cases that can be sent.
func (s *Run) Check(ctx context.Context, paths []string) error {
	s.tally.Files = len(paths)
	r := reading{box: s.conf.Box, options: sheet.Options{Case: s.conf.Case, Sheet: s.conf.Sheet}, least: rules.Severe,
		today: time.Now().In(beijingtime.Zone).Format(time.DateOnly), maxBody: MaxBody}
	if s.dry() {
		r.least = rules.Notice
	}
	err := r.files(ctx, paths, func(ks []*candidate) error { return s.take(ctx, ks) })
	s.tally.Broken = err != nil
	s.withoutWithdrawn()
	return err
}

// take decides on cases that were checked.
func (s *Run) take(ctx context.Context, ks []*candidate) error {
	for _, k := range ks {
		if err := s.look(k); err != nil {
			return err
		}
	}
	var fit []*candidate
	for _, k := range ks {
		ok, err := s.isFit(k)
		if err != nil {
			return err
		}
		if ok {
			fit = append(fit, k)
		}
	}
	if s.dry() || len(fit) == 0 {
		return nil
	}
	return s.record(ctx, fit)
}

// look compares k with the earlier cases of the input.
func (s *Run) look(k *candidate) (err error) {
	if _, ok := errors.AsType[*sheet.Problem](k.failed); ok {
		return nil
	}
	first, again := s.seen[k.text.CaseID]
	if again && len(k.problems) == 0 {
		k.problems = append(k.problems, sameCaseID(first, k))
	}
	k.me = &seenCase{
		caseID: k.text.CaseID,
		digest: k.decoded.Digest,
		where:  k.where,
		at:     k.placeOfText("caseid"),
		fit:    k,
	}
	if l := s.unlike(k, k.me); l != nil {
		p, failed := s.bar(l)
		k.me.barred, k.problems, err = true, append(k.problems, p), failed
	}
	if !again && len(k.problems) == 0 {
		s.seen[k.text.CaseID] = k.me
	}
	return err
}

// sameCaseID is the problem of k where an earlier case of the input has its caseid.
func sameCaseID(first *seenCase, k *candidate) sheet.Problem {
	if first.digest == k.decoded.Digest {
		return sheet.Problem{
			Place: k.where,
			Text:  "与" + first.where.String() + "是同一案件",
			Next:  "删去其中一处；前一处照常报送",
			Fatal: true,
		}
	}
	return sheet.Problem{Place: k.where, Field: "caseid", Text: "案件编号与" + first.where.String() + "相同而内容不同",
		Next: "改正其中一处；前一处照常报送", Fatal: true}
}

// isFit reports whether k may be sent. A case that must not be is reported to the Reporter; in a dry run also one that
// may.
func (s *Run) isFit(k *candidate) (bool, error) {
	if p, ok := errors.AsType[*sheet.Problem](k.failed); ok {
		s.tally.Blocked++
		return false, s.conf.Report.Report(Outcome{
			Event:    Unreadable,
			Place:    p.Place,
			State:    StateBlocked,
			Problems: []sheet.Problem{*p},
		})
	}
	s.count(k)
	o := k.outcome()
	k.me.fit = nil
	if len(k.problems) > 0 {
		s.tally.Blocked++
		o.Event, o.State, o.Problems, o.Codes = Blocked, StateBlocked, k.problems, api.CodeList(k.codes)
		return false, s.conf.Report.Report(o)
	}
	if s.dry() {
		k.me.toSend = true
		s.tally.Fit++
		o.Event, o.State, o.Held = Fit, StateFit, k.held(nil)
		o.PenaltyDate, o.PenaltyOrg = k.decoded.Case.PenaltyDate, k.decoded.Case.PenaltyOrg
		o.First, o.Last = k.ends()
		return true, s.conf.Report.Report(o)
	}
	return true, nil
}

// count counts a case that was read.
func (s *Run) count(k *candidate) {
	t, n := &s.tally, k.found.n
	t.Cases++
	t.Items += k.decoded.Items
	t.Severe, t.Warnings, t.Notices = t.Severe+n[rules.Severe], t.Warnings+n[rules.Warning], t.Notices+n[rules.Notice]
	t.Doubts += len(k.doubts)
	s.conf.Report.Looked(t.Cases, t.Items)
}

// sourceOf is where a case came from, for the outbox, which outlives the working folder.
func (s *Run) sourceOf(p sheet.Place) outbox.Source {
	path, known := s.paths[p.File]
	if !known {
		var err error
		if path, err = filepath.Abs(p.File); err != nil {
			path = p.File
		}
		s.paths[p.File] = path
	}
	return outbox.Source{File: path, Sheet: p.Sheet, Row: p.Row}
}

// PlaceOf is where a case of the outbox came from.
func PlaceOf(s outbox.Source) sheet.Place {
	return sheet.Place{File: s.File, Sheet: s.Sheet, Row: s.Row}
}
