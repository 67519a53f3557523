package console_test

import (
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// A reviewer's first page has the proposals on which the reviewer may decide, and what is late; the steps of a clerk
// are not there, nor the reviewer's on that of a clerk.
func TestFirstPageOfReviewer(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	late := aCase("旧案", firms(1, 1)...)
	late.PenaltyDate = "2026-10-13"
	odd := aCase("远古", firms(5, 1)...)
	odd.PenaltyDate = "1900-01-01"
	lateID, id, oddID := s.send(late), s.send(aCase("2号", firms(9, 1)...)), s.send(odd)
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	clerk.propose("/cases/"+id, "return", "text", "报错")
	if a := reviewer.do("GET", "/", nil); a.Location != "/overview" {
		t.Errorf("the first page of a reviewer: %q", a.Location)
	}
	p := reviewer.see("/overview")
	wants(t, text(p), "公示超期 1件", "待我复核 1项", "待我复核的申请", "退回 1户", "业务员clerk", "超期和即将到期", "已超期")
	lacks(t, text(p), "待放行", "优先办理", "公示待复核")
	if !strings.Contains(p, "/cases/"+lateID) || strings.Contains(p, "/cases/"+oddID) {
		t.Error("the case that is late is not named, or the one of 1900 is")
	}
	p = clerk.see("/overview")
	wants(t, text(p), "我的待办 0项", "待放行", "待公示", "优先办理")
	lacks(t, text(p), "待我复核", "公示待复核")
	lacks(t, p, "/cases/"+id+`"`) // it is another person's turn
	reviewer.decide("/cases/"+id, "refuse", "没有报错")
	has(t, text(clerk.see("/overview")), "我的待办 1项")
}

// The findings of the first page lead to their cases.
func TestFirstPageRules(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	wrong := firms(1, 2)
	wrong[0].EntType, wrong[1].EntType = "9999", "9999"
	id := s.send(aCase("1号", wrong...))
	s.send(aCase("2号", firms(20, 1)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	links := linksWith(clerk.see("/overview"), "/cases?from=2026-10-26&rule=")
	if len(links) == 0 {
		links = linksWith(clerk.see("/overview"), "/cases?rule=")
	}
	if len(links) == 0 {
		t.Fatal("no finding is a link")
	}
	p := clerk.see(links[0])
	if got := acceptids(p); !slices.Equal(got, []string{id}) {
		t.Errorf("%s: %q", links[0], got)
	}
	wants(t, text(p), "核验提示“", "共1件")
	if a := clerk.do("GET", "/cases?rule=x", nil); a.Status != 400 {
		t.Errorf("no rule: %d", a.Status)
	}
}

// linksWith are the links of a page that begin with a path.
func linksWith(page, path string) (links []string) {
	for _, part := range strings.Split(page, `href="/console`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		if link = strings.ReplaceAll(link, "&amp;", "&"); strings.HasPrefix(link, path) {
			links = append(links, link)
		}
	}
	return links
}

// The administrator begins with the steps of the first run, each with a link and a tick; they vanish when all are done.
func TestFirstRunSteps(t *testing.T) {
	h := openHouse(t)
	admin := h.enter(intake.SystemAdmin, "admin")
	if a := admin.do("GET", "/", nil); a.Location != "/overview" {
		t.Errorf("the first page of an administrator: %q", a.Location)
	}
	p := admin.see("/overview")
	wants(t, text(p), "首次使用", "未完成 建操作员", "还缺：业务员、复核员、安全管理员、审计员", "未完成 建应用", "已完成 装证书", "未完成 备份",
		"运行状况", "报送应用 0个")
	for _, link := range []string{"/operators/new", "/apps/new", "/system"} {
		if len(linksWith(p, link)) == 0 || admin.do("GET", link, nil).Status != 200 {
			t.Errorf("no way to %s", link)
		}
	}
	h.admit("甲")
	for _, r := range intake.Roles() {
		if r != intake.SystemAdmin {
			h.enter(r, "the."+string(r))
		}
	}
	wants(t, text(admin.see("/overview")), "已完成 建操作员", "已完成 建应用", "未完成 备份")
	h.must(h.store.Update(t.Context(), func(tx intake.Tx) error {
		return tx.AppendAudit(intake.AuditEntry{At: h.now(), By: "cli:root", Action: intake.ActionDBBackup,
			Target: "a.db"})
	}))
	lacks(t, text(admin.see("/overview")), "首次使用", "未完成")
}

// The security administrator begins with what waits for approval and the state of the system, the auditor with the
// chain and how far it was verified.
func TestFirstPagesOfWatchers(t *testing.T) {
	h := openHouse(t)
	security, auditor := h.enter(intake.SecurityAdmin, "security"), h.enter(intake.Auditor, "auditor")
	_, err := h.CreateOperator(t.Context(), intake.Actor("cli:root"), newcomer)
	h.must(err)
	p := text(security.see("/overview"))
	wants(t, p, "待批准", "锁定的账户 0名", "运行状况")
	lacks(t, p, "首次使用")
	p = text(auditor.see("/overview"))
	wants(t, p, "审计链", "您还没有验证过审计链", "最近的审计记录", "建立操作员")
	has(t, text(auditor.do("POST", "/audit/verify", form()).Body), "审计链")
	p = text(auditor.see("/overview"))
	wants(t, p, "您上次验证到的链头", "此后新增0条")
	_, err = h.CreateApp(t.Context(), intake.Actor("cli:root"), intake.AppSpec{Name: "甲", Contact: "乙", Phone: "1",
		Accounts: []string{"经办人"}})
	h.must(err)
	wants(t, text(auditor.see("/overview")), "此后新增1条")
}
