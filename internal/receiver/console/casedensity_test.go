package console_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// doubtfulCase is a list with every kind of doubt: codes with a wrong character, names and personal numbers in the
// wrong column, rows that are there twice and differences from the register.
func doubtfulCase(caseID string, n int) (api.Case, []register.Firm) {
	list, right := firms(300_000, n), ordinary(n)
	for i := range list {
		list[i].UniscID = unisc(400_000 + i)
		f := &right[i]
		f.PripID, f.UniscID, f.Legal, f.EntType, f.RegNo = list[i].PripID, list[i].UniscID, list[i].Legal,
			list[i].EntType, ""
		switch {
		case i%7 == 3:
			f.Legal = "王建国"
		case i%11 == 5:
			f.State, f.StateText, f.Approved = register.Revoked, "吊销，未注销", "2021-06-30"
		case i%5 == 1:
			list[i].UniscID = "O" + list[i].UniscID[1:]
		case i%13 == 4:
			list[i].Legal, list[i].EntType = list[i].EntType, list[i].Legal
		}
	}
	list[n-3].PripID = list[n-4].PripID
	list[n-2].Legal = "11010519491231002X"
	return aCase(caseID, list...), right
}

// visibleFirms is how many rows of a case's list end above the bar of deeds, how many pixels the page and the list are
// beyond their edges, and how high the highest row is.
const visibleFirms = `(() => {
	const bar = document.querySelector('.actionbar').getBoundingClientRect().top;
	const rows = Array.from(document.querySelectorAll('table.firms tbody tr')).filter(r => r.offsetHeight > 0);
	return [rows.filter(r => r.getBoundingClientRect().bottom <= Math.min(bar, innerHeight)).length,
		document.documentElement.scrollWidth - innerWidth,
		Math.max(...Array.from(document.querySelectorAll('.scroll')).map(e => e.scrollWidth - e.clientWidth)),
		Math.max(...rows.map(r => r.offsetHeight))];
})()`

// The page of a case shows fifteen firms on a small screen and twenty-five on a large one, with the bar of deeds in
// view: a flagged one is a line like any other.
func TestCaseDensity(t *testing.T) {
	long(t)
	h := openHouse(t)
	c, right := doubtfulCase("呼市监处罚〔2026〕38号", 120)
	h.importRegister("2026-11-20", right...)
	id := h.admit("呼和浩特市局行政处罚系统").send(c)
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	for _, size := range sizes {
		clerk.resize([2]int64{size.width, size.height})
		for _, query := range []string{"", "?only=found"} {
			clerk.open("/cases/" + id + query)
			seen := evaluate[[]int](clerk, visibleFirms)
			if seen[0] < size.rows || seen[1] > 0 || seen[2] > 0 || seen[3] > 36 {
				t.Errorf("%dx%d%s: %d rows are seen, %d and %d pixels are beyond the edge, a row is %d high",
					size.width, size.height, query, seen[0], seen[1], seen[2], seen[3])
			}
			t.Logf("%dx%d%s: %d rows are seen", size.width, size.height, query, seen[0])
			clerk.keepAs(fmt.Sprint("case", size.width, query[min(1, len(query)):], ".png"))
		}
	}
	clerk.press("仅看严重提示")
	if !strings.Contains(clerk.url(), "severity=severe") {
		t.Error("the red bar leads to " + clerk.url())
	}
	lines := evaluate[[]string](clerk, severities)
	if len(lines) == 0 || slices.ContainsFunc(lines, func(s string) bool { return !strings.HasPrefix(s, "严重") }) {
		t.Errorf("those with severe findings begin with %q", lines)
	}
	for _, want := range []bool{true, false} {
		clerk.do("unfold", chromedp.Click(chromedp.CSS("a.sum")))
		if got := evaluate[bool](clerk, "document.querySelector('tr.about').offsetHeight > 0"); got != want {
			t.Errorf("the findings of a firm are shown: %t", got)
		}
	}
}

// severities are the gravest findings of the firms on the page.
const severities = `Array.from(document.querySelectorAll('a.sum .tag:first-child')).map(e => e.textContent)`
