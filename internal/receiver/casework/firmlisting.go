package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// Listing is in which cases a firm of the register is listed.
type Listing struct {
	Rows int  // of lists
	More bool // there are more than that
	One  intake.Case
	Pos  int // zero-based, of the row in One, which is the first case
}

// Listings returns for each firm in which cases it is listed, returned ones included. It reads no list.
func (d *Cases) Listings(ctx context.Context, by intake.By, firms []register.Firm) (all []Listing, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		all = make([]Listing, len(firms))
		for i, f := range firms {
			keys, more, err := rowsOfFirm(tx, f)
			if err != nil {
				return err
			}
			all[i] = Listing{Rows: len(keys), More: more}
			if len(keys) == 0 {
				continue
			}
			all[i].Pos = keys[0].Pos
			if all[i].One, err = tx.Case(keys[0].CaseNo); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}
