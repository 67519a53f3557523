package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// DoubtedEntity is one entity of a case with the findings about it.
type DoubtedEntity struct {
	EntityRow
	Findings []rules.Finding
}

// most findings of one entity: each rule once for each member, with room to spare.
const findingsOfOne = 64

// CaseEntities returns entities of a case from a zero-based position on, at most limit, with their findings; doubted: only those
// that have any. They are there once the case is verified.
func (d *Desk) CaseEntities(ctx context.Context, by By, caseNo int64, from, limit int, doubted bool) (es []DoubtedEntity, err error) {
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
		fs, err := tx.Findings(caseNo, from, limit*findingsOfOne)
		if err != nil {
			return err
		}
		if doubted {
			es, err = theDoubted(tx, caseNo, fs, limit)
			return err
		}
		rows, err := tx.Entities(caseNo, from, limit)
		es = withFindings(rows, fs)
		return err
	})
	return es, err
}

func withFindings(rows []EntityRow, fs []rules.Finding) (es []DoubtedEntity) {
	for _, r := range rows {
		e := DoubtedEntity{EntityRow: r}
		for _, f := range fs {
			if f.Pos == r.Pos {
				e.Findings = append(e.Findings, f)
			}
		}
		es = append(es, e)
	}
	return es
}

func theDoubted(tx Tx, caseNo int64, fs []rules.Finding, limit int) (es []DoubtedEntity, err error) {
	for _, f := range fs {
		if n := len(es); n > 0 && es[n-1].Pos == f.Pos {
			es[n-1].Findings = append(es[n-1].Findings, f)
			continue
		}
		if len(es) == limit {
			break
		}
		rows, err := tx.Entities(caseNo, f.Pos, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 1 && rows[0].Pos == f.Pos {
			es = append(es, DoubtedEntity{EntityRow: rows[0], Findings: []rules.Finding{f}})
		}
	}
	return es, nil
}

// CaseFindings are those about the case itself rather than one of its entities.
func (d *Desk) CaseFindings(ctx context.Context, by By, caseNo int64) (own []rules.Finding, err error) {
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
		own = nil
		fs, err := tx.Findings(caseNo, -1, findingsOfOne)
		for _, f := range fs {
			if f.Pos < 0 {
				own = append(own, f)
			}
		}
		return err
	})
	return own, err
}

// CaseTexts returns the texts of a case as sent, without its list: of a body that has them before its list no more is read, and then
// they are not proved; Decode does that. ErrDamaged as Decode.
func (d *Desk) CaseTexts(ctx context.Context, by By, c Case) (v api.Case, err error) {
	if err := d.look(ctx, by, LookCases, func(Tx) error { return nil }); err != nil {
		return v, err
	}
	body, err := d.Body(c)
	if err != nil {
		return v, err
	}
	v, whole := api.ReadTexts(c.Charset.Reader(body))
	if err := body.Close(); whole || errors.Is(err, ErrUnavailable) {
		return v, err
	}
	got, err := d.Decode(ctx, c, nil)
	return got.Case, err
}

// TakeBody lets who asks have the body of a case as sent, which holds the names of its list; the purpose is for the audit.
// ErrInvalid: no purpose; ErrNotFound: no such case. Read it with Body.
func (d *Desk) TakeBody(ctx context.Context, by By, acceptID, purpose string) (c Case, err error) {
	if err := checkText("下载报文的目的", purpose); err != nil {
		return c, err
	}
	err = d.act(ctx, by, LookCases, func(tx Tx, _ time.Time) (AuditEntry, error) {
		entry := AuditEntry{Action: "case take body", Target: acceptID, Detail: purpose}
		if c, err = caseByAcceptID(tx, acceptID); err != nil {
			return entry, fmt.Errorf("受理号%q：%w", acceptID, err)
		}
		return entry, nil
	})
	return c, err
}
