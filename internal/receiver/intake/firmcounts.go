package intake

import (
	"context"

	"diaoxiao/internal/receiver/release"
)

// FirmCounts returns how many firms of one of the caller's own cases are in each state, as operators see them at this
// moment. known is false where the firms of a verified case are not counted yet, as after an upgrade. ErrNotFound: the
// case belongs to another app.
func (d *Desk) FirmCounts(ctx context.Context, who Caller, c Case) (n release.Counts, known bool, err error) {
	if c.AppID != who.AppID {
		return n, false, ErrNotFound
	}
	err = d.store.View(ctx, func(tx Tx) error {
		rows, err := tx.CaseRows(c.No, c.No)
		if err != nil || len(rows) == 0 {
			return err
		}
		r, stale := rows[0], false
		if r.Tally.Clear > 0 { // the age of the register matters to these alone
			if stale, err = d.comparedLongAgo(tx, r.Snapshot); err != nil {
				return err
			}
		}
		n = r.Tally.Counts(r.Items, !r.Verified.IsZero(), !r.Returned.IsZero(), stale)
		return nil
	})
	return n, n.Total() == c.Items, err
}

// comparedLongAgo reports whether the snapshot with which a case was compared is too old.
func (d *Desk) comparedLongAgo(tx Tx, snapshot int64) (bool, error) {
	s, err := tx.Snapshot(snapshot)
	if err != nil {
		return false, IgnoreMissing(err)
	}
	ps, err := PoliciesIn(tx)
	return s.Stale(d.Now(tx), ps[RegisterDays]), err
}
