package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// People are shown by their names, with the account behind it, and are found in the audit by either, as it is shown or
// as it is stored; the way they came by is a column of its own. A case is found by its acceptid and its caseid.
func TestAuditByPerson(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局")
	id := s.send(aCase("呼市监处罚〔2026〕38号"))
	h.verify()
	for name, person := range map[string]string{"surina": "苏日娜", "suhe": "苏和"} {
		_, err := h.CreateOperator(t.Context(), intake.System, staff.OperatorSpec{Name: name, Person: person,
			Role: intake.Clerk, Identifier: name})
		h.must(err)
	}
	v := h.enter(intake.Auditor, "auditor")
	first := h.auditHead() + 1
	at := h.now()
	h.append(intake.AuditEntry{At: at, By: "console:surina", Action: "case note", Target: id},
		intake.AuditEntry{At: at, By: "console:suhe", Action: "case check", Target: id},
		intake.AuditEntry{At: at, By: "cli:lisi", Action: "db backup"},
		intake.AuditEntry{At: at, By: "cli:lisi login:1000 uid:0 sudo:lisi", Action: "db copy"},
		intake.AuditEntry{At: at, By: "cli:lisi2", Action: "db copy"})
	has(t, text(v.see("/audit")), "苏日娜（surina） 管理台 备注 成功 "+id, "苏和（suhe） 管理台", "lisi（命令行） 命令行 备份数据库",
		"lisi（命令行） 命令行，登录号1000，以用户号0，经sudo由lisi 搬迁数据库")
	lacks(t, text(v.see("/audit")), "console:", "cli:")
	for query, want := range map[string][]int64{
		"who=surina": {0}, "who=苏日娜": {0}, "who=苏": {1, 0}, "who=苏日娜（surina）": {0}, "who=console:surina": {0},
		"who=日娜": {0}, "who=lisi": {3, 2}, "who=lisi（命令行）": {3, 2}, "who=cli:lisi": {3, 2},
		"who=cli:lisi login:1000 uid:0 sudo:lisi": {3}, "who=lis": {}, "who=SURINA": {0},
		"target=" + id: {1, 0}, "target=呼市监处罚〔2026〕38号": {1, 0}, "target=呼市监处罚[2026]38号": {1, 0},
		"target=呼市监处罚〔2026〕3号": {},
	} {
		q, _ := url.ParseQuery(query)
		if got, want := entries(v.see("/audit?"+q.Encode())), numbers(first, want); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// numbers are those of entries, counted from the first, as a page has them.
func numbers(first int64, offsets []int64) (text string) {
	for _, o := range offsets {
		text += fmt.Sprint(first+o, " ")
	}
	return strings.TrimSpace(text)
}

// auditHead is the number of the last entry.
func (h *house) auditHead() int64 {
	h.Helper()
	head, err := h.Audit.AuditHead(h.Context(), intake.System)
	h.must(err)
	return head.No
}
