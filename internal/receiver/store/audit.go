package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// auditTx reads and writes the audit.
type auditTx struct{ *handle }

const auditColumns = "SELECT audit_no, at_ms, actor, action, target, detail, chain FROM audit"

func scanAudit(scan func(...any) error) (e intake.AuditEntry, err error) {
	var at int64
	err = scan(&e.No, &at, &e.By, &e.Action, &e.Target, &e.Detail, &e.Chain)
	e.At = engine.FromMS(at)
	return e, err
}

// errAuditLost: an entry that was written is not there, or is another. Something in the database alters the audit.
var errAuditLost = errors.New("the audit entry that was just written cannot be read back as it was written")

// AppendAudit writes the entry in one statement, because the role of a node may not change it afterwards, and reads it
// back: where something in the database drops or alters it, the transaction fails.
func (t auditTx) AppendAudit(e intake.AuditEntry) error {
	if err := t.writing(); err != nil {
		return err
	}
	link, last, err := t.auditLink()
	if err != nil {
		return err
	}
	e.No = last + 1 // a sequence of the database would leave numbers out where a transaction fails
	link.Add(e)
	chain := link.Chain()
	e.Chain = chain[:]
	_, err = t.Exec("INSERT INTO audit (audit_no, at_ms, actor, action, target, detail, chain) "+
		"VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.No, ms(e.At), e.By, e.Action, e.Target, e.Detail, e.Chain)
	if err != nil {
		return err
	}
	return t.readBack(e)
}

// readBack holds an entry that was just written against what the database has.
func (t auditTx) readBack(e intake.AuditEntry) error {
	es, err := t.Audit(e.No-1, 2)
	if err != nil {
		return err
	}
	e.At = engine.FromMS(ms(e.At))
	same := func(a, b intake.AuditEntry) bool {
		return a.No == b.No && a.At.Equal(b.At) && a.By == b.By && a.Action == b.Action && a.Target == b.Target &&
			a.Detail == b.Detail && bytes.Equal(a.Chain, b.Chain)
	}
	if len(es) != 1 || !same(es[0], e) {
		return fmt.Errorf("audit entry %d: %w", e.No, errAuditLost)
	}
	return nil
}

// auditLink is the link for the next entry, and the number of the last: it holds the entries since the last one that
// has a chain value.
func (t auditTx) auditLink() (link *intake.AuditLink, last int64, err error) {
	head, err := t.AuditHead()
	if err != nil {
		return nil, 0, err
	}
	link = intake.NewAuditLink(head.Chain)
	for last = head.No; ; {
		es, err := t.Audit(last, 1000)
		if err != nil || len(es) == 0 {
			return link, last, err
		}
		for _, e := range es {
			link.Add(e)
		}
		last = es[len(es)-1].No
	}
}

// AuditHead looks from the end, where it nearly always is.
func (t auditTx) AuditHead() (h intake.AuditHead, err error) {
	var chain []byte
	err = notFound(t.Row([]any{&h.No, &chain}, "SELECT audit_no, chain FROM audit WHERE length(chain) > 0 "+
		"ORDER BY audit_no DESC LIMIT 1"))
	if err == intake.ErrNotFound {
		return intake.AuditHead{}, nil
	}
	copy(h.Chain[:], chain)
	return h, err
}

func (t auditTx) Audit(after int64, n int) ([]intake.AuditEntry, error) {
	return engine.List(t, scanAudit, auditColumns+" WHERE audit_no > $1 ORDER BY audit_no LIMIT $2", after, limit(n))
}

// whose adds the actors that are asked for. A user of the command line has one name and may have several logins, which
// are behind a blank.
func whose(w *where, q intake.AuditQuery) {
	if q.Shell == "" {
		oneOf(w, "actor", q.Actors)
		return
	}
	condition, name := "actor = ? OR actor >= ? AND actor < ?", string(intake.Shell{Name: q.Shell}.Actor())
	args := []any{name, name + " ", name + "!"}
	for _, a := range q.Actors {
		condition += " OR actor = ?"
		args = append(args, a)
	}
	w.and("("+condition+")", args...)
}

func (t auditTx) SearchAudit(q intake.AuditQuery) ([]intake.AuditEntry, error) {
	var w where
	w.times("at_ms", q.From, q.To)
	whose(&w, q)
	oneOf(&w, "target", q.Targets)
	oneOf(&w, "action", q.Actions)
	if q.Before > 0 {
		w.and("audit_no < ?", q.Before)
	}
	order := "DESC"
	if q.After > 0 {
		w.and("audit_no > ?", q.After)
		order = "ASC"
	}
	es, err := engine.List(t, scanAudit, fmt.Sprintf("%s%s ORDER BY audit_no %s LIMIT $%d", auditColumns, w.String(),
		order, len(w.args)+1),
		append(w.args, limit(q.Limit))...)
	if q.After > 0 {
		slices.Reverse(es)
	}
	return es, err
}
