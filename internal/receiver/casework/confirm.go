package casework

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// proposalSight is a proposal with what is shown of it now.
type proposalSight struct {
	intake.Proposal
	regarded
}

// ConfirmProposal grants a proposal, and makes what it proposes true. shown is the digest of what the second person was
// shown. It, the digest of the proposal and that of what is known of the set at that moment must be the same, otherwise
// it is ErrExists: what has changed since it was proposed is proposed anew. ErrSamePerson: the person who proposed
// cannot confirm, by any account, session or command line. ErrExists: the proposal has an answer.
func (d *Cases) ConfirmProposal(ctx context.Context, by intake.By, no int64, shown [32]byte) error {
	return sighted[proposalSight]{
		right: intake.ConfirmReturns,
		of: func(tx intake.Tx) (intake.CaseRow, error) {
			p, r, err := proposalByNo(tx, no)
			if err != nil {
				return r, err
			}
			return r, answerable(tx, by, r, p)
		},
		see: func(j *judge, r intake.CaseRow) (s proposalSight, err error) {
			if s.Proposal, err = j.tx.Proposal(no); err != nil {
				return s, err
			}
			s.regarded, err = j.regard(r, s.Proposal)
			return s, err
		},
		act: func(tx intake.Tx, now time.Time, r intake.CaseRow, s proposalSight) (e intake.AuditEntry, err error) {
			if err := asShown(s, shown); err != nil {
				return e, err
			}
			if err := answer(tx, now, by, s.Proposal, release.Confirmed, ""); err != nil {
				return e, err
			}
			if err := carryOut(tx, now, by, &r, s); err != nil {
				return e, err
			}
			return record(tx, now, by, r, on(intake.DeedsOn(s.Kind).Confirm, s.Proposal, s.Day))
		},
	}.run(ctx, d, by)
}

// proposalByNo returns a proposal with its case.
func proposalByNo(tx intake.Tx, no int64) (p intake.Proposal, r intake.CaseRow, err error) {
	if p, err = tx.Proposal(no); err != nil {
		return p, r, fmt.Errorf("第%d号申请：%w", no, err)
	}
	r, err = caseOfNo(tx, p.CaseNo)
	return p, r, err
}

// asShown is nil where what is known now is what was proposed, and what the second person was shown.
func asShown(s proposalSight, shown [32]byte) error {
	if s.changed != nil {
		return s.changed
	}
	if shown != s.digest {
		return intake.Exists("打开页面以后，其中的市场主体有了变化，请看过现在的情况再决定")
	}
	return nil
}

// carryOut makes what a proposal proposes true.
func carryOut(tx intake.Tx, now time.Time, by intake.By, r *intake.CaseRow, s proposalSight) error {
	switch s.Kind {
	case release.Return:
		if err := returnable(*r); err != nil {
			return err
		}
		return giveBack(r, tx, now, by, s.Reason, s.Rows)
	case release.Recall:
		return putDecision(tx, *r, s, intake.FirmSpan{})
	case release.Withhold:
		return putDecision(tx, *r, s, intake.FirmSpan{Decision: release.ToWithhold, ProposalNo: s.No})
	}
	if s.Day != "" {
		notePublished(r, s.Day)
	}
	is := intake.FirmSpan{Decision: release.ToRelease, Published: s.Day, ProposalNo: s.No}
	return putDecision(tx, *r, s, is)
}

// notePublished records that firms of the case were published for the first time.
func notePublished(r *intake.CaseRow, day string) {
	r.Work.Published = cmp.Or(r.Work.Published, day)
	if r.Work.Checked.IsZero() {
		noteSeen(r)
	}
}

// putDecision puts a decision on the firms of a proposal, with what was doubtful about them.
func putDecision(tx intake.Tx, r intake.CaseRow, s proposalSight, is intake.FirmSpan) error {
	old, err := tx.FirmSpans(r.No)
	if err != nil {
		return err
	}
	set := rowSet(s.Rows.Spans())
	if err := tx.PutFirmSpans(r.No, decide(r.No, old, set, always(is))); err != nil {
		return err
	}
	for _, span := range set {
		if err := tx.DeleteFirmBases(r.No, span.From-1, span.To); err != nil {
			return err
		}
	}
	if is.Decision == release.Undecided || len(s.bases) == 0 {
		return nil
	}
	return tx.PutFirmBases(s.bases)
}

// RefuseProposal refuses a proposal, with a reason. ErrSamePerson and ErrExists as for ConfirmProposal. ErrInvalid: no
// reason.
func (d *Cases) RefuseProposal(ctx context.Context, by intake.By, no int64, reason string) error {
	if err := intake.CheckText("不同意的理由", reason); err != nil {
		return err
	}
	return d.answer(ctx, by, intake.ConfirmReturns, no, release.Refused, reason,
		func(tx intake.Tx, r intake.CaseRow, p intake.Proposal) error { return answerable(tx, by, r, p) })
}

// WithdrawProposal takes a proposal back. ErrForbidden: another person proposed it. ErrExists: it has an answer.
func (d *Cases) WithdrawProposal(ctx context.Context, by intake.By, no int64) error {
	return d.answer(ctx, by, intake.WorkCases, no, release.Withdrawn, "",
		func(_ intake.Tx, _ intake.CaseRow, p intake.Proposal) error {
			if err := waits(p); err != nil {
				return err
			}
			if p.By.Person() != by.Actor().Person() {
				return fmt.Errorf("%w：只有申请人可以撤回申请", intake.ErrForbidden)
			}
			return nil
		})
}

// answer is one answer that changes nothing but the proposal.
func (d *Cases) answer(
	ctx context.Context,
	by intake.By,
	right intake.Right,
	no int64,
	is release.Answer,
	reply string,
	may func(intake.Tx, intake.CaseRow, intake.Proposal) error,
) error {
	return d.desk.Act(ctx, by, right, func(tx intake.Tx, now time.Time) (e intake.AuditEntry, err error) {
		p, r, err := proposalByNo(tx, no)
		if err != nil {
			return e, err
		}
		if err := may(tx, r, p); err != nil {
			return e, err
		}
		if err := answer(tx, now, by, p, is, reply); err != nil {
			return e, err
		}
		name := intake.DeedsOn(p.Kind).Refuse
		if is == release.Withdrawn {
			name = intake.DeedsOn(p.Kind).Withdraw
		}
		return record(tx, now, by, r, on(name, p, reply))
	})
}
