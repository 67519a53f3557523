package auditlog

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// LastBackup is when the last backup of the database was recorded, for roles that look at the system; the zero time:
// none was.
func (d *Audit) LastBackup(ctx context.Context, by intake.By) (at time.Time, err error) {
	err = d.desk.Look(ctx, by, intake.LookSystem, func(tx intake.Tx) error {
		es, err := tx.SearchAudit(intake.AuditQuery{Actions: []intake.Action{intake.ActionDBBackup}, Limit: 1})
		if len(es) > 0 {
			at = es[0].At
		}
		return err
	})
	return at, err
}
