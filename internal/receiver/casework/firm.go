package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// FirmState is the state of one listed firm as it is shown, with what it comes from.
type FirmState struct {
	State     release.State
	Holds     release.Holds
	Check     intake.FirmCheck // the latest comparison by a person; the zero value: none
	Covers    bool             // that comparison still counts: nothing came up since
	Decision  release.Decision
	Published string // the day; "": not published
	Alarmed   bool   // released, and new doubts came up since
	Basis     release.Basis
}

// FirmStates returns the states of the firms at these positions of a case, in their order. ErrNotFound: no such case.
func (d *Cases) FirmStates(ctx context.Context, by intake.By, caseNo int64, at []int) ([]FirmState, error) {
	return nil, errUnbuilt
}

// FirmCounts returns the firms of a case by state. They add up to the length of its list.
func (d *Cases) FirmCounts(ctx context.Context, by intake.By, caseNo int64) (release.Counts, error) {
	return release.Counts{}, errUnbuilt
}

// FirmHistory returns all that was done with one firm, in order: its own events, and those of its case as a whole.
func (d *Cases) FirmHistory(ctx context.Context, by intake.By, acceptID string, pos int) ([]intake.CaseEvent, error) {
	return nil, errUnbuilt
}

// NextFirm is the position of the first firm from a position on, or before it where back, that the filter selects.
// -1: there is none.
func (d *Cases) NextFirm(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	from int,
	back bool,
	which EntityFilter,
) (pos int, err error) {
	return -1, errUnbuilt
}

// RuleCount is how many firms of a case have findings of one rule, their own or those of later rows about them.
type RuleCount struct {
	Rule  int
	Firms int
}

// RuleCounts sums up the findings of a case by rule, severe ones first.
func (d *Cases) RuleCounts(ctx context.Context, by intake.By, caseNo int64) ([]RuleCount, error) {
	return nil, errUnbuilt
}
