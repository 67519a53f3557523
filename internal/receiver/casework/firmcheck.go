package casework

import (
	"context"
	"errors"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

var errUnbuilt = errors.New("not built yet")

// MostChecked is how many firms one act of CheckFirms may cover.
const MostChecked = 20000

// CheckFirms records what a person found who compared firms with the registry (逐户核对), at these rows of the list. read
// is what was known of the case when the firms were read, nil: whatever it is; where more is known meanwhile it is
// ErrExists. Each firm keeps its latest outcome, and all of them stay in its history. ErrInvalid: the case is not
// verified, rows that are not in the list or are too many, or 不一致 and 待查 without a remark. ErrExists: the case is
// returned, or one of the firms is decided on, or is in a proposal that waits.
func (d *Cases) CheckFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	outcome release.Outcome,
	remark string,
	read *intake.Seen,
) error {
	return errUnbuilt
}

// UncheckFirms takes the outcomes of CheckFirms back, with a reason. ErrInvalid: one of the rows has none.
func (d *Cases) UncheckFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	reason string,
) error {
	return errUnbuilt
}

// ReturnDraft is the reason of a return as it can be prefilled from what persons found: the rows that differ, and what
// was remarked and found about them.
func (d *Cases) ReturnDraft(
	ctx context.Context,
	by intake.By,
	caseNo int64,
) (reason string, rows intake.RowNumbers, err error) {
	return "", "", errUnbuilt
}
