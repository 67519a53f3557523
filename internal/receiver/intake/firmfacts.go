package intake

import (
	"iter"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// FirmRun is one firm of a list, or consecutive ones of which all is the same and nothing is doubtful.
type FirmRun struct {
	From, To int // positions, both included
	release.Facts
	Check FirmCheck // the zero value: no person compared the firm
	Span  FirmSpan  // in which it was decided; the zero value: nobody decided
}

// Published is the day on which the firms were published; "": they are not.
func (r FirmRun) Published() string { return r.Span.Published }

// Len is the number of firms.
func (r FirmRun) Len() int { return r.To - r.From + 1 }

// FirmSource reads what is known of the firms of one case. Use it within the transaction in which it was made.
type FirmSource struct {
	tx       Tx
	row      CaseRow
	spans    []FirmSpan
	verdicts map[register.Verdict]int // rows that have one
	facts    release.Facts            // of the case, and of a firm of which nothing is doubtful
	whole    bool                     // each firm of a case that was compared has a verdict
}

// NewFirmSource reads what the firms of a case have in common. stale: the snapshot with which it was compared is too
// old. count counts the rows of the case that have each verdict; nil: they are counted in the store.
func NewFirmSource(
	tx Tx,
	r CaseRow,
	stale bool,
	count func(CaseRow) (map[register.Verdict]int, error),
) (s *FirmSource, err error) {
	s = &FirmSource{tx: tx, row: r}
	if s.spans, err = firmSpans(tx, r); err != nil {
		return nil, err
	}
	s.facts = release.Facts{Verified: !r.Verified.IsZero(), Returned: !r.Returned.IsZero(),
		CaseChecked: r.CaseChecked()}
	if s.facts.CaseSevere, _, err = caseDoubts(tx, r.No); err != nil {
		return nil, err
	}
	if r.Snapshot == 0 {
		s.whole = true
		return s, nil
	}
	s.facts.Verdict = register.Result{Verdict: register.Consistent}.Shown(stale)
	if count == nil {
		count = func(CaseRow) (map[register.Verdict]int, error) { return tx.CountVerdicts(r.No) }
	}
	s.verdicts, err = count(r)
	n := 0
	for _, firms := range s.verdicts {
		n += firms
	}
	s.whole = n == r.Items
	return s, err
}

// CaseChecked: a person checked the case as a whole (核对无误), and nothing came up since.
func (r CaseRow) CaseChecked() bool { return !r.Work.Checked.IsZero() && !r.Doubted() }

// firmSpans are the decisions on firms of a case, that of the case as a whole included.
func firmSpans(tx Tx, r CaseRow) ([]FirmSpan, error) {
	spans, err := tx.FirmSpans(r.No)
	if len(spans) == 0 && r.Work.Published != "" && r.Items > 0 {
		spans = []FirmSpan{{CaseNo: r.No, To: r.Items - 1, Decision: release.ToRelease, Published: r.Work.Published}}
	}
	return spans, err
}

// findingsOfCase is more than the findings of a case itself.
const findingsOfCase = 64

// caseDoubts reports whether there is a severe finding on the case itself, and whether there is a severe one or a
// warning, of a later case that is not returned too.
func caseDoubts(tx Tx, caseNo int64) (severe, doubt bool, err error) {
	fs, err := tx.Findings(caseNo, CasePos, findingsOfCase)
	for _, f := range fs {
		if r, _ := rules.ByNo(f.Rule); f.Pos == CasePos {
			severe = severe || r.Severity == rules.Severe
			doubt = doubt || r.Severity >= rules.Warning
		}
	}
	if err != nil || doubt {
		return severe, doubt, err
	}
	marks, err := tx.MarksOf(caseNo, CasePos, 1)
	return severe, len(marks) > 0, err
}

// Runs yields the firms from a position on up to another, both included, in order. An error is the last that it yields.
func (s *FirmSource) Runs(from, to int) iter.Seq2[FirmRun, error] {
	return func(yield func(FirmRun, error) bool) {
		w := s.walk(min(to, s.row.Items-1))
		for at := max(0, from); at <= w.to; {
			run, err := w.run(at)
			if !yield(run, err) || err != nil {
				return
			}
			at = run.To + 1
		}
	}
}

// firmWalk goes through the firms of a case in order.
type firmWalk struct {
	*FirmSource
	to       int
	findings rowStream[rules.Finding]
	marks    rowStream[Counterpart]
	verdicts []*rowStream[VerdictRow]
	checks   rowStream[FirmCheck]
	bases    rowStream[FirmBasis]
}

func (s *FirmSource) walk(to int) *firmWalk {
	no := s.row.No
	w := &firmWalk{FirmSource: s, to: to}
	w.findings.read = func(from, n int) ([]rules.Finding, error) { return s.tx.DoubtFindings(no, from, to, n) }
	w.findings.pos = func(f rules.Finding) int { return f.Pos }
	w.marks.read = func(from, n int) ([]Counterpart, error) { return s.tx.FirmMarks(no, from, to, n) }
	w.marks.pos = func(k Counterpart) int { return k.OtherPos }
	w.checks.read = func(from, n int) ([]FirmCheck, error) { return s.tx.FirmChecks(no, from, n) }
	w.checks.pos = func(c FirmCheck) int { return c.Pos }
	w.bases.read = func(from, n int) ([]FirmBasis, error) { return s.tx.FirmBases(no, from, n) }
	w.bases.pos = func(b FirmBasis) int { return b.Pos }
	w.readVerdicts()
	return w
}

// readVerdicts reads those other than 一致, or all where some are missing.
func (w *firmWalk) readVerdicts() {
	no, pos := w.row.No, func(r VerdictRow) int { return r.Pos }
	if !w.whole {
		w.verdicts = []*rowStream[VerdictRow]{{pos: pos, read: func(from, n int) ([]VerdictRow, error) {
			return w.tx.Verdicts(no, from, n)
		}}}
		return
	}
	for kind := range w.FirmSource.verdicts {
		if kind != register.Consistent {
			w.verdicts = append(w.verdicts, &rowStream[VerdictRow]{pos: pos,
				read: func(from, n int) ([]VerdictRow, error) { return w.tx.VerdictsOf(no, kind, from, w.to, n) }})
		}
	}
}

// run is the run that begins at a position.
func (w *firmWalk) run(at int) (r FirmRun, err error) {
	odd, err := w.nextOdd(at)
	if err != nil {
		return r, err
	}
	r = FirmRun{From: at, To: min(w.to, odd-1), Facts: w.facts}
	for _, s := range w.spans {
		switch {
		case s.From <= at && at <= s.To:
			r.Span, r.Decision = s, s.Decision
			r.To = min(r.To, s.To)
		case s.From > at:
			r.To = min(r.To, s.From-1)
		}
	}
	if odd > at {
		return r, nil
	}
	r.To = at
	return r, w.look(&r)
}

// nextOdd is the first position at or after one that has something of its own.
func (w *firmWalk) nextOdd(at int) (int, error) {
	if !w.whole {
		return at, nil
	}
	next := w.to + 1
	note := func(pos int, ok bool, err error) error {
		if ok {
			next = min(next, pos)
		}
		return err
	}
	for _, s := range w.verdicts {
		if err := note(s.next(at)); err != nil {
			return 0, err
		}
	}
	for _, s := range []interface {
		next(int) (int, bool, error)
	}{&w.findings, &w.marks, &w.checks} {
		if err := note(s.next(at)); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// look fills in what one firm has of its own.
func (w *firmWalk) look(r *FirmRun) (err error) {
	var d Doubts
	if d.Findings, err = w.findings.take(r.From); err != nil {
		return err
	}
	if d.Marks, err = w.marks.take(r.From); err != nil {
		return err
	}
	if err := w.judge(r, &d); err != nil {
		return err
	}
	r.Severe, r.Warning = d.worst()
	r.Basis = d.Basis()
	checks, err := w.checks.take(r.From)
	if len(checks) > 0 {
		r.Check = checks[0]
		r.Outcome, r.OutcomeBasis = r.Check.Outcome, r.Check.Basis
	}
	if err != nil || r.Decision == release.Undecided {
		return err
	}
	return w.decided(r)
}

func (w *firmWalk) judge(r *FirmRun, d *Doubts) error {
	if !w.whole {
		r.Verdict = register.NotCompared
	}
	for _, s := range w.verdicts {
		rows, err := s.take(r.From)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			d.Verdict = rows[0].Result
			if r.Verdict = d.Verdict.Verdict; r.Verdict == register.Consistent {
				r.Verdict = w.facts.Verdict
			}
		}
	}
	return nil
}

// decided fills in what was doubtful when the firm was decided on. Before firms had states, the case was decided on as
// a whole, and then a severe finding is new where the case has one that nobody has seen.
func (w *firmWalk) decided(r *FirmRun) error {
	bases, err := w.bases.take(r.From)
	r.Unseen = r.Span.ProposalNo == 0 && w.row.Doubted()
	switch {
	case err != nil:
		return err
	case len(bases) > 0:
		r.DecisionBasis = bases[0].Basis
	case r.Span.ProposalNo == 0 && !(r.Severe && w.row.Unchecked()):
		r.DecisionBasis = r.Basis
	}
	return nil
}
