package casework

import (
	"context"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// Resent (再次报送) compares a case with the returned one that it replaces.
type Resent struct {
	Nth    int // 2: the second time
	Before intake.CaseRow
	Return intake.Return
	// Same, Added, Dropped and Changed count firms: a firm is the same one where its codes lead to it. Together Same,
	// Added and Changed are the list.
	Same, Added, Dropped, Changed int
	// Unmended are rows of this list that the return had named, and that are as they were.
	Unmended intake.RowNumbers
	Rows     []ResentRow // what differs, in order of this list; at most MostResent
}

// ResentRow is one firm that is not in both lists alike. Position -1: it is not in that list.
type ResentRow struct {
	Pos, WasPos int
	Now, Was    api.Entity
	Named       bool // the return named it
}

// MostResent is how many rows of a Resent are read.
const MostResent = 1000

// Resent returns the comparison. ErrNotFound: the case replaces none.
func (d *Cases) Resent(ctx context.Context, by intake.By, caseNo int64) (Resent, error) {
	return Resent{}, errUnbuilt
}
