package store

import "diaoxiao/internal/intake"

func (t *tx) AppendAudit(e intake.AuditEntry) error {
	_, err := t.change("INSERT INTO audit (at_ms, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5)", ms(e.At), e.By, e.Action, e.Target, e.Detail)
	return err
}

func (t *tx) Audit(after int64, n int) ([]intake.AuditEntry, error) {
	return list(t, func(scan func(...any) error) (e intake.AuditEntry, err error) {
		var at int64
		err = scan(&e.No, &at, &e.By, &e.Action, &e.Target, &e.Detail)
		e.At = fromMS(at)
		return e, err
	}, "SELECT audit_no, at_ms, actor, action, target, detail FROM audit WHERE audit_no > $1 ORDER BY audit_no LIMIT $2", after, limit(n))
}
