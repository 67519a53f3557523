package console_test

import (
	"encoding/base32"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// An operator is created, comes in by the link the page showed once, is reset, disabled and enabled.
func TestOperators(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SystemAdmin, "admin")
	if p := text(v.see("/operators/new")); !strings.Contains(p, intake.Auditor.About()) {
		t.Error(p)
	}
	p := v.post("/operators", "name", "batu", "person", "巴图", "phone", "0471-2", "role", "reviewer", "identifier",
		"工号2")
	link := shown(t, p, "link")
	if !strings.HasPrefix(link, h.console.URL+"/console/setup#") || !strings.Contains(text(p), "2026-11-27 09:30:00") {
		t.Fatal(link, text(p))
	}
	if p := text(v.see("/operators")); !strings.Contains(p, "巴图 复核员 0471-2 未激活 新建，待安全管理员批准 未设置") ||
		strings.Contains(p, "setup") {
		t.Error(p)
	}
	guest := h.stranger()
	guest.enrol(link)
	h.wait(49 * time.Hour)
	v = h.enter(intake.SystemAdmin, "second")
	if p := text(v.see("/operators")); !strings.Contains(p, "巴图 复核员 0471-2 待批准 新建，待安全管理员批准 2天前设置") {
		t.Error(p)
	}
	h.enter(intake.SecurityAdmin, "sec").rule("approve", "batu")
	if p := text(v.see("/operators")); !strings.Contains(p, "巴图 复核员 0471-2 正常 2天前设置") {
		t.Error(p)
	}
	guest.token = h.letIn("batu")
	guest.present()
	if a := guest.do("GET", "/cases", nil); a.Status != 200 {
		t.Error(a.Status)
	}
	reset := shown(t, v.post("/operators/reset", "name", "batu"), "link")
	if a := guest.do("GET", "/cases", nil); a.Status == 200 {
		t.Error("still in after a reset")
	}
	v.post("/operators/standing", "name", "batu", "to", "disabled")
	if a := h.stranger().do("POST", "/setup/open", form("token", reset)); a.Status != 410 {
		t.Errorf("the link of a disabled operator: %d", a.Status)
	}
	if p := text(v.post("/operators/standing", "name", "batu", "to", "enabled")); !strings.Contains(p, "未激活") {
		t.Error(p)
	}
	if a := v.do("POST", "/operators/standing", form("name", "second", "to", "disabled")); a.Status != 400 ||
		!strings.Contains(text(a.Body), "不能停用自己") {
		t.Errorf("oneself: %d %s", a.Status, text(a.Body))
	}
	if a := v.do("POST", "/operators/reset", form("name", "nobody")); a.Status != 404 {
		t.Errorf("nobody: %d", a.Status)
	}
}

// enrol goes through the form a one-time link leads to.
func (v *visitor) enrol(link string) {
	v.Helper()
	found := secretField.FindStringSubmatch(v.do("POST", "/setup/open", form("token", link)).Body)
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(found[1])
	v.must(err)
	a := v.do("POST", "/setup", form("token", link, "secret", found[1], "password", password, "again", password, "code",
		credential.Code(device, v.now())))
	if a.Status != 200 || !strings.Contains(text(a.Body), "已设置，等待批准") {
		v.Fatal(a.Status, text(a.Body))
	}
	v.device = device
}

var askedField = regexp.MustCompile(`name="asked" value="([0-9]+)"`)

// rule approves or refuses what waits of an operator, as the page has it.
func (v *visitor) rule(what, name string) {
	v.Helper()
	_, p, _ := strings.Cut(v.see("/approvals"), "："+name+"（")
	asked := askedField.FindStringSubmatch(p)
	if asked == nil {
		v.Fatalf("nothing of %s waits: %s", name, text(p))
	}
	v.post("/approvals/"+what, "name", name, "asked", asked[1], "text", "查无此人")
}

// A form for an operator that cannot be taken comes back with what was typed.
func TestOperatorForm(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SystemAdmin, "admin")
	for _, f := range [][]string{{"name", "admin", "role", "clerk"}, {"name", "Batu", "role", "clerk"},
		{"name", "batu", "role", "业务员"}, {"name", "batu", "role", ""}} {
		a := v.do("POST", "/operators", form(append(f, "person", "巴图", "identifier", "工号3")...))
		if a.Status != 400 || !strings.Contains(a.Body, `value="巴图"`) || !strings.Contains(a.Body, `role="alert"`) {
			t.Errorf("%v: %d %s", f, a.Status, text(a.Body))
		}
	}
}

// The approver of an account that was enabled reads of a reset before it that nobody approved, and of no other.
func TestApproverSeesReset(t *testing.T) {
	h := openHouse(t)
	ctx, root := t.Context(), intake.Actor("cli:root")
	security := h.enter(intake.SecurityAdmin, "security")
	h.enter(intake.Clerk, "batu")
	again := func() {
		h.must(h.SetOperatorDisabled(ctx, root, "batu", true))
		h.must(h.SetOperatorDisabled(ctx, root, "batu", false))
	}
	again()
	if p := text(security.see("/approvals")); !strings.Contains(p, "启用：batu") || strings.Contains(p, "重置于") {
		t.Errorf("never reset: %s", p)
	}
	_, err := h.ResetOperator(ctx, intake.Actor("cli:eve"), "batu")
	h.must(err)
	again()
	if p := text(security.see("/approvals")); !strings.Contains(p, "启用：batu") || !strings.Contains(p, "重置于") ||
		!strings.Contains(p, "由 eve（命令行）") {
		t.Errorf("reset: %s", p)
	}
}
