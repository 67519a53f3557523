package console

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/audit"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// auditPages are the audit, its check and its export.
func auditPages() group {
	return group{Routes: []route{
		sectionPage("/audit", "审计", intake.LookAudit, auditPage),
		postDeed("/audit/verify", intake.LookAudit, verifyAudit),
		postDeed("/audit/export", intake.LookAudit, exportAudit),
	}}
}

// auditQuery is the query above the audit, as it was filled in.
type auditQuery struct{ Who, Action, Target, From, To string }

// auditData is the audit.
type auditData struct {
	Query   auditQuery
	Groups  []intake.ActionGroup
	Entries []auditRow
	Pager   pager
	Export  string // where the form for an export goes
}

// auditRow is one entry.
type auditRow struct {
	intake.AuditEntry
	Title, Said string // what was done, and how, in Chinese
}

func auditPage(q *request) (answer, error) { return showAudit(q, nil) }

func showAudit(q *request, problem error) (answer, error) {
	d := auditData{Query: readAuditQuery(q), Groups: intake.ActionGroups(), Export: q.link(q.selecting("/audit/export"))}
	search, err := d.Query.search()
	if err == nil {
		err = readAuditPlace(q, &search)
	}
	if err != nil {
		return page{Name: "audit", Wide: true, Title: "审计", Data: d, Problem: err}, nil
	}
	es, err := q.Audit.SearchAudit(q.Context(), q.who, search)
	es, d.Pager = cut(q, es, func(e intake.AuditEntry) string { return strconv.FormatInt(e.No, 10) })
	for _, e := range es {
		d.Entries = append(d.Entries, auditRow{e, e.Action.Title(), auditDetail(e)})
	}
	return page{Name: "audit", Wide: true, Title: "审计", Data: d, Problem: problem}, err
}

func readAuditQuery(q *request) auditQuery {
	return auditQuery{q.field("who"), q.field("action"), q.field("target"), q.field("from"), q.field("to")}
}

// search is what the desk is asked.
func (a auditQuery) search() (s intake.AuditQuery, err error) {
	s = intake.AuditQuery{Actor: a.actor(), Target: a.Target, Limit: pageRows + 1}
	if s.Actions, err = auditActions(a.Action); err != nil {
		return s, intake.Invalid("没有操作“%s”", a.Action)
	}
	if s.From, err = minute(a.From); err != nil {
		return s, err
	}
	if s.To, err = minute(a.To); err == nil && !s.To.IsZero() {
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
func readAuditPlace(q *request, s *intake.AuditQuery) (err error) {
	for side, to := range map[string]*int64{"before": &s.After, "after": &s.Before} {
		if v := q.field(side); v != "" {
			if *to, err = strconv.ParseInt(v, 10, 64); err != nil {
				return intake.Invalid("没有这一页，请重新查询")
			}
		}
	}
	return nil
}

// auditCheckData is what a check of the chain found.
type auditCheckData struct {
	audit.Check
	Known string // the head that was known before
	At    time.Time
}

// verifyAudit proves the chain, up to a head that was written down before where one is given.
func verifyAudit(q *request) (answer, error) {
	var known intake.AuditHead
	if h := q.field("head"); h != "" {
		var err error
		if known, err = intake.ParseAuditHead(rules.FoldCode(h)); err != nil {
			return showAudit(q, intake.Invalid("链头应为“序号:64位十六进制”，请照以前记下的填写"))
		}
	}
	c, err := q.Audit.VerifyAudit(q.Context(), q.who, known, nil)
	return page{Name: "auditcheck", Title: "验证审计链", Data: auditCheckData{c, q.field("head"), q.Clock()}}, err
}

func exportAudit(q *request) (answer, error) {
	f := readAuditQuery(q)
	search, err := f.search()
	if err != nil {
		return showAudit(q, err)
	}
	l := list{title: "审计", query: f.words(), right: intake.LookAudit, rows: func(yield func([]string, error) bool) {
		for e, err := range q.Audit.EachAudit(q.Context(), q.who, search) {
			if !yield([]string{strconv.FormatInt(e.No, 10), clock(e.At), string(e.By), e.Action.Title(), e.Target, auditDetail(e),
				string(e.Action), e.Detail, fmt.Sprintf("%x", e.Chain)}, err) {
				return
			}
		}
	}}
	for _, title := range []string{"序号", "时间", "操作人", "操作", "对象", "详情", "操作代码", "详情原文", "链值"} {
		l.heads = append(l.heads, head{Title: title, Number: title == "序号"})
	}
	a, err := q.export(l, q.field("kind"))
	if errors.Is(err, errTooMany) {
		return showAudit(q, q.tooMany())
	}
	return a, err
}
