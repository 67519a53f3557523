package auditlog

import (
	"context"
	"errors"

	"diaoxiao/internal/receiver/intake"
)

// maxTargets is how many cases of one caseid are looked for, of each sender.
const maxTargets = 64

// Targets returns the targets of entries that a text means: the text itself, and the acceptids of the cases with that
// caseid, also where it is written with other brackets or blanks. A case that is not verified yet is found by its
// caseid to the letter. "": none, which selects nothing.
func (d *Audit) Targets(ctx context.Context, by intake.By, text string) (targets []string, err error) {
	if text == "" {
		return nil, nil
	}
	targets = []string{text}
	err = d.desk.Look(ctx, by, intake.LookAudit, func(tx intake.Tx) error {
		apps, err := tx.Apps()
		for _, a := range apps {
			found, err := acceptIDs(tx, a.ID, text)
			if err != nil {
				return err
			}
			targets = append(targets, found...)
		}
		return err
	})
	return targets, err
}

// acceptIDs are those of the cases of one sender with a caseid.
func acceptIDs(tx intake.Tx, appID int64, caseID string) (ids []string, err error) {
	ks, err := tx.Holders(intake.ByCaseID, intake.CaseIDKey(appID, caseID), 0, maxTargets)
	if err != nil {
		return nil, err
	}
	for _, k := range ks {
		c, err := tx.Case(k.CaseNo)
		if err != nil && !errors.Is(err, intake.ErrNotFound) {
			return nil, err
		}
		ids = append(ids, c.AcceptID)
	}
	c, err := tx.LatestCase(appID, caseID)
	if err == nil && len(ids) == 0 {
		ids = []string{c.AcceptID}
	}
	return ids, intake.IgnoreMissing(err)
}
