package console_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// entries are the numbers of the entries on a page of the audit, as they stand.
func entries(page string) (numbers string) {
	for _, m := range regexp.MustCompile(`<tr>\s*<td class="number">(\d+)</td>`).FindAllStringSubmatch(page, -1) {
		numbers += m[1] + " "
	}
	return strings.TrimSpace(numbers)
}

// append writes entries into the audit, as the desk does.
func (h *house) append(es ...intake.AuditEntry) {
	h.Helper()
	h.must(h.store.Update(h.Context(), func(tx intake.Tx) error {
		for _, e := range es {
			if err := tx.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// The auditor finds entries by time, who, what and object, newest first, in Chinese words, and takes them home as a
// file.
func TestAudit(t *testing.T) {
	h := openHouse(t)
	h.append(intake.AuditEntry{At: h.now().Add(-48 * time.Hour), By: "cli:root", Action: "db copy", Target: "=1+1"},
		intake.AuditEntry{At: h.now().Add(-24 * time.Hour), By: "console:batu", Action: "case check",
			Target: "20261123000000001X", Detail: "<b>核对无误</b>"},
		intake.AuditEntry{At: h.now().Add(-time.Hour), By: "console", Action: "sign in refused", Target: "batu",
			Detail: "source=192.0.2.1"})
	v := h.enter(intake.Auditor, "auditor") // entries 4 to 6
	all := v.see("/audit")
	has(t, text(all), "2026-11-23 09:30:00 batu 管理台 核对 成功 20261123000000001X <b>核对无误</b>", "登录失败", "搬迁数据库", "激活操作员")
	lacks(t, all, "没有符合条件")
	if got := entries(all); got != "6 5 4 3 2 1" {
		t.Error(got)
	}
	for query, want := range map[string]string{"who=batu": "2", "who=cli:root": "4 1", "who=console": "3",
		"action=case+check": "2", "action=*sign": "3", "action=sign+in": "",
		"target=batu": "3", "from=2026-11-23T00:00&to=2026-11-24T08:30": "3 2", "to=2026-11-22": "",
		"action=*case&who=batu": "2"} {
		if got := entries(v.see("/audit?" + query)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"from=x", "action=x", "after=x", "before=-"} {
		if a := v.do("GET", "/audit?"+query, nil); a.Status != http.StatusBadRequest ||
			!strings.Contains(a.Body, `role="alert"`) {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
	a := v.do("POST", "/audit/export?to=2026-11-24T09:00", form("kind", "csv"))
	has(t, a.Body, "\uFEFF序号,时间,操作人,操作,结果,对象,详情,渠道,来源,操作人代码,操作代码,详情原文,链值\r\n"+
		"3,2026-11-24 08:30:00,未登录,登录失败,失败,batu,来源：192.0.2.1,管理台,'192.0.2.1,console,sign in refused,"+
		"source=192.0.2.1,",
		"搬迁数据库,成功,'=1+1,,命令行,,cli:root,db copy,,")
	has(t, text(v.see("/audit")), "导出 成功 审计 csv，3行；条件：时间至2026-11-24T09:00")
	if a := v.do("POST", "/audit/export", form("kind", "xlsx")); a.Status != 200 || !strings.HasPrefix(a.Body, "PK") {
		t.Errorf("xlsx: %d", a.Status)
	}
}

// Pages are turned from the newest to the oldest entry and back; nothing is shown twice or left out.
func TestAuditPages(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Auditor, "auditor")
	for i := range 120 {
		h.append(intake.AuditEntry{At: h.now(), By: "cli:root", Action: "account add", Target: strconv.Itoa(i)})
	}
	link := func(page, rel string) string {
		found := regexp.MustCompile(`<a href="/console([^"]+)" rel="` + rel + `">`).FindStringSubmatch(page)
		if found == nil {
			return ""
		}
		return strings.ReplaceAll(found[1], "&amp;", "&")
	}
	seen, pages := "", []string{v.see("/audit?who=cli:root")}
	for next := link(pages[0], "next"); next != ""; next = link(pages[len(pages)-1], "next") {
		pages = append(pages, v.see(next))
	}
	for _, p := range pages {
		seen += entries(p) + " "
	}
	numbers := strings.Fields(seen)
	if len(pages) != 3 || len(numbers) != 121 {
		t.Fatalf("%d pages, %d entries", len(pages), len(numbers))
	}
	for i := 1; i < len(numbers); i++ {
		if a, _ := strconv.Atoi(numbers[i-1]); numbers[i] >= numbers[i-1] && len(numbers[i]) == len(numbers[i-1]) ||
			a == 0 {
			t.Fatalf("%s after %s", numbers[i], numbers[i-1])
		}
	}
	back := v.see(link(pages[2], "prev"))
	if entries(back) != entries(pages[1]) {
		t.Errorf("back: %s, was %s", entries(back), entries(pages[1]))
	}
	if first := v.see(link(back, "prev")); entries(first) != entries(pages[0]) || link(first, "prev") != "" {
		t.Error("the first page again differs")
	}
}

// A chain that was broken is told, and a head that was written down is looked for.
func TestVerifyAudit(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Auditor, "auditor")
	h.admit("甲局")
	verify := func(head string) string {
		a := v.do("POST", "/audit/verify", form("head", head))
		if a.Status != 200 {
			t.Fatal(a.Status, text(a.Body))
		}
		return a.Body
	}
	first := verify("")
	head := shown(t, first, "head")
	want, err := h.AuditHead(context.Background(), intake.System)
	h.must(err)
	if head != want.String() || !strings.Contains(text(first), "链完好") {
		t.Error(head, text(first))
	}
	h.admit("乙局")
	has(t, text(verify(head)), "以前记下的链头仍在其中")
	typed := strings.ToUpper(strings.Replace(head, ":", "：", 1)) // from paper, with an input method for Chinese
	has(t, text(verify(typed[:30]+" "+typed[30:])), "以前记下的链头仍在其中")
	has(t, text(verify("1:"+strings.Repeat("0", 64))), "以前记下的链头已不在审计记录中")
	if a := v.do("POST", "/audit/verify", form("head", "x")); a.Status != 400 {
		t.Errorf("no head: %d", a.Status)
	}
	h.append(intake.AuditEntry{No: 99, At: h.now(), By: "cli:x", Action: "app create"})
	has(t, text(verify(head)), "链完好")
}
