package casework

import (
	"context"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// FirmRows returns the rows of all cases that name a firm of the register, in order of case and position: by its
// pripid, or by its credit code, registration number or organisation code where a credit code belongs, or by its credit
// code where a pripid belongs. more: they are not all.
func (d *Cases) FirmRows(ctx context.Context, by intake.By, f register.Firm) (hits []EntityHit, more bool, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		keys, over, err := rowsOfFirm(tx, f)
		if err != nil {
			return err
		}
		more = over
		hits, err = newHitReader(d.desk, tx).read(keys)
		return err
	})
	return hits, more, err
}

// rowsOfFirm are where rows name a firm, in order of case and position. more: they are not all.
func rowsOfFirm(tx intake.Tx, f register.Firm) (keys []intake.Key, more bool, err error) {
	for _, k := range keysOfFirm(f) {
		held, err := tx.Holders(k.Kind, k.Value, 0, fileRows+1)
		if err != nil {
			return nil, false, err
		}
		keys = append(keys, held...)
	}
	slices.SortFunc(keys, inOrderOfCase)
	keys = slices.CompactFunc(keys, func(a, b intake.Key) bool { return a.CaseNo == b.CaseNo && a.Pos == b.Pos })
	return keys[:min(len(keys), fileRows)], len(keys) > fileRows, nil
}

func inOrderOfCase(a, b intake.Key) int {
	return intake.Key{CaseNo: a.CaseNo, Pos: a.Pos}.Compare(intake.Key{CaseNo: b.CaseNo, Pos: b.Pos})
}

// keysOfFirm are the keys under which rows name a firm, without those that say nothing.
func keysOfFirm(f register.Firm) []intake.Key {
	keys := []intake.Key{{Kind: intake.ByPripID, Value: f.PripID}, {Kind: intake.ByUniscID, Value: f.UniscID},
		{Kind: intake.ByPripID, Value: f.UniscID}, {Kind: intake.ByUniscID, Value: f.RegNo}}
	if len(f.UniscID) == 18 {
		keys = append(keys, intake.Key{Kind: intake.ByUniscID, Value: f.UniscID[8:17]})
	}
	return slices.DeleteFunc(keys, func(k intake.Key) bool { return !tells(k.Value) })
}
