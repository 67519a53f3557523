// Package audit is the page of the audit, the check of its chain, and its export.
package audit

import (
	"embed"

	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
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

// auditQuery is the query above the audit, as it was filled in.
type auditQuery struct{ Who, Action, Target, From, To string }

// auditData is the audit.
type auditData struct {
	Query   auditQuery
	Groups  []intake.ActionGroup
	Entries []auditRow
	Pager   page.Pager
	Export  string // where the form for an export goes
}

// auditRow is one entry.
type auditRow struct {
	intake.AuditEntry
	Title, Said string // what was done, and how, in Chinese
}

func auditPage(q *page.Request) (page.Answer, error) { return showAudit(q, nil) }

func showAudit(q *page.Request, problem error) (page.Answer, error) {
	d := auditData{Query: readAuditQuery(q), Groups: intake.ActionGroups(), Export: q.Link(q.Selecting("/audit/export"))}
	search, err := d.Query.search()
	if err == nil {
		err = readAuditPlace(q, &search)
	}
	if err != nil {
		return page.View{Template: "audit_list", Wide: true, Title: "审计", Data: d, Problem: err}, nil
	}
	es, err := q.Audit.SearchAudit(q.Context(), q.Who, search)
	es, d.Pager = page.Cut(q, es, func(e intake.AuditEntry) string { return strconv.FormatInt(e.No, 10) })
	for _, e := range es {
		d.Entries = append(d.Entries, auditRow{e, e.Action.Title(), auditDetail(e)})
	}
	return page.View{Template: "audit_list", Wide: true, Title: "审计", Data: d, Problem: problem}, err
}

func readAuditQuery(q *page.Request) auditQuery {
	return auditQuery{q.Field("who"), q.Field("action"), q.Field("target"), q.Field("from"), q.Field("to")}
}

// search is what the desk is asked.
func (a auditQuery) search() (s intake.AuditQuery, err error) {
	s = intake.AuditQuery{Actor: a.actor(), Target: a.Target, Limit: page.PageRows + 1}
	if s.Actions, err = auditActions(a.Action); err != nil {
		return s, intake.Invalid("没有操作“%s”", a.Action)
	}
	if s.From, err = page.Minute(a.From); err != nil {
		return s, err
	}
	if s.To, err = page.Minute(a.To); err == nil && !s.To.IsZero() {
		s.To = s.To.Add(time.Minute) // up to and with that minute
	}
	return s, err
}

// actor is whom the audit means by what was filled in: a user name alone is that of an operator.
func (a auditQuery) actor() intake.Actor {
	if a.Who == "" || a.Who == string(intake.AtConsole) || strings.Contains(a.Who, ":") {
		return intake.Actor(a.Who)
	}
	return intake.ConsoleActor(a.Who)
}

// words says the query to whoever reads of an export.
func (a auditQuery) words() string {
	var ws []string
	for _, w := range [][2]string{{"时间自", a.From}, {"时间至", a.To}, {"操作人", a.Who}, {"操作", actionWords(a.Action)}, {"对象", a.Target}} {
		if w[1] != "" {
			ws = append(ws, w[0]+w[1])
		}
	}
	if ws == nil {
		return "全部"
	}
	return strings.Join(ws, "，")
}

// readAuditPlace adds the page that is asked for. The list begins with the newest, so what comes after an entry is older.
func readAuditPlace(q *page.Request, s *intake.AuditQuery) (err error) {
	for side, to := range map[string]*int64{"before": &s.After, "after": &s.Before} {
		if v := q.Field(side); v != "" {
			if *to, err = strconv.ParseInt(v, 10, 64); err != nil {
				return intake.Invalid("没有这一页，请重新查询")
			}
		}
	}
	return nil
}

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
	return page.View{Template: "audit_check", Title: "验证审计链", Data: auditCheckData{c, q.Field("head"), q.Clock()}}, err
}

func exportAudit(q *page.Request) (page.Answer, error) {
	f := readAuditQuery(q)
	search, err := f.search()
	if err != nil {
		return showAudit(q, err)
	}
	l := page.List{Title: "审计", Query: f.words(), Right: intake.LookAudit, Rows: func(yield func([]string, error) bool) {
		for e, err := range q.Audit.EachAudit(q.Context(), q.Who, search) {
			if !yield([]string{strconv.FormatInt(e.No, 10), page.Clock(e.At), string(e.By), e.Action.Title(), e.Target, auditDetail(e),
				string(e.Action), e.Detail, fmt.Sprintf("%x", e.Chain)}, err) {
				return
			}
		}
	}}
	for _, title := range []string{"序号", "时间", "操作人", "操作", "对象", "详情", "操作代码", "详情原文", "链值"} {
		l.Heads = append(l.Heads, page.Head{Title: title, Number: title == "序号"})
	}
	a, err := q.Export(l, q.Field("kind"))
	if errors.Is(err, page.ErrTooMany) {
		return showAudit(q, q.TooMany())
	}
	return a, err
}
