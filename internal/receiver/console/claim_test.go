package console_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// A claim says who works on a case, to everybody and in the list; it stops nobody, and can be taken over.
func TestClaim(t *testing.T) {
	h := openHouse(t)
	ids := h.admit("甲").sendMany(3)
	h.verify()
	one, two, reviewer := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two"), h.enter(intake.Reviewer, "third")
	at := "/cases/" + ids[0]
	wants(t, one.see(at), at+`/claim"`, "认领")
	has(t, text(one.post(at+"/claim")), "案件已认领", "由您认领", "取消认领")
	h.wait(10 * time.Minute)
	has(t, text(two.see(at)), "one", "10分钟前认领", "接手")
	has(t, text(reviewer.see(at)), "10分钟前认领")
	lacks(t, reviewer.see(at), "/claim")
	if a := reviewer.do("POST", at+"/claim", form()); a.Status != 403 {
		t.Errorf("a reviewer claims: %d", a.Status)
	}
	two.post(at+"/note", "text", "认领不妨碍他人办理")
	if a := two.do("POST", at+"/unclaim", form()); a.Status != 400 {
		t.Errorf("another's claim is taken back: %d", a.Status)
	}
	for path, want := range map[string][]string{"/cases?handler=one": ids[:1], "/cases?handler=me": ids[:1],
		"/cases?handler=two": ids[:1]} {
		if got := acceptids(two.see(path)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	has(t, one.see("/cases"), `<td class="cut person claimed" title="`)
	two.post(at + "/claim")
	has(t, text(one.see(at)), "two", "刚刚认领")
	has(t, text(two.post(at+"/unclaim")), "已取消认领")
	lacks(t, text(one.see(at)), "刚刚认领")
}

// Those who open a case see who else has it open; a reviewer and one's own openings are not noted.
func TestOpening(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	one, two, reviewer := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two"), h.enter(intake.Reviewer, "third")
	at := "/cases/" + id
	reviewer.see(at)
	lacks(t, text(one.see(at)), "刚刚打开")
	h.wait(3 * time.Minute)
	lacks(t, text(one.see(at)), "前打开")
	has(t, text(reviewer.see(at)), "3分钟前打开")
	has(t, text(two.see(at)), "one", "3分钟前打开")
	has(t, text(one.see(at)), "two", "刚刚打开")
	for range 4 { // a visit ends that nobody uses for half an hour
		h.wait(20 * time.Minute)
		two.see("/account")
	}
	lacks(t, text(two.see(at)), "前打开")
}

// Many cases are claimed and given back in the list; those that somebody else has are left out with the name.
func TestClaimMany(t *testing.T) {
	h := openHouse(t)
	ids := h.admit("甲").sendMany(3)
	h.verify()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	one.post("/cases/" + ids[1] + "/claim")
	chosen := []string{"deed", "claim"}
	for _, id := range ids {
		chosen = append(chosen, "acceptid", id)
	}
	p := text(two.do("POST", "/cases/bulk", form(chosen...)).Body)
	has(t, p, "认领：2件", "不在其内：1件", "案件已由", "one", "请打开案件办理")
	has(t, text(two.do("POST", "/cases/bulk/do", form(append(chosen, "since", "1")...)).Body), "已认领2件", "1件没有认领")
	wants(t, text(two.see("/mine")), "我认领的案件", "1号", "3号", "刚刚认领")
	has(t, two.see("/mine"), `title="2项等待">2</b>`)
	chosen[1] = "unclaim"
	has(t, text(two.do("POST", "/cases/bulk/do", form(append(chosen, "since", "1")...)).Body), "已取消认领2件", "1件没有取消认领")
	lacks(t, two.see("/mine"), `项等待"`)
}

// A claim ends with the decision on every firm of the case, and with its return.
func TestClaimEnds(t *testing.T) {
	h := openHouse(t)
	ids := h.admit("甲").sendMany(2)
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	released, returned := "/cases/"+ids[0], "/cases/"+ids[1]
	for _, at := range []string{released, returned} {
		clerk.post(at + "/claim")
	}
	clerk.post(released+"/check", "seen", seenFor(clerk.see(released)))
	clerk.propose(released, "release", "rows", "1")
	clerk.propose(returned, "return", "text", "报错")
	wants(t, text(clerk.see("/mine")), "我申请的，等待复核", "放行 1户", "退回 1户")
	wants(t, text(reviewer.see("/mine")), "等待我复核的申请", "放行 1户", "退回 1户")
	reviewer.decide(released, "agree", "")
	reviewer.decide(returned, "agree", "")
	for _, at := range []string{released, returned} {
		lacks(t, text(clerk.see(at)), "由您认领", "认领")
		if a := clerk.do("POST", at+"/claim", form()); a.Status != 409 {
			t.Errorf("a decided case is claimed: %d", a.Status)
		}
	}
	p := text(clerk.see("/mine"))
	lacks(t, p, "刚刚认领")
	wants(t, p, "我最近办过的案件", "申请退回")
	wants(t, text(reviewer.see("/mine")), "我最近办过的案件", "退回")
}

// A refused proposal heads the page of its author, with the reason, until the author does something with the case.
func TestMineRefused(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	clerk, other, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Clerk, "other"),
		h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	clerk.propose(at, "return", "text", "报错")
	reviewer.decide(at, "refuse", "没有报错，请再核对")
	p := clerk.see("/mine")
	if first := strings.Index(p, "没有报错，请再核对"); first < 0 || first > strings.Index(p, "我认领的案件") {
		t.Error("the refused proposal does not head the page")
	}
	has(t, p, `title="1项等待">1</b>`)
	lacks(t, other.see("/mine"), "没有报错")
	other.post(at+"/note", "text", "我也看过")
	has(t, clerk.see("/mine"), "没有报错，请再核对")
	clerk.post(at+"/note", "text", "已与报送单位联系")
	lacks(t, clerk.see("/mine"), "没有报错，请再核对", `项等待"`)
	has(t, clerk.see("/mine"), "没有被驳回的申请")
}

// The list is held to a colleague by name too, and two of one name are told apart by their user names.
func TestCasesByName(t *testing.T) {
	h := openHouse(t)
	ids := h.admit("甲").sendMany(2)
	h.verify()
	one := h.enter(intake.Clerk, "one")
	one.post("/cases/"+ids[0]+"/note", "text", "备注")
	name := intake.Clerk.String() + "one"
	for _, q := range []string{name, name + "（one）", "One"} {
		if got := acceptids(one.see("/cases?" + form("handler", q).Encode())); !slices.Equal(got, ids[:1]) {
			t.Errorf("%s: %q", q, got)
		}
	}
	has(t, one.see("/cases"), `<option value="`+name+`（one）">`)
	spec := newcomer
	spec.Name, spec.Person, spec.Identifier = "namesake", name, "工号8"
	_, err := h.CreateOperator(t.Context(), intake.Actor("cli:root"), spec)
	h.must(err)
	a := one.do("GET", "/cases?"+form("handler", name).Encode(), nil)
	if a.Status != 400 || !strings.Contains(text(a.Body), "有2名操作员的姓名是") {
		t.Errorf("%d %s", a.Status, text(a.Body))
	}
}
