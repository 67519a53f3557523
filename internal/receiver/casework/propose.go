package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// Draft is what a person is about to propose.
type Draft struct {
	AcceptID string
	Kind     release.Kind
	// Ready: all firms that are 可放行 (of a release), or all that can be recalled or published. Otherwise Rows, as the
	// person wrote them (see intake.ParseRowNumbers); for a return they are the rows that the reason names.
	Ready  bool
	Rows   string
	Day    string // of a publication
	Reason string
	Read   *intake.Seen // what was known of the case when the person read it; nil: whatever it is
}

// PreviewProposal returns the proposal that Propose would make now: its exact set, how many of it are held, and the
// digest of what is shown of it. Nothing is stored. Its errors are those of Propose, except for a missing reason.
func (d *Cases) PreviewProposal(ctx context.Context, by intake.By, f Draft) (intake.Proposal, error) {
	return intake.Proposal{}, errUnbuilt
}

// Propose proposes a decision on an exact set of firms, which another person confirms. ErrInvalid: the set is empty, a
// firm of it is not in a state of which the kind decides, the day is not valid, or a reason is needed and missing: it
// is for all kinds but the release of firms of which none is held. ErrExists: the case is returned, a firm of the
// set is in another proposal that waits, or more is known of the case than Read.
func (d *Cases) Propose(ctx context.Context, by intake.By, f Draft) (no int64, err error) {
	return 0, errUnbuilt
}

// ProposalRow is a proposal in a list, with its case.
type ProposalRow struct {
	intake.Proposal
	Case intake.CaseRow
	Mine bool // the asker proposed it, or is the same person by another account, and cannot decide on it
}

// Proposals lists proposals.
func (d *Cases) Proposals(ctx context.Context, by intake.By, q intake.ProposalQuery) ([]ProposalRow, error) {
	return nil, errUnbuilt
}

// ProposalFile is one proposal with what is known now of its set.
type ProposalFile struct {
	ProposalRow
	Now     [32]byte      // the digest of what is shown now
	Changed bool          // it is not that of the proposal: what is shown now has to be read again
	Asker   intake.Change // what was done within RecentDays with the account that proposed; zero: nothing
}

// ProposalFile returns one proposal by its number. ErrNotFound: no such proposal.
func (d *Cases) ProposalFile(ctx context.Context, by intake.By, no int64) (ProposalFile, error) {
	return ProposalFile{}, errUnbuilt
}

// ConfirmProposal grants a proposal, and makes what it proposes true. shown is the digest of what the second person was
// shown: what is known of the set at that moment must be the same, otherwise it is ErrExists, and it has to be shown
// again. ErrSamePerson: the person who proposed cannot confirm, by any account, session or command line. ErrExists:
// the proposal has an answer.
func (d *Cases) ConfirmProposal(ctx context.Context, by intake.By, no int64, shown [32]byte) error {
	return errUnbuilt
}

// RefuseProposal refuses a proposal, with a reason. ErrSamePerson and ErrExists as for ConfirmProposal. ErrInvalid: no
// reason.
func (d *Cases) RefuseProposal(ctx context.Context, by intake.By, no int64, reason string) error {
	return errUnbuilt
}

// WithdrawProposal takes a proposal back. ErrForbidden: another person proposed it. ErrExists: it has an answer.
func (d *Cases) WithdrawProposal(ctx context.Context, by intake.By, no int64) error {
	return errUnbuilt
}
