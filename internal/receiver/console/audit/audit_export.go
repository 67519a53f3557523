package audit

import (
	"errors"
	"fmt"
	"iter"
	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

func exportAudit(q *page.Request) (page.Answer, error) {
	f := readAuditQuery(q)
	search, err := f.search(q)
	if err != nil {
		return showAudit(q, err)
	}
	l := page.List{Title: "审计", Query: f.words(), Right: intake.LookAudit, Rows: auditRows(q, search)}
	l.Heads = []page.Head{{Title: "序号", Number: true, Width: 8}, {Title: "时间", Time: true, Width: 19},
		{Title: "操作人", Width: 20}, {Title: "操作", Width: 20}, {Title: "结果", Width: 8}, {Title: "对象", Width: 22},
		{Title: "详情", Width: 50, Wrap: true}, {Title: "渠道", Width: 12}, {Title: "来源", Width: 18},
		{Title: "操作人代码", Width: 22}, {Title: "操作代码", Width: 22}, {Title: "详情原文", Width: 40, Wrap: true},
		{Title: "链值", Width: 20}}
	a, err := q.Export(l, q.Field("kind"))
	if errors.Is(err, page.ErrTooMany) {
		return showAudit(q, q.TooMany())
	}
	return a, err
}

// auditRows are the entries that a query selects, as they leave.
func auditRows(q *page.Request, search intake.AuditQuery) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for e, err := range q.Audit.EachAudit(q.Context(), q.Who, search) {
			a := newAuditRow(q, e)
			row := []string{strconv.FormatInt(e.No, 10), page.Clock(e.At), a.Person, a.Title, outcome(e),
				e.Target, a.Said, a.Channel, a.Source, string(e.By),
				string(e.Action), e.Detail, fmt.Sprintf("%x", e.Chain)}
			if !yield(row, err) {
				return
			}
		}
	}
}

// outcome is what became of it, in a word.
func outcome(e intake.AuditEntry) string {
	if failed(e) {
		return "失败"
	}
	return "成功"
}
