package audit

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// factWords is what an auditor reads for the values of a fact, where that is not the value.
var factWords = map[intake.FactKey]func(string) string{
	intake.FactPhone:    func(string) string { return "已改" },
	intake.FactDefers:   func(string) string { return "批准以后" },
	intake.FactDialect:  dialectWords,
	intake.FactOverlap:  spanTitle,
	intake.FactLocked:   spanTitle,
	intake.FactScope:    scopeTitle,
	intake.FactIdentity: identityTitle,
}

// auditDetail is what an auditor reads for the detail of an entry. A detail that another version wrote, and that cannot
// be read, is shown as it is.
func auditDetail(q *page.Request, e intake.AuditEntry) string {
	if e.Action.In("case") && e.Action != intake.ActionCaseViewNames {
		return askedDetail(e.Detail)
	}
	facts, ok := e.Facts()
	said := make([]string, len(facts))
	for i, f := range facts {
		ok = ok && f.Key.Title() != ""
		said[i] = f.Key.Title() + "：" + factValue(q, f)
	}
	if !ok {
		return e.Detail
	}
	return strings.Join(said, "；")
}

func factValue(q *page.Request, f intake.Fact) string {
	value := strings.Join(f.Values, "、")
	if f.Key == intake.FactAskedBy {
		return q.Person(intake.Actor(value))
	}
	if words := factWords[f.Key]; words != nil {
		return words(value)
	}
	return value
}

// askedDetail is a reason, and the rows that it is about.
func askedDetail(stored string) string {
	reason, rows, _ := intake.ReadAskDetail(stored)
	switch {
	case rows == "":
		return reason
	case reason == "":
		return "涉及：" + page.RowsText(rows)
	}
	return reason + "；涉及：" + page.RowsText(rows)
}

func scopeTitle(scope string) string {
	switch scope {
	case "source":
		return "这一来源"
	case "browser":
		return "这一浏览器"
	case "all":
		return "所有未曾登录的浏览器"
	}
	return scope
}

func identityTitle(s string) string {
	if s == intake.IdentityAsked {
		return "申请更换"
	}
	return "已登记"
}

func dialectWords(d string) string { return cmp.Or(page.DialectTitle(api.Dialect(d)), d) }

// spanTitle is a time as Go writes it: 168h0m0s, 30m.
func spanTitle(s string) string {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return s
	case d == 0:
		return "不保留"
	case d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "天"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "小时"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "分钟"
	}
	return s
}
