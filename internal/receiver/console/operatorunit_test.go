package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// An operator has a unit, which is changed with the name and the phone, is searched for, and is in the audit; the list
// says when each last signed in.
func TestOperatorUnit(t *testing.T) {
	h := openHouse(t)
	admin := h.enter(intake.SystemAdmin, "admin")
	admin.post("/operators", "name", "batu", "person", "巴图", "phone", "0471-1", "unit", "执法稽查局", "role", "clerk",
		"identifier", "b1")
	row := func(name string) string {
		p := admin.see("/operators?" + form("q", name).Encode())
		return text(p[strings.Index(p, "<tbody>"):])
	}
	wants(t, row("batu"), "巴图", "执法稽查局", "无记录")
	wants(t, row("稽查"), "batu")
	lacks(t, row("信用监管"), "batu")
	admin.post("/operators/person", "name", "batu", "person", "巴图", "phone", "0471-1", "unit", "信用监管科")
	wants(t, row("信用监管"), "batu")
	if a := admin.do("POST", "/operators/person", form("name", "batu", "person", "巴图", "phone", "0471-1", "unit",
		"信用监管科")); a.Status != 400 || !strings.Contains(a.Body, "没有改动") {
		t.Errorf("nothing changed: %d", a.Status)
	}
	if a := admin.do("POST", "/operators/person", form("name", "batu", "person", "巴图", "unit",
		strings.Repeat("长", 70))); a.Status != 400 {
		t.Errorf("a unit that is too long: %d", a.Status)
	}
	audit := text(h.enter(intake.Auditor, "auditor").see("/audit?action=operator+change"))
	wants(t, audit, "单位：信用监管科；单位原为：执法稽查局")
	lacks(t, audit, "0471-1")
	a := admin.do("POST", "/operators", form("name", "Batu", "person", "巴图", "role", "clerk", "identifier", "b2"))
	wants(t, text(a.Body), "用户名“Batu”：须为")
}

// Signing in is remembered with the operator, also where the visit is long forgotten.
func TestLastSignIn(t *testing.T) {
	h := openHouse(t)
	admin := h.enter(intake.SystemAdmin, "admin")
	lacks(t, text(admin.see("/operators")), "无记录")
	h.wait(26 * time.Hour)
	_, err := h.SignIn(context.Background(), staff.SignIn{Name: "admin", Password: password, Code: h.code(),
		Source: "127.0.0.1"})
	h.must(err)
	os, err := h.Operators(context.Background(), intake.Actor("cli:root"))
	h.must(err)
	if len(os) != 1 || !os[0].SignedIn.Equal(h.now().Truncate(time.Millisecond)) {
		t.Errorf("%v, not %v", os[0].SignedIn, h.now())
	}
}
