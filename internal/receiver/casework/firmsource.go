package casework

import "diaoxiao/internal/receiver/intake"

// firmSource reads the firms of a case as they are shown now.
func (j *judge) firmSource(r intake.CaseRow) (*intake.FirmSource, error) {
	a, err := j.snapshot(r.Snapshot)
	if err != nil {
		return nil, err
	}
	return intake.NewFirmSource(j.tx, r, a.stale, j.verdictCounts)
}

// firmsOf is firmSource by the number of the case. ErrNotFound: no such case.
func (j *judge) firmsOf(caseNo int64) (*intake.FirmSource, error) {
	r, err := caseOfNo(j.tx, caseNo)
	if err != nil {
		return nil, err
	}
	return j.firmSource(r)
}

// countedCase is a case with its firms by state, as they are shown now.
func (j *judge) countedCase(r intake.CaseRow) (intake.CaseRow, error) {
	rows := []intake.CaseRow{r}
	err := j.counted(rows)
	return rows[0], err
}

// counted fills in the firms of cases by state, as they are shown now.
func (j *judge) counted(rows []intake.CaseRow) error {
	if err := intake.Recall(j.tx, rows); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		a, err := j.snapshot(r.Snapshot)
		if err != nil {
			return err
		}
		r.Firms = r.Tally.Counts(r.Items, !r.Verified.IsZero(), !r.Returned.IsZero(), a.stale)
	}
	return nil
}
