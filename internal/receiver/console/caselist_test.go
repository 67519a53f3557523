package console_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// One box knows an acceptid, a part of a caseid and a part of a name by what they look like, however they are typed.
func TestOneBoxOfTheList(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲")
	sent := []string{"鄂市监处罚〔2026〕38号", "鄂市监处罚〔2026〕138号", "呼市监处罚(2026)39号", "呼市监处罚〔2025〕 40号"}
	var ids []string
	for i, caseID := range sent {
		c := aCase(caseID, firms(10*i, 2)...)
		c.CaseName = []string{"甲乙丙商贸长期停业案", "丁戊商行案", "鑫源商贸等企业案", "ABC案"}[i]
		ids = append(ids, s.send(c))
	}
	h.verify()
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, ids[1])
	for _, typed := range []string{ids[1], " " + ids[1] + "\t", ids[1][:8] + " " + ids[1][8:], wide} {
		if a := v.do("GET", "/cases?"+form("q", typed).Encode(), nil); a.Location != "/cases/"+ids[1] {
			t.Errorf("%q leads to %q", typed, a.Location)
		}
	}
	for typed, want := range map[string][]int{"38号": {0, 1}, "〕38号": {0}, "[2026]38": {0}, "（2026） 39 号": {2},
		"〔２０２６〕３９号": {2}, "2025]40号": {3}, "鄂市监": {0, 1}, "商贸": {0, 2}, "鑫源": {2}, "ABC": {3}, "号": {0, 1, 2, 3},
		"没有的": nil, "1:": nil, "202611": nil} {
		page := v.see("/cases?order=asc&" + form("q", typed).Encode())
		var all []string
		for _, i := range want {
			all = append(all, ids[i])
		}
		if got := acceptids(page); !slices.Equal(got, all) {
			t.Errorf("%q: %q, want %q", typed, got, all)
		}
		wants(t, text(page), "“"+typed+"”", fmt.Sprintf("共%d件", len(want)))
	}
	unverified := s.send(aCase("锡市监处罚〔2026〕1号"))
	if got := acceptids(v.see("/cases?q=" + url.QueryEscape("锡市监处罚〔2026〕1号"))); !slices.Equal(got,
		[]string{unverified}) {
		t.Errorf("a case that is not verified: %q", got)
	}
}

var (
	nextPage    = regexp.MustCompile(`<a href="/console([^"]*)" rel="next">`)
	lastPage    = regexp.MustCompile(`<a href="/console([^"]*)" rel="prev">`)
	anotherSize = regexp.MustCompile(`href="/console(/cases[^"]*rows=20[^"]*)"`)
)

// A list says how many cases there are and which page this is, in pages of 20, 50 and 100, in every order.
func TestCasesAreCounted(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲")
	for i := range 61 {
		c := aCase(fmt.Sprintf("%d号", i), firms(3*i, 1+i%3)...)
		c.PenaltyOrg = []string{"丙局", "甲局", "乙局"}[i%3]
		s.send(c)
		s.wait(time.Second)
	}
	h.verify()
	follow := func(page string, link *regexp.Regexp) string {
		m := link.FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no link to another page: %s", text(page))
		}
		return v.see(strings.ReplaceAll(m[1], "&amp;", "&"))
	}
	first := v.see("/cases")
	wants(t, text(first), "共61件", "第1/2页")
	wants(t, text(v.see("/cases?rows=100")), "共61件", "第1/1页")
	for _, sort := range []string{"received", "penaltydate", "left", "items", "severe", "penaltyorg"} {
		page := follow(v.see("/cases?sort="+sort), anotherSize)
		wants(t, text(page), "共61件", "第1/4页")
		seen := acceptids(page)
		for n := 2; n <= 4; n++ {
			page = follow(page, nextPage)
			wants(t, text(page), fmt.Sprintf("第%d/4页", n))
			seen = append(seen, acceptids(page)...)
		}
		wants(t, text(follow(page, lastPage)), "第3/4页")
		if unique := slices.Compact(slices.Sorted(slices.Values(seen))); len(unique) != 61 || len(seen) != 61 {
			t.Errorf("%s: %d of 61 cases, %d rows", sort, len(unique), len(seen))
		}
	}
	if a := v.do("GET", "/cases?sort=bytes", nil); a.Status != 400 {
		t.Errorf("an order that does not exist: %d", a.Status)
	}
}

// A condition that no field shows can be seen and taken away.
func TestConditionsWithoutAField(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	h.admit("甲").send(aCase("1号"))
	page := v.see("/cases?state=unverified&account=" + url.QueryEscape("某人"))
	wants(t, text(page), "账户“某人”", "共0件")
	wants(t, page, `<a href="/console/cases?state=unverified" title="去掉这一条件">`)
}

// A case that was decided in 1900 has no deadline that could be reckoned, and is not the first to be worked on.
func TestOddDecisionDay(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	c := aCase("1号", firms(1, 1)...)
	c.PenaltyDate = "1900-01-01"
	id := h.admit("甲").send(c)
	h.verify()
	page := text(v.see("/cases"))
	wants(t, page, "处罚决定日期异常，无法计算期限")
	lacks(t, page, "已超期")
	late := aCase("2号", firms(5, 1)...)
	late.PenaltyDate = "2026-10-13"
	overdue := h.admit("乙").send(late)
	h.verify()
	first := v.see("/overview")
	if odd := strings.Index(first, "/cases/"+id); odd >= 0 && odd < strings.Index(first, "/cases/"+overdue) {
		t.Error("the odd case is to be worked on first")
	}
}
