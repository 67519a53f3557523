package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

const (
	// likeCaseIDs is how many caseids LikeCaseIDs returns at most.
	likeCaseIDs = 20
	// likeHolders is how many cases of one app are looked at for them.
	likeHolders = 64
)

// LikeCaseIDs returns the caseids, of cases of one app, 0: of any, that differ from caseID in how they are written
// alone, in the order in which they were first received. They are there once their cases are verified.
func (d *Cases) LikeCaseIDs(ctx context.Context, by intake.By, appID int64, caseID string) (ids []string, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		apps, err := tx.Apps()
		if err != nil {
			return err
		}
		ids, err = likeIn(tx, apps, appID, caseID)
		return err
	})
	return ids, err
}

func likeIn(tx intake.Tx, apps []intake.App, appID int64, caseID string) (ids []string, err error) {
	seen := map[string]bool{caseID: true}
	for _, a := range apps {
		if appID != 0 && a.ID != appID {
			continue
		}
		ks, err := tx.Holders(intake.ByCaseID, intake.CaseIDKey(a.ID, caseID), 0, likeHolders)
		if err != nil {
			return nil, err
		}
		for _, k := range ks {
			c, err := tx.Case(k.CaseNo)
			if err != nil && err != intake.ErrNotFound {
				return nil, err
			}
			if err == nil && !seen[c.CaseID] && len(ids) < likeCaseIDs {
				seen[c.CaseID] = true
				ids = append(ids, c.CaseID)
			}
		}
	}
	return ids, nil
}
