package console_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// oddPripID is an ordinary pripid that has 18 digits in it which pass for the number of a person.
func oddPripID() string {
	for no := 1; ; no++ {
		if id := fmt.Sprintf("15010500002201607%07d", 1000000+no); rules.ValidPersonID(id[5:23]) {
			return id
		}
	}
}

// An ordinary pripid stands whole in the list, on its own page, in the search and in the export; the number of a person
// does not, and the page and the file say so.
func TestOrdinaryPripIDStandsWhole(t *testing.T) {
	h := openHouse(t)
	id := oddPripID()
	acceptID := h.admit("甲").send(aCase("1号", api.Entity{PripID: id, UniscID: "91150104MA0N967167", Legal: "阿拉坦仓",
		EntType: "1151"},
		api.Entity{PripID: "身份证110105194912310021", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + acceptID
	csv := string(clerk.do("POST", at+"/list", form("kind", "csv")).Body)
	for name, p := range map[string]string{"list": clerk.see(at), "entity": clerk.see(at + "/entities/2"),
		"search": clerk.see("/entities?kind=pripid&value=" + id), "export": csv} {
		if !strings.Contains(p, id) {
			t.Errorf("%s: no %s in %s", name, id, text(p))
		}
	}
	for name, p := range map[string]string{"list": clerk.see(at), "export": csv} {
		if strings.Contains(p, "110105194912310021") || strings.Count(p, "疑似身份证号，已遮盖") != 1 {
			t.Errorf("%s: %s", name, text(p))
		}
	}
}

// A masked name does not tell how long it is, on any page nor in any file: the first character and three stars.
func TestMaskTellsNoLength(t *testing.T) {
	h := openHouse(t)
	list, right := firms(0, 4), ordinary(4)
	for i, name := range []string{"阿", "阿来", "阿拉坦", "阿拉坦仓格日勒"} {
		list[i].Legal = name
		right[i].PripID, right[i].UniscID, right[i].EntType, right[i].RegNo = list[i].PripID, list[i].UniscID,
			list[i].EntType, ""
		right[i].Legal = name + "图"
	}
	list[3].EntType, list[3].Legal = list[3].Legal, list[3].EntType
	h.importRegister("2026-11-20", right...)
	sender := h.admit("甲")
	first := sender.send(aCase("1号", list...))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + first
	clerk.propose(at, "return", "text", "姓名有误", "rows", "1-4")
	proposal := reviewer.see(reviewer.proposalOf(at))
	reviewer.decide(at, "agree", "")
	list[0].Legal = "阿拉"
	second := "/cases/" + sender.send(aCase("1号", list...))
	h.verify()
	for name, p := range map[string]string{"list": clerk.see(at), "firm": clerk.see(at + "/entities/3"),
		"print": clerk.see(at + "?print=1"), "export": clerk.do("POST", at+"/list", form("kind", "csv")).Body,
		"proposal": proposal, "resent": clerk.see(second + "/resent"), "compare": clerk.see(second + "/compare"),
		"search": clerk.see("/entities?kind=pripid&value=" + list[1].PripID), "notice": clerk.see(at + "/notice"),
		"record": clerk.see(at + "/record?which=all"), "register": clerk.follow("/firms?q=" + list[1].PripID).Body} {
		p = strings.NewReplacer("<mark>", "", "</mark>", "").Replace(p)
		for _, m := range regexp.MustCompile(`阿\*+`).FindAllString(p, -1) {
			if m != "阿***" {
				t.Errorf("%s: %s", name, m)
			}
		}
		if !strings.Contains(p, "阿***") {
			t.Errorf("%s: no name is masked: %s", name, text(p))
		}
	}
}
