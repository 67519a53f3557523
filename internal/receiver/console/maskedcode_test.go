package console_test

import (
	"fmt"
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
