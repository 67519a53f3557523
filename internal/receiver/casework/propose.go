package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// Draft is what a person is about to propose.
type Draft struct {
	AcceptID string
	Kind     release.Kind
	// Ready: all firms that are 可放行 (of a release), or all that can be recalled or published, without those in another
	// proposal that waits. Otherwise Rows, as the person wrote them (see intake.ParseRowSet); for a return they are the
	// rows that the reason names.
	Ready  bool
	Rows   string
	Day    string // of a publication
	Reason string
	Read   *intake.Seen // what was known of the case when the person read it; nil: whatever it is
}

// PreviewProposal returns the proposal that Propose would make now: its exact set, how many of it are held, and the
// digest of what is shown of it, with what is doubtful about its firms. Nothing is stored. Its errors are those of
// Propose, except for a missing reason; that of a return is missed here, too.
func (d *Cases) PreviewProposal(ctx context.Context, by intake.By, f Draft) (p Preview, err error) {
	if err := returnReason(f); err != nil {
		return p, err
	}
	err = d.desk.Look(ctx, by, intake.WorkCases, func(tx intake.Tx) error {
		r, err := caseRow(tx, f.AcceptID)
		if err != nil {
			return err
		}
		p, err = d.judge(tx).draft(r, f)
		return err
	})
	p.By = by.Actor()
	return p, err
}

// Propose proposes a decision on an exact set of firms, which another person confirms. ErrInvalid: the set is empty, a
// firm of it is not in a state of which the kind decides, the day is not valid, or a reason is needed and missing: it
// is for all kinds but the release of firms of which none is held, and of which no person cleared one with a severe
// finding. ErrExists: the case is returned, a firm of the set is in another proposal that waits, or more is known of
// the case than Read.
func (d *Cases) Propose(ctx context.Context, by intake.By, f Draft) (made intake.Proposal, err error) {
	if err := returnReason(f); err != nil {
		return made, err
	}
	err = sighted[Preview]{
		right: intake.WorkCases,
		of:    func(tx intake.Tx) (intake.CaseRow, error) { return caseRow(tx, f.AcceptID) },
		see:   func(j *judge, r intake.CaseRow) (Preview, error) { return j.draft(r, f) },
		act: func(tx intake.Tx, now time.Time, r intake.CaseRow, drafted Preview) (e intake.AuditEntry, err error) {
			if err := drafted.checkReason(); err != nil {
				return e, err
			}
			p := drafted.Proposal
			p.At, p.By = now, by.Actor()
			if p.No, err = tx.InsertProposal(p); err != nil {
				return e, err
			}
			made = p
			return record(tx, now, by, r, on(intake.DeedsOn(p.Kind).Ask, p, p.Asked()))
		},
	}.run(ctx, d, by)
	return made, err
}

// returnReason is nil unless the draft is of a return without a reason.
func returnReason(f Draft) error {
	if f.Kind != release.Return {
		return nil
	}
	return intake.CheckText("退回理由", f.Reason)
}

// draft is the proposal that a draft makes, without its author.
func (j *judge) draft(r intake.CaseRow, f Draft) (p Preview, err error) {
	p.Proposal = intake.Proposal{CaseNo: r.No, Kind: f.Kind, Day: f.Day, Reason: f.Reason}
	waits, err := waitingIn(j.tx, r.No)
	if err != nil {
		return p, err
	}
	if err := draftable(r, f, waits, j.now); err != nil {
		return p, err
	}
	if f.Kind == release.Return {
		return j.draftReturn(r, f, p)
	}
	set, taken := rowSet(nil), takenBy(waits)
	if f.Ready {
		set = allRows(r.Items)
	} else if set, err = rowsWritten(f, r, waits); err != nil {
		return p, err
	}
	return j.gather(r, p, set, func(run intake.FirmRun) (bool, error) {
		if err := fits(f.Kind, run); err != nil {
			return false, onlyIf(!f.Ready, err)
		}
		return !f.Ready || !taken.has(run.From+1) && (f.Kind != release.Release || run.State() == release.Ready), nil
	})
}

func onlyIf(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

// gather completes a proposal with its set: the rows that are wanted.
func (j *judge) gather(
	r intake.CaseRow,
	p Preview,
	set rowSet,
	want func(intake.FirmRun) (bool, error),
) (Preview, error) {
	var rows rowSet
	check, err := j.checkOf(r)
	if err != nil {
		return p, err
	}
	list, err := j.listing(p.Proposal, r)
	if err != nil {
		return p, err
	}
	err = j.lines(r, set, want, func(l *firmLine) error {
		rows.add(l.From+1, l.From+1)
		if p.Kind == release.Publish || l.Holds() != 0 {
			p.Held++
		}
		p.Doubts.add(l, check)
		list.add(l)
		return nil
	})
	if err == nil && len(rows) == 0 {
		err = intake.Invalid("没有可以申请%s的市场主体", p.Kind)
	}
	p.Rows, p.Count = intake.JoinRows(rows), rows.count()
	p.Digest = list.sum(p.Rows)
	return p, err
}

// draftReturn is the proposal to return a case. Its digest is of the rows that the reason names.
func (j *judge) draftReturn(r intake.CaseRow, f Draft, p Preview) (Preview, error) {
	rows, err := intake.ParseRowNumbers(f.Rows, r.Items)
	if err != nil {
		return p, err
	}
	p.Rows, p.Count = rows, r.Items
	p.Digest, p.Doubts, err = j.regardReturn(r, p.Proposal)
	return p, err
}

// regardReturn is the digest of a return, and what is doubtful about the rows that its reason names and its case.
func (j *judge) regardReturn(r intake.CaseRow, p intake.Proposal) (digest [32]byte, d Doubts, err error) {
	d.OfCase = doubtsOfCase(r)
	check, err := j.checkOf(r)
	if err != nil {
		return digest, d, err
	}
	list, err := j.listing(p, r)
	if err == nil && p.Rows != "" {
		err = j.lines(r, p.Rows.Spans(), anyFirm, func(l *firmLine) error {
			list.add(l)
			d.add(l, check)
			return nil
		})
	}
	return list.sum(p.Rows), d, err
}

func anyFirm(intake.FirmRun) (bool, error) { return true, nil }

// listing begins the listing of a proposal, with what is doubtful about its case as a whole.
func (j *judge) listing(p intake.Proposal, r intake.CaseRow) (*listing, error) {
	l := newListing(p, r.AcceptID)
	fs, err := j.tx.Findings(r.No, intake.CasePos, findingsOfOne)
	for _, f := range fs {
		if f.Pos == intake.CasePos {
			l.numbers(int64(f.Rule))
			l.texts(f.Field, f.Detail)
		}
	}
	return l, err
}
