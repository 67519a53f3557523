package auditlog

import (
	"diaoxiao/internal/receiver/intake"
)

import "context"

// EntriesAfter lists entries after number after, oldest first, at most limit.
func (d *Audit) EntriesAfter(
	ctx context.Context,
	by intake.By,
	after int64,
	limit int,
) (es []intake.AuditEntry, err error) {
	err = d.desk.Look(ctx, by, intake.LookAudit, func(tx intake.Tx) error {
		es, err = tx.Audit(after, limit)
		return err
	})
	return es, err
}
