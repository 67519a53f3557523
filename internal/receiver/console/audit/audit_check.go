package audit

import (
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// auditCheckData is what a check of the chain found.
type auditCheckData struct {
	auditlog.Check
	Known string // the head that was known before
	At    time.Time
}

// verifyAudit proves the chain, up to a head that was written down before where one is given.
func verifyAudit(q *page.Request) (page.Answer, error) {
	var known intake.AuditHead
	if h := q.Field("head"); h != "" {
		var err error
		if known, err = intake.ParseAuditHead(rules.FoldCode(h)); err != nil {
			return showAudit(q, intake.Invalid("链头应为“序号:64位十六进制”，请照以前记下的填写"))
		}
	}
	c, err := q.Audit.VerifyAudit(q.Context(), q.Who, known, nil)
	if err == nil && c.OK() && c.Head.No > 0 {
		err = q.Staff.SetPreference(q.Context(), q.Who, intake.VerifiedHead, c.Head.String())
	}
	return page.View{Template: "audit_check", Title: "验证审计链", Data: auditCheckData{c, q.Field("head"), q.Clock()}}, err
}
