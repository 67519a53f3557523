package casework

import (
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// Doubts (疑点) sums up what is doubtful about the firms of a set, and which of them persons cleared.
type Doubts struct {
	Firms  int // that are not clean: with a finding, another verdict than 一致, or an outcome of a person
	Severe int // of them with a severe finding
	Held   int // of them held, by themselves, whatever was decided on them
	// OfCase: something is doubtful about the case as a whole, which a return concerns.
	OfCase  bool
	Cleared []Clearing

	remarks    []string // on severe firms that were cleared, each once
	unremarked bool     // one of these was cleared without a remark
}

// Clearing is firms that one person cleared.
type Clearing struct {
	By     intake.Actor
	At     time.Time // of the last
	Whole  bool      // by 核对无误 of the case, not by 一致 of each firm
	Severe bool      // the firms have severe findings
	Firms  int
}

// Clean reports whether nothing is doubtful about the set, and nothing was cleared in it.
func (d Doubts) Clean() bool { return d.Firms == 0 && !d.OfCase }

// Remark is what persons remarked on the severe firms that they cleared; "": one of these has no remark.
func (d Doubts) Remark() string {
	if d.unremarked {
		return ""
	}
	return intake.Clip(strings.Join(d.remarks, "；"), mostReason)
}

// mostReason is how long a reason is at most that is put together.
const mostReason = 300

// clean reports whether nothing is doubtful about a firm, and no person has compared it.
func clean(l *firmLine) bool {
	return l.Basis == 0 && !l.Severe && !l.CaseSevere && !l.Warning && l.Verdict == register.Consistent &&
		l.Outcome == release.NotChecked
}

// add counts one firm. check is the 核对无误 of its case.
func (d *Doubts) add(l *firmLine, check intake.CaseEvent) {
	if clean(l) {
		return
	}
	d.Firms++
	severe := l.Severe || l.CaseSevere
	if severe {
		d.Severe++
	}
	if l.Holds() != 0 {
		d.Held++
		return
	}
	c := Clearing{By: check.By, At: check.At, Whole: true, Severe: severe}
	remark := check.Detail
	if l.Outcome == release.Agrees && l.Covered() {
		c, remark = Clearing{By: l.Check.By, At: l.Check.At, Severe: severe}, l.Check.Remark
	}
	d.clear(c)
	if severe {
		d.remarkOn(strings.TrimSpace(remark))
	}
}

func (d *Doubts) clear(c Clearing) {
	i := slices.IndexFunc(d.Cleared, func(o Clearing) bool {
		return o.By == c.By && o.Whole == c.Whole && o.Severe == c.Severe
	})
	if i < 0 {
		d.Cleared, i = append(d.Cleared, c), len(d.Cleared)
	}
	d.Cleared[i].Firms++
	if c.At.After(d.Cleared[i].At) {
		d.Cleared[i].At = c.At
	}
}

func (d *Doubts) remarkOn(text string) {
	d.unremarked = d.unremarked || text == ""
	if text != "" && !slices.Contains(d.remarks, text) {
		d.remarks = append(d.remarks, text)
	}
}

// checkOf is the event by which the case was checked as a whole; the zero value: it is not.
func (j *judge) checkOf(r intake.CaseRow) (check intake.CaseEvent, err error) {
	if r.Work.Checked.IsZero() {
		return check, nil
	}
	es, err := j.tx.CaseEvents(r.No)
	for _, e := range es {
		if e.Kind == intake.EventCheck {
			check = e
		}
	}
	return check, err
}

// doubtsOfCase reports whether anything is doubtful about a case, which its return concerns as a whole.
func doubtsOfCase(r intake.CaseRow) bool {
	return r.AllSevere()+r.AllWarnings() > 0 || r.Tally.Flagged > 0
}

// Preview is a proposal that would be made, with what is doubtful about its firms.
type Preview struct {
	intake.Proposal
	Doubts Doubts
}

// NeedsReason reports whether the proposal needs a written reason: all but the release of firms of which none is held
// and none has a severe finding, whoever cleared it.
func (p Preview) NeedsReason() bool {
	return p.Kind != release.Release || p.Held > 0 || p.Doubts.Severe > 0
}

// checkReason is nil where the proposal has the reason that it needs.
func (p Preview) checkReason() error {
	if p.Reason == "" && !p.NeedsReason() {
		return nil
	}
	err := intake.CheckText(p.Kind.String()+"的理由", p.Reason)
	switch {
	case err == nil || p.Kind != release.Release || strings.TrimSpace(p.Reason) != "":
		return err
	case p.Held > 0:
		return intake.Invalid("其中%d户有疑点、尚未核对清楚，放行须写明理由；没有疑点的可以先单独申请放行", p.Held)
	}
	return intake.Invalid("其中%d户有严重提示，虽已核对，放行仍须写明理由", p.Doubts.Severe)
}
