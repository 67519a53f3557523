// Package audit is the page of the audit, the check of its chain, and its export.
package audit

import (
	"embed"

	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the audit, its check and its export.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/audit", "审计", intake.LookAudit, auditPage),
		page.Post("/audit/verify", intake.LookAudit, verifyAudit),
		page.Post("/audit/export", intake.LookAudit, exportAudit),
	}}
}

// auditData is the audit.
type auditData struct {
	Query   auditQuery
	Groups  []intake.ActionGroup
	Entries []auditRow
	Pager   page.Pager
	Export  string // where the form for an export goes
	Head    string // that of the last verification of this auditor, "": there was none
}

// auditRow is one entry.
type auditRow struct {
	intake.AuditEntry
	Person, Channel string // who did it, and by which way
	Title, Said     string // what was done, and how, in Chinese
	Source          string // the address it came from, where the entry has it
	Failed          bool
}

func newAuditRow(q *page.Request, e intake.AuditEntry) auditRow {
	return auditRow{e, q.Person(e.By), page.Channel(e.By), e.Action.Title(), auditDetail(q, e),
		e.AnyFacts().Get(intake.FactSource), failed(e)}
}

// failed reports whether an entry is of something that was refused to whoever tried it.
func failed(e intake.AuditEntry) bool { return e.Action == intake.ActionSignInRefused }

func auditPage(q *page.Request) (page.Answer, error) { return showAudit(q, nil) }

func showAudit(q *page.Request, problem error) (page.Answer, error) {
	d := auditData{Query: readAuditQuery(q), Groups: intake.ActionGroups(),
		Export: q.Link(q.Selecting("/audit/export"))}
	head, err := q.Staff.Preference(q.Context(), q.Who, intake.VerifiedHead)
	if err != nil {
		return nil, err
	}
	d.Head = head
	search, err := d.Query.search(q)
	if err == nil {
		err = readAuditPlace(q, &search)
	}
	if err != nil {
		return page.View{Template: "audit_list", Wide: true, Title: "审计", Data: d, Problem: err}, nil
	}
	es, err := q.Audit.SearchAudit(q.Context(), q.Who, search)
	es, d.Pager = page.Cut(q, es, func(e intake.AuditEntry) string { return strconv.FormatInt(e.No, 10) })
	for _, e := range es {
		d.Entries = append(d.Entries, newAuditRow(q, e))
	}
	return page.View{Template: "audit_list", Wide: true, Title: "审计", Data: d, Problem: problem}, err
}
