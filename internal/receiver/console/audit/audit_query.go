package audit

import (
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// auditQuery is the query above the audit, as it was filled in.
type auditQuery struct{ Who, Action, Target, From, To string }

func readAuditQuery(q *page.Request) auditQuery {
	return auditQuery{q.Field("who"), q.Field("action"), q.Field("target"), q.Field("from"), q.Field("to")}
}

// search is what the desk is asked.
func (a auditQuery) search(q *page.Request) (s intake.AuditQuery, err error) {
	s = intake.AuditQuery{Limit: page.PageRows + 1}
	s.Actors, s.Shell = q.Actors(a.Who)
	if s.Targets, err = q.Audit.Targets(q.Context(), q.Who, a.Target); err != nil {
		return s, err
	}
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

// words says the query to whoever reads of an export.
func (a auditQuery) words() string {
	var ws []string
	for _, w := range [][2]string{{"时间自", a.From}, {"时间至", a.To}, {"操作人", a.Who}, {"操作", actionWords(a.Action)},
		{"对象", a.Target}} {
		if w[1] != "" {
			ws = append(ws, w[0]+w[1])
		}
	}
	if ws == nil {
		return "全部"
	}
	return strings.Join(ws, "，")
}

// readAuditPlace adds the page that is asked for. The list begins with the newest, so what comes after an entry is
// older.
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
