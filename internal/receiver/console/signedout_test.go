package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// A form that was filled in for half an hour is not lost by a session that ended meanwhile: after a sign-in in another
// window it is sent again.
func TestWhatWasWrittenOutlivesTheVisit(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	v := h.enter(intake.Clerk, "clerk")
	h.wait(31 * time.Minute)
	at := "/cases/" + id + "/note"
	r, err := http.NewRequest("POST", h.console.URL+"/console"+at+"?only=found",
		strings.NewReader(form("text", "电话核实了<半小时>").Encode()))
	h.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", h.console.URL+"/console/cases/"+id+"?only=found&done=saved")
	a := v.request(r)
	if a.Status != http.StatusUnauthorized {
		t.Fatal(a.Status, a.Location)
	}
	to := url.QueryEscape("/cases/" + id + "?only=found")
	has(t, a.Body, "登录已失效", "本次操作未提交", `value="电话核实了&lt;半小时&gt;"`, `action="/console`+at+`?only=found"`,
		`href="/console/login?to=`+to+`"`)
	h.signInAgain(v, "clerk")
	has(t, text(v.post(at+"?only=found", "text", "电话核实了<半小时>")), "备注已添加", "电话核实了<半小时>")

	h.wait(31 * time.Minute)
	if a := v.do("POST", "/account/password", form("old", password, "password", "x", "again", "x")); a.Status != 303 ||
		strings.Contains(a.Body, password) {
		t.Errorf("a password is sent back: %d", a.Status)
	}
	if a := v.do("GET", "/cases?app=1", nil); a.Location != "/login?to="+url.QueryEscape("/cases?app=1")+"&done=over" {
		t.Error(a.Location)
	} else {
		has(t, text(v.see(a.Location)), "登录已失效，请重新登录。")
	}
}

// The same in a browser: after a sign-in in another window the button is pressed once more.
func TestWalkSignedOut(t *testing.T) {
	long(t)
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/cases/" + id)
	clerk.unfold("备注")
	clerk.fill("备注内容", "已电话核实，对方次日回复")
	h.wait(31 * time.Minute)
	clerk.pressAt("添加备注", "", 401)
	clerk.reads("登录已失效", "本次操作未提交", "已电话核实，对方次日回复")
	beside := h.stranger()
	h.signInAgain(beside, "wulan")
	home, err := url.Parse(h.console.URL)
	h.must(err)
	clerk.carry(beside.Jar.Cookies(home)[0].Value)
	clerk.press("再次提交")
	clerk.reads("备注已添加", "已电话核实，对方次日回复")
}

// signInAgain signs an operator in with the next code of the device.
func (h *house) signInAgain(v *visitor, name string) {
	h.Helper()
	h.wait(time.Minute)
	if a := v.do("POST", "/login", form("name", name, "password", password, "code", h.code())); a.Status != 303 {
		h.Fatal(a.Status, text(a.Body))
	}
}

// Two work on one case: the page that comes too late shows the present state, and what was written.
func TestTooLate(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	at := "/cases/" + id
	seen := seenFor(two.see(at))
	one.propose(at, "return", "text", "清单有误")
	a := two.do("POST", at+"/propose", form("kind", "return", "text", "第3户<代码>有误", "seen", seen))
	if a.Status != http.StatusConflict {
		t.Fatal(a.Status)
	}
	has(t, text(a.Body), "案件已申请退回，等待复核。以下为当前情况。", "以下内容未保存： 第3户<代码>有误", "理由：清单有误")
	if a := two.do("POST", at+"/note", form("text", "长\x01")); a.Status != 400 {
		t.Error(a.Status)
	} else {
		has(t, a.Body, `maxlength="600">长`)
		lacks(t, a.Body, "以下内容未保存")
	}
	a = two.do("POST", at+"/publish", form("day", "2026-11-25"))
	has(t, text(a.Body), "等待复核")
	one.post(one.proposalOf(at) + "/withdraw")
	a = two.do("POST", at+"/publish", form("day", "2026-11-25"))
	has(t, text(a.Body), " 公示日期2026-11-25还没有到")
	lacks(t, text(a.Body), "无效的输入")
}
