package casework

import "diaoxiao/internal/receiver/intake"

// firmSource reads the firms of a case as they are shown now.
func (j *judge) firmSource(r intake.CaseRow) (*intake.FirmSource, error) {
	a, err := j.snapshot(r.Snapshot)
	if err != nil {
		return nil, err
	}
	return intake.NewFirmSource(j.tx, r, a.stale)
}
