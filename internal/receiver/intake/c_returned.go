package intake

import (
	"context"

	"diaoxiao/internal/rules"
)

// severeRead is among how many findings those of SevereRows are looked for.
const severeRead = 2000

// SevereRows are the rows of a case that have severe findings; "" where there are none, or too many to name each.
func (d *Cases) SevereRows(ctx context.Context, by By, caseNo int64) (ns RowNumbers, err error) {
	err = d.desk.look(ctx, by, LookCases, func(tx Tx) error {
		fs, err := tx.Findings(caseNo, 0, severeRead)
		if err != nil || len(fs) == severeRead {
			return err
		}
		var spans []RowSpan
		for _, f := range fs {
			if r, ok := rules.ByNo(f.Rule); f.Pos >= 0 && ok && r.Severity == rules.Severe {
				spans = append(spans, RowSpan{f.Pos + 1, f.Pos + 1})
			}
		}
		if ns, err = rowNumbers(spans); err != nil {
			ns = ""
		}
		return nil
	})
	return ns, err
}
