package store

import (
	"fmt"
	"slices"

	"diaoxiao/internal/intake"
)

const auditColumns = "SELECT audit_no, at_ms, actor, action, target, detail, chain FROM audit"

func scanAudit(scan func(...any) error) (e intake.AuditEntry, err error) {
	var at int64
	err = scan(&e.No, &at, &e.By, &e.Action, &e.Target, &e.Detail, &e.Chain)
	e.At = fromMS(at)
	return e, err
}

// AppendAudit writes the entry in one statement: the role of a node may not change it afterwards.
func (t *tx) AppendAudit(e intake.AuditEntry) error {
	if err := t.writing(); err != nil {
		return err
	}
	link, err := t.auditLink()
	if err != nil {
		return err
	}
	if e.No, err = t.number("audit", "audit_no"); err != nil {
		return err
	}
	link.Add(e)
	chain := link.Chain()
	_, err = t.exec("INSERT INTO audit (audit_no, at_ms, actor, action, target, detail, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.No, ms(e.At), e.By, e.Action, e.Target, e.Detail, chain[:])
	return err
}

// auditLink is the link for the next entry: it holds those that an older program wrote since the last that has a chain value.
func (t *tx) auditLink() (*intake.AuditLink, error) {
	head, err := t.AuditHead()
	if err != nil {
		return nil, err
	}
	link := intake.NewAuditLink(head.Chain)
	for after := head.No; ; {
		es, err := t.Audit(after, 1000)
		if err != nil || len(es) == 0 {
			return link, err
		}
		for _, e := range es {
			link.Add(e)
		}
		after = es[len(es)-1].No
	}
}

// AuditHead looks from the end, where it nearly always is.
func (t *tx) AuditHead() (h intake.AuditHead, err error) {
	var chain []byte
	err = notFound(t.row([]any{&h.No, &chain}, "SELECT audit_no, chain FROM audit WHERE length(chain) > 0 ORDER BY audit_no DESC LIMIT 1"))
	if err == intake.ErrNotFound {
		return intake.AuditHead{}, nil
	}
	copy(h.Chain[:], chain)
	return h, err
}

func (t *tx) Audit(after int64, n int) ([]intake.AuditEntry, error) {
	return list(t, scanAudit, auditColumns+" WHERE audit_no > $1 ORDER BY audit_no LIMIT $2", after, limit(n))
}

func (t *tx) SearchAudit(q intake.AuditQuery) ([]intake.AuditEntry, error) {
	var w where
	w.times("at_ms", q.From, q.To)
	w.text("actor = ?", string(q.Actor))
	w.text("target = ?", q.Target)
	w.oneOf("action", q.Actions)
	if q.Before > 0 {
		w.and("audit_no < ?", q.Before)
	}
	order := "DESC"
	if q.After > 0 {
		w.and("audit_no > ?", q.After)
		order = "ASC"
	}
	es, err := list(t, scanAudit, fmt.Sprintf("%s%s ORDER BY audit_no %s LIMIT $%d", auditColumns, w.String(), order, len(w.args)+1),
		append(w.args, limit(q.Limit))...)
	if q.After > 0 {
		slices.Reverse(es)
	}
	return es, err
}
