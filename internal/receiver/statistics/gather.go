package statistics

import (
	"errors"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/workday"
)

// gatherer adds up one month.
type gatherer struct {
	tx       intake.Tx
	calendar *workday.Calendar
	month    Month
	now      time.Time
	// over is the last day that is over. final: nothing that came later counts.
	over  workday.Day
	final bool

	cells map[cellKey]*Counts
	stale map[int64]bool // snapshots of the register by their age
	days  int64          // how old a snapshot may be; -1: not read yet
}

type cellKey struct {
	app   int64
	organ string
}

// gather computes the numbers of a month: those of now, or, where final, as of its last day that counts.
func gather(tx intake.Tx, c *workday.Calendar, m Month, now time.Time, final bool) (Numbers, error) {
	g := gatherer{tx: tx, calendar: c, month: m, now: now, over: workday.DayOf(now) - 1, final: final,
		cells: make(map[cellKey]*Counts), stale: make(map[int64]bool), days: -1}
	n := Numbers{Month: m, AsOf: workday.DayOf(now).String(), Final: final, Formulas: formulas, Cells: []Cell{}}
	if final {
		g.over = m.Final(c)
		n.AsOf = g.over.String()
	}
	_, n.Guess = m.Closes(c, now)
	if err := errors.Join(g.addCases(), g.addRepeats()); err != nil {
		return n, err
	}
	for key, counts := range g.cells {
		n.Cells = append(n.Cells, Cell{key.app, key.organ, *counts})
	}
	err := g.addCalls(&n)
	n.sort()
	return n, err
}

// cell is where the counts of an app and an organ are added up.
func (g *gatherer) cell(app int64, organ string) *Counts {
	c := g.cells[cellKey{app, organ}]
	if c == nil {
		counts := NewCounts()
		c = &counts
		g.cells[cellKey{app, organ}] = c
	}
	return c
}

// piece is how many cases are read at once.
const piece = 1000

func (g *gatherer) addCases() error {
	for after := int64(0); ; {
		cs, err := g.tx.StatCases(after, g.month.Begin(), g.month.End(), piece)
		if err != nil || len(cs) == 0 {
			return err
		}
		after = cs[len(cs)-1].No
		if err := g.addPiece(cs); err != nil {
			return err
		}
	}
}

// counted is a case with the cell that counts it.
type counted struct {
	intake.StatCase
	to      *Counts
	decided workday.Day
	dated   bool
	gone    bool // returned
	left    int  // firms on which nobody decided
	judged  int  // firms with a stored verdict
}

func (g *gatherer) addPiece(cs []intake.StatCase) error {
	of := make(map[int64]*counted, len(cs))
	for _, c := range cs {
		of[c.No] = g.addCase(c)
	}
	from, to := cs[0].No, cs[len(cs)-1].No
	spans, err := g.tx.StatSpans(from, to)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if c := of[s.CaseNo]; c != nil {
			g.addSpan(c, s)
		}
	}
	if err := g.addRules(of, from, to); err != nil {
		return err
	}
	for _, c := range of {
		if err := g.addOpen(c); err != nil {
			return err
		}
	}
	return nil
}

// addCase counts what is known of a case as a whole.
func (g *gatherer) addCase(c intake.StatCase) *counted {
	to := g.cell(c.AppID, c.Organ)
	k := &counted{StatCase: c, to: to, left: c.Items, gone: !c.Returned.IsZero() && g.counts(workday.DayOf(c.Returned))}
	received := workday.DayOf(c.Received)
	if k.decided, k.dated = decisionDay(c.PenaltyDate, received); k.dated {
		to.Acceptance.add(int(received-k.decided), 1)
	} else {
		to.Undated++
	}
	to.Cases++
	to.Firms += c.Items
	if c.Revision > 0 {
		to.Resent++
	}
	if c.Verified {
		to.Verified += c.Items
	}
	if k.gone {
		to.ReturnedCases++
		to.Returned += c.Items
		k.left = 0
	}
	return k
}

// firstDay is the first day on which a decision can have been taken.
const firstDay = "1949-10-01"

// decisionDay is the day of a decision. Not ok: it is none that can be reckoned from, because it is later than the case
// came in, or much too early.
func decisionDay(penaltyDate string, received workday.Day) (workday.Day, bool) {
	day, err := workday.ParseDay(penaltyDate)
	return day, err == nil && day <= received && penaltyDate >= firstDay
}

// counts reports whether something of that day counts.
func (g *gatherer) counts(day workday.Day) bool { return !g.final || day <= g.over }

// addSpan counts firms on which two persons decided.
func (g *gatherer) addSpan(c *counted, s intake.StatSpan) {
	if c.gone || !s.Decided.IsZero() && !g.counts(workday.DayOf(s.Decided)) {
		return
	}
	c.left -= s.Firms
	if s.Withheld {
		c.to.Withheld += s.Firms
		return
	}
	c.to.Released += s.Firms
	if c.dated && !s.Decided.IsZero() {
		c.to.Release.add(int(workday.DayOf(s.Decided)-c.decided), s.Firms)
	}
	published, err := workday.ParseDay(s.Published)
	if err != nil || !g.counts(published) {
		g.addTimes(c, s.Firms, 0, false)
		return
	}
	c.to.Published += s.Firms
	if c.dated {
		c.to.Publication.add(int(published-c.decided), s.Firms)
	}
	g.addTimes(c, s.Firms, published, true)
}

// addOpen counts the firms of a case on which nobody decided.
func (g *gatherer) addOpen(c *counted) error {
	left := max(0, c.left)
	c.to.Undecided += left
	g.addTimes(c, left, 0, false)
	if c.Verified && c.judged < c.Items {
		c.to.Verdicts[int(register.NotCompared)] += c.Items - c.judged
	}
	if g.final || left == 0 {
		return nil
	}
	if !c.Verified {
		c.to.Pending += left
		return nil
	}
	stale, err := g.isStale(c.Snapshot)
	ready := c.Ready
	if !stale {
		ready += c.Clear
	}
	ready = min(ready, left)
	c.to.Ready += ready
	c.to.Held += left - ready
	return err
}

// addTimes counts firms that are to be published, by both deadlines.
func (g *gatherer) addTimes(c *counted, firms int, published workday.Day, is bool) {
	if !c.dated || firms == 0 {
		return
	}
	for _, t := range []struct {
		to     *Timely
		within int
	}{{&c.to.Seven, within7}, {&c.to.Twenty, within20}} {
		switch due := g.calendar.After(c.decided, t.within); {
		case is && published <= due:
			t.to.OnTime += firms
		case is || due <= g.over:
			t.to.Late += firms
		default:
			t.to.Open += firms
		}
	}
}

// addRules counts findings and verdicts.
func (g *gatherer) addRules(of map[int64]*counted, from, to int64) error {
	findings, err := g.tx.StatFindings(from, to)
	if err != nil {
		return err
	}
	for _, f := range findings {
		if c := of[f.CaseNo]; c != nil && c.Verified {
			c.to.Findings[f.Kind] += f.N
		}
	}
	verdicts, err := g.tx.StatVerdicts(from, to)
	for _, v := range verdicts {
		if c := of[v.CaseNo]; c != nil && c.Verified {
			c.to.Verdicts[v.Kind] += v.N
			c.judged += v.N
		}
	}
	return err
}

// isStale reports whether a snapshot of the register is too old now.
func (g *gatherer) isStale(id int64) (bool, error) {
	if stale, known := g.stale[id]; known || id == 0 {
		return stale, nil
	}
	if g.days < 0 {
		ps, err := intake.PoliciesIn(g.tx)
		if err != nil {
			return false, err
		}
		g.days = ps[intake.RegisterDays]
	}
	s, err := g.tx.Snapshot(id)
	g.stale[id] = err == nil && s.Stale(g.now, g.days)
	return g.stale[id], intake.IgnoreMissing(err)
}

func (g *gatherer) addRepeats() error {
	repeats, err := g.tx.StatRepeats(g.month.Begin(), g.month.End())
	for _, r := range repeats {
		g.cell(r.AppID, r.Organ).Repeats += r.N
	}
	return err
}

// addCalls counts refused calls from the log of calls, which drops the oldest.
func (g *gatherer) addCalls(n *Numbers) error {
	refusals, err := g.tx.StatRefusals(g.month.Begin(), g.month.End())
	if err != nil {
		return err
	}
	n.Refused = []Refused{}
	for _, r := range refusals {
		last := len(n.Refused) - 1
		if last < 0 || n.Refused[last].App != r.AppID {
			n.Refused = append(n.Refused, Refused{App: r.AppID, Codes: map[string]int{}})
			last++
		}
		n.Refused[last].Calls += r.N
		for code := range strings.SplitSeq(r.Codes, ",") {
			n.Refused[last].Codes[code] += r.N
		}
	}
	oldest, err := g.tx.OldestCall()
	if err == nil && oldest.No > 1 && oldest.At.After(g.month.Begin()) {
		n.CallsFrom = beijingtime.Day(oldest.At)
	}
	return intake.IgnoreMissing(err)
}
