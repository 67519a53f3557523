package overview

import (
	"cmp"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// auditData is the first page of the auditor.
type auditData struct {
	Figures []figure
	Last    intake.AuditEntry // the zero value: there is none
	Head    string            // up to which the officer verified the last time; "": never
	Since   int64             // how many entries came since
	Behind  bool              // entries are fewer than were verified
	Recent  []intake.AuditEntry
}

// recentEntries is how many entries the auditor sees at once.
const recentEntries = 10

func auditPage(q *page.Request) (page.Answer, error) {
	var d auditData
	waits, err := q.Staff.Waiting(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	if d.Recent, err = q.Audit.SearchAudit(q.Context(), q.Who, intake.AuditQuery{Limit: recentEntries}); err != nil {
		return nil, err
	}
	if len(d.Recent) > 0 {
		d.Last = d.Recent[0]
	}
	if d.Head, err = q.Staff.Preference(q.Context(), q.Who, intake.VerifiedHead); err != nil {
		return nil, err
	}
	d.Since = d.Last.No
	if head, err := intake.ParseAuditHead(d.Head); err == nil {
		d.Since, d.Behind = d.Last.No-head.No, d.Last.No < head.No
	}
	d.Figures = []figure{approvalFigure(q, len(waits)),
		{Title: "审计记录", Value: display.Count(d.Last.No) + "条", Note: "最近一条：" + cmp.Or(page.Clock(d.Last.At), "没有"),
			Link: q.Link("/audit")},
		{Title: "上次验证以后", Value: display.Count(d.Since) + "条", Note: "尚未由您验证", Link: q.Link("/audit"),
			Alarm: d.Behind}}
	return page.View{Template: "overview_audit", Title: "首页", Data: d}, nil
}
