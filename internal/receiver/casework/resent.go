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
	Compared bool        // the lists were compared; otherwise one of them is too long
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

// Resent returns the comparison of lists of at most so many firms each. It reads both bodies. ErrNotFound: the case
// replaces none. ErrDamaged: a body is, and then the return is there.
func (d *Cases) Resent(ctx context.Context, by intake.By, caseNo int64, most int) (r Resent, err error) {
	var now intake.CaseRow
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		if now, err = caseOfNo(tx, caseNo); err != nil {
			return err
		}
		if now.Supersedes == "" {
			return intake.ErrNotFound
		}
		if r.Before, err = caseRow(tx, now.Supersedes); err != nil {
			return err
		}
		r.Return, err = tx.Return(r.Before.No)
		return err
	})
	if err != nil {
		return Resent{}, err
	}
	r.Nth = now.Revision + 1
	if r.Compared = max(now.Items, r.Before.Items) <= most; !r.Compared {
		return r, nil
	}
	list, err := d.listAsSent(ctx, by, now.Case)
	if err != nil {
		return r, err
	}
	before, err := d.listAsSent(ctx, by, r.Before.Case)
	if err != nil {
		return r, err
	}
	r.compare(before, list)
	return r, nil
}

// listAsSent is the whole list of a case, from its body.
func (d *Cases) listAsSent(ctx context.Context, by intake.By, c intake.Case) ([]api.Entity, error) {
	list := make([]api.Entity, 0, c.Items)
	_, err := d.desk.Decode(ctx, by, c, func(_ int, e api.Entity) error {
		list = append(list, e)
		return ctx.Err()
	})
	return list, err
}
