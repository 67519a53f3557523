package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// severeRead is among how many findings those of SevereRows are looked for.
const severeRead = 2000

// SevereRows are the rows of a case that have severe findings; "" where there are none, or too many to name each.
func (d *Cases) SevereRows(ctx context.Context, by intake.By, caseNo int64) (ns intake.RowNumbers, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		fs, err := tx.Findings(caseNo, 0, severeRead)
		if err != nil || len(fs) == severeRead {
			return err
		}
		var spans []intake.RowSpan
		for _, f := range fs {
			if r, ok := rules.ByNo(f.Rule); f.Pos >= 0 && ok && r.Severity == rules.Severe {
				spans = append(spans, intake.RowSpan{From: f.Pos + 1, To: f.Pos + 1})
			}
		}
		if ns, err = intake.RowNumbersOf(spans); err != nil {
			ns = ""
		}
		return nil
	})
	return ns, err
}
