package intake

import "context"

// EntriesAfter lists entries after number after, oldest first, at most limit.
func (d *Audit) EntriesAfter(ctx context.Context, by By, after int64, limit int) (es []AuditEntry, err error) {
	err = d.desk.look(ctx, by, LookAudit, func(tx Tx) error {
		es, err = tx.Audit(after, limit)
		return err
	})
	return es, err
}
