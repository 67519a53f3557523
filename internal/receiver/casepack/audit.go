package casepack

import (
	"io"

	"diaoxiao/internal/evidence/pack"
	"diaoxiao/internal/receiver/intake"
)

// auditPage is how many entries of the audit are read at once.
const auditPage = 500

// addAudit adds the entries of the audit about the case, the latest first, but those of packages: otherwise each
// package would be another one. They say nothing of single firms but their numbers.
func (g *gathering) addAudit() error {
	return g.w.add(pack.Audit, func(to io.Writer) error {
		for before := int64(0); ; {
			es, err := g.auditBefore(before)
			if err != nil || len(es) == 0 {
				return err
			}
			before = es[len(es)-1].No
			for _, e := range es {
				if e.Action == intake.ActionCaseTakePackage {
					continue
				}
				err := writeJSON(to, pack.Event{No: e.No, At: pack.Clock(e.At), By: string(e.By),
					Deed: string(e.Action), Detail: g.said("", e.Detail)})
				if err != nil {
					return err
				}
			}
		}
	})
}

func (g *gathering) auditBefore(no int64) (es []intake.AuditEntry, err error) {
	q := intake.AuditQuery{Targets: []string{g.c.AcceptID}, Before: no, Limit: auditPage}
	err = g.desk.Look(g.ctx, g.by, intake.LookCases, func(tx intake.Tx) error {
		es, err = tx.SearchAudit(q)
		return err
	})
	return es, err
}
