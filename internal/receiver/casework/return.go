package casework

import (
	"time"

	"diaoxiao/internal/receiver/intake"
)

// returnable is nil where the case can be returned.
func returnable(r intake.CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return intake.Exists("案件已退回")
	case r.Work.Published != "":
		return intake.Invalid("案件已于%s公示，请先撤销公示", r.Work.Published)
	}
	return nil
}

func giveBack(
	r *intake.CaseRow,
	tx intake.Tx,
	now time.Time,
	by intake.By,
	reason string,
	rows intake.RowNumbers,
) error {
	if err := tx.InsertReturn(intake.Return{
		CaseNo: r.No,
		At:     now,
		By:     by.Actor(),
		Reason: reason,
		Rows:   rows,
	}); err != nil {
		return err
	}
	said, err := tx.PairsOf(r.No, r.No)
	if err != nil {
		return err
	}
	return intake.UpdateWorklists(tx, intake.Touched(said)) // what it says of earlier cases is settled
}
