package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// The keys of the arrows, as chromedp names them.
const arrowDown, arrowUp = "\u0301", "\u0304"

// atRow is which row of the lists the keys are at, from 1 on, and what has the focus in it.
const atRow = `(() => {
	const rows = Array.from(document.querySelectorAll('table[data-rows] tbody tr:not(.about)'));
	const at = rows.findIndex(r => r.classList.contains('at'));
	return at + 1 + ' ' + (at >= 0 && rows[at].contains(document.activeElement));
})()`

// Every list goes by arrows and by j and k; Enter opens the row; the slash goes to the box; the question mark shows and
// hides the list of keys.
func TestKeysInLists(t *testing.T) {
	long(t)
	h, accepted := aRegion(t)
	h.must(h.AddNote(t.Context(), intake.Actor("cli:root"), accepted[3], "已电话联系。"))
	clerk := h.sit(intake.Clerk, "wulan")
	for _, path := range []string{"/cases", "/entities?q=9115", "/entities?" + form("q", "有限").Encode(), "/calls",
		"/firms?" + form("q", "有限").Encode(), "/search?" + form("q", "号").Encode(), "/cases/" + accepted[3]} {
		clerk.open(path)
		clerk.goes(path)
	}
	clerk.open("/entities?q=9115")
	clerk.do("down", chromedp.KeyEvent("j"))
	clerk.turn("Enter", 200, chromedp.KeyEvent("\r"))
	if at := clerk.url(); !strings.Contains(at, "/cases/") {
		t.Errorf("Enter opens %s", at)
	}
	clerk.open("/overview")
	clerk.do("keys", chromedp.KeyEvent("?"), chromedp.WaitVisible(chromedp.CSS("#keys")))
	clerk.keepAs("keys.png")
	clerk.do("no keys", chromedp.KeyEvent("?"), chromedp.WaitNotVisible(chromedp.CSS("#keys")))
	clerk.do("slash", chromedp.KeyEvent("/"))
	if in := evaluate[string](clerk, "document.activeElement.name"); in != "q" {
		t.Errorf("the slash goes to %q", in)
	}
	admin := h.sit(intake.SystemAdmin, "admin")
	for _, path := range []string{"/operators", "/apps"} {
		admin.open(path)
		admin.goes(path)
	}
	auditor := h.sit(intake.Auditor, "auditor")
	auditor.open("/audit")
	auditor.goes("/audit")
}

// goes tries the keys on the list that is open. It has two rows at least.
func (s *screen) goes(path string) {
	s.Helper()
	for i, step := range []struct {
		key string
		row int
	}{{arrowDown, 1}, {"j", 2}, {arrowUp, 1}, {"k", 1}} {
		s.do("press "+step.key, chromedp.KeyEvent(step.key))
		if got, want := evaluate[string](s, atRow), fmt.Sprint(step.row, " true"); got != want {
			s.Errorf("%s: after key %d the row is %q, want %q", path, i+1, got, want)
		}
	}
}

// Enter in a remark does nothing by itself: it goes to the button of the form. Without a script it does nothing.
func TestEnterInRemark(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/cases/" + id)
	clerk.unfold("核对无误")
	clerk.fill("核对说明（选填）", "已看过")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	if on := evaluate[string](clerk, "document.activeElement.textContent"); on != "登记核对无误" {
		t.Errorf("Enter goes to %q", on)
	}
	checked := func() bool {
		n, _, err := h.CountCases(t.Context(), intake.Actor("cli:x"), intake.CaseQuery{State: intake.StateChecked})
		h.must(err)
		return n > 0
	}
	if checked() {
		t.Error("Enter in the remark has registered the check")
	}
	clerk.turn("Enter on the button", 200, chromedp.KeyEvent("\r"))
	if !checked() {
		t.Error("Enter on the button has not registered the check")
	}
}
