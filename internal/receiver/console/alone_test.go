package console_test

import (
	"encoding/base32"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// regulator is a house with its people: the administrator created each, each set up the own account, and it was
// approved where it has to be.
type regulator struct {
	*house
	admin, security, auditor, clerk, reviewer *visitor
}

func openRegulator(t *testing.T) *regulator {
	h := openHouse(t)
	r := &regulator{house: h}
	r.admin, r.security, r.auditor = h.enter(intake.SystemAdmin, "admin"), h.enter(intake.SecurityAdmin, "security"),
		h.enter(intake.Auditor, "auditor")
	r.clerk, r.reviewer = h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	return r
}

// setUp uses a one-time link by itself, as whoever has it can, and says what came of it.
func (h *house) setUp(link string) (device []byte, a answer) {
	h.Helper()
	_, code, _ := strings.Cut(link, "#")
	v := h.stranger()
	page := v.do("POST", "/setup/open", form("token", code))
	found := secretField.FindStringSubmatch(page.Body)
	if found == nil {
		return nil, page
	}
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(found[1])
	h.must(err)
	return device, v.do("POST", "/setup", form("token", code, "secret", found[1], "password", password, "again",
		password,
		"code", credential.Code(device, h.now())))
}

// getsIn reports whether somebody with password and device comes to a page.
func (h *house) getsIn(name string, device []byte, to string) bool {
	h.Helper()
	h.wait(time.Minute)
	v := h.stranger()
	v.do("POST", "/login", form("name", name, "password", password, "code", credential.Code(device, h.now())))
	return v.do("GET", to, nil).Status == 200
}

// newLink has the administrator create or reset an operator and returns the link that the page shows.
func (r *regulator) newLink(path string, fields ...string) string {
	r.Helper()
	return shown(r.TB, r.admin.post(path, fields...), "link")
}

var homeOf = map[string]string{"clerk": "/cases", "reviewer": "/cases", "system-admin": "/operators",
	"security-admin": "/policies", "auditor": "/audit"}

// One system administrator alone, with every link that the pages show, becomes nobody else: an account that the
// administrator makes does not get in, and no way of the console approves it.
func TestAdminAloneMakesNobody(t *testing.T) {
	r := openRegulator(t)
	for role, home := range homeOf {
		name := "fake-" + role
		link := r.newLink("/operators", "name", name, "person", "张三", "role", role, "identifier", "假"+role)
		device, a := r.setUp(link)
		if a.Status != 200 || !strings.Contains(text(a.Body), "等待批准") || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s is set up: %d %s", role, a.Status, text(a.Body))
		}
		r.wait(time.Minute)
		in := r.stranger().do("POST", "/login", form("name", name, "password", password, "code",
			credential.Code(device, r.now())))
		if in.Status != 400 || !strings.Contains(text(in.Body), "账户等待批准，批准后才能登录") {
			t.Errorf("%s signs in: %d %s", role, in.Status, text(in.Body))
		}
		for _, ways := range [][][]string{
			{{"/approvals/approve", "asked", fmt.Sprint(r.now().UnixMilli())}, {"/operators/standing", "to", "enabled"},
				{"/operators/role", "role", "reviewer"},
				{"/visits/unlock"}, {"/operators/identity", "identifier", "另一个"},
				{"/operators/person", "person", "李四"}},
			{{"/operators/standing", "to", "disabled"}, {"/operators/standing", "to", "enabled"}},
		} {
			for _, way := range ways {
				r.admin.do("POST", way[0], form(append(way[1:], "name", name)...))
			}
			if r.getsIn(name, device, home) {
				t.Errorf("%s gets in by one of %v", role, ways)
			}
		}
	}
}

// One system administrator alone takes nobody's place: a reset operator does not get in, and the last who approve stay
// as they are.
func TestAdminAloneTakesNobodysPlace(t *testing.T) {
	r := openRegulator(t)
	id := r.admit("甲局").send(aCase("案1"))
	r.verify()
	r.clerk.propose("/cases/"+id, "return", "text", "报错")
	for name, real := range map[string]*visitor{"clerk": r.clerk, "reviewer": r.reviewer} {
		device, a := r.setUp(r.newLink("/operators/reset", "name", name))
		if a.Status != 200 || r.getsIn(name, device, "/cases") {
			t.Errorf("in %s's place: %d", name, a.Status)
		}
		if a := real.do("POST", "/proposals/1/decide", form("choice", "agree", "sure", "1")); a.Status == 303 &&
			strings.HasPrefix(a.Location, "/proposals/") {
			t.Errorf("%s still acts while suspended", name)
		}
	}
	for name, real := range map[string]*visitor{"security": r.security, "auditor": r.auditor} {
		if _, a := r.setUp(r.newLink("/operators/reset", "name", name)); a.Status != 403 ||
			!strings.Contains(text(a.Body), "尚未获得批准") {
			t.Errorf("the link of %s: %d %s", name, a.Status, text(a.Body))
		}
		if real.see("/approvals") == "" {
			t.Errorf("%s is shut out", name)
		}
		a := r.admin.do("POST", "/operators/standing", form("name", name, "to", "disabled"))
		if a.Status != 400 || !strings.Contains(text(a.Body), "唯一可用") {
			t.Errorf("%s is disabled: %d %s", name, a.Status, text(a.Body))
		}
		a = r.admin.do("POST", "/operators/role", form("name", name, "role", "clerk"))
		if a.Status == 303 {
			t.Errorf("%s is given another role: %s", name, a.Location)
		}
	}
	// A watcher who waits for approval does not count as a second one, by whom the first could be disabled.
	for role, name := range map[string]string{"security-admin": "security", "auditor": "auditor"} {
		r.setUp(r.newLink("/operators", "name", "two-"+role, "person", "张三", "role", role, "identifier", "二"+role))
		if a := r.admin.do("POST", "/operators/standing", form("name", name, "to", "disabled")); a.Status != 400 {
			t.Errorf("%s is disabled beside one that waits: %d", name, a.Status)
		}
	}
	if f, err := r.CaseFile(t.Context(), intake.Actor("cli:test"), id); err != nil || !f.Returned.IsZero() {
		t.Errorf("the case is returned: %v", err)
	}
}

// One system administrator alone gets no other role, nor others' rights over cases, whatever is posted.
func TestAdminAloneKeepsHisRole(t *testing.T) {
	r := openRegulator(t)
	id := r.admit("甲局").send(aCase("案1"))
	r.verify()
	for role := range homeOf {
		r.admin.do("POST", "/operators/role", form("name", "admin", "role", role))
		for other, home := range homeOf {
			if a := r.admin.do("GET", home, nil); other != "system-admin" && a.Status != 403 {
				t.Errorf("asked to be %s: %s opens with %d", role, home, a.Status)
			}
		}
	}
	for _, deed := range []string{
		"/cases/" + id + "/propose", "/cases/" + id + "/check", "/cases/" + id + "/checkfirms",
		"/cases/" + id + "/publish", "/cases/" + id + "/correctday", "/proposals/1/decide", "/proposals/decide",
		"/proposals/1/withdraw"} {
		if a := r.admin.do("POST", deed, form("text", "报错", "asked", "1")); a.Status != 403 {
			t.Errorf("%s: %d", deed, a.Status)
		}
	}
}

// An approved account was asked for by one person and agreed to by another, and it says so; the person that asked and
// the person that it belongs to cannot agree.
func TestSecondPersonApproves(t *testing.T) {
	r := openRegulator(t)
	device, _ := r.setUp(r.newLink("/operators", "name", "batu", "person", "巴图", "role", "clerk", "identifier", "工号8"))
	if p := text(r.security.see("/visits")); !strings.Contains(p, "待批准 1") {
		t.Error("the menu does not say that one waits")
	}
	if p := r.auditor.see("/approvals"); strings.Contains(p, "batu") {
		t.Error("the auditor is asked about a clerk")
	}
	p := text(r.security.see("/approvals"))
	has(t, p, "新建：batu（巴图）", "系统管理员admin（admin）", "来自 127.0.0.1", "已登记")
	lacks(t, p, "工号8")
	asked := askedField.FindStringSubmatch(r.security.see("/approvals"))[1]
	for who, v := range map[string]*visitor{"auditor": r.auditor, "admin": r.admin, "clerk": r.clerk} {
		if a := v.do("POST", "/approvals/approve", form("name", "batu", "asked", asked)); a.Status != 403 {
			t.Errorf("%s approves: %d", who, a.Status)
		}
	}
	if a := r.security.do("POST", "/approvals/approve", form("name", "batu", "asked", "1")); a.Status != 409 {
		t.Errorf("another request than the one that waits: %d", a.Status)
	}
	r.security.rule("approve", "batu")
	if !r.getsIn("batu", device, "/cases") {
		t.Error("approved, and not let in")
	}
	// Asked by one that became a security administrator since, and cannot agree to the own request.
	r.enter(intake.SystemAdmin, "admin2").post("/operators/role", "name", "batu", "role", "reviewer")
	r.must(r.AskRole(t.Context(), intake.Actor("cli:root"), "admin2", intake.SecurityAdmin))
	r.auditor.rule("approve", "admin2")
	r.wait(time.Minute)
	second := r.stranger()
	second.token = r.letIn("admin2")
	second.present()
	if a := second.do("POST", "/approvals/approve", form("name", "batu", "asked",
		askedField.FindStringSubmatch(second.see("/approvals"))[1])); a.Status != 403 ||
		!strings.Contains(text(a.Body), "申请人不能批准自己的申请") {
		t.Errorf("the one who asked approves: %d %s", a.Status, text(a.Body))
	}
	r.must(r.AskRole(t.Context(), intake.Actor("cli:root"), "security", intake.Auditor))
	r.auditor.rule("refuse", "security")
	if p := text(r.auditor.see("/audit?target=batu")); !strings.Contains(p, "批准账户变更") {
		t.Error(p)
	}
}

// The reviewer reads that the account which asks for the return was made or reset lately, and by whom; later no more.
func TestReviewerSeesFreshAsker(t *testing.T) {
	r := openRegulator(t)
	id := r.admit("甲局").send(aCase("案1"))
	r.verify()
	r.clerk.propose("/cases/"+id, "return", "text", "报错")
	path := r.reviewer.proposalOf("/cases/" + id)
	has(t, text(r.reviewer.see(path)), "申请人的账户于 2026-11-24 09:30:00 由 root（命令行） 新建（30天以内）")
	r.wait(casework.RecentDays * 24 * time.Hour)
	late := r.enter(intake.Reviewer, "late")
	lacks(t, text(late.see(path)), "申请人的账户于")
}

// An identifier is on no page and in no export, whoever looks, and not in what comes back of a form that was not taken.
func TestIdentifierIsNowhere(t *testing.T) {
	r := openRegulator(t)
	const card = "11010519491231002X"
	r.newLink("/operators", "name", "batu", "person", "巴图", "role", "clerk", "identifier", card)
	a := r.admin.do("POST", "/operators", form("name", "batu2", "person", "巴图", "role", "reviewer", "identifier", card))
	if a.Status != 400 || !strings.Contains(text(a.Body), "同一人不能既办理又复核、既管理又监督") {
		t.Errorf("the same person as a reviewer: %d %s", a.Status, text(a.Body))
	}
	pages := a.Body + r.admin.see("/operators") + r.admin.see("/operators/edit?name=batu") +
		r.security.see("/approvals") + r.auditor.see("/audit") +
		r.auditor.do("POST", "/audit/export", url.Values{"kind": {"csv"}}).Body
	if m := regexp.MustCompile(`110105|19491231|002X`).FindString(pages); m != "" {
		t.Errorf("%s is on a page", m)
	}
	has(t, text(r.admin.see("/operators/edit?name=batu")), "已登记（不显示）")
}
