package console_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// sizes are the screens on which the work is done, and how many rows of a list must be there without scrolling.
var sizes = []struct {
	width, height int64
	rows          int
}{{1366, 768, 15}, {1920, 1080, 25}}

// visibleRows is how many rows of the list end within the window, and how wide the page is beyond it.
const visibleRows = `[Array.from(document.querySelectorAll('table[data-rows] tbody tr'))
	.filter(r => r.getBoundingClientRect().bottom <= innerHeight).length,
	document.documentElement.scrollWidth - innerWidth,
	Math.max(...Array.from(document.querySelectorAll('.scroll')).map(e => e.scrollWidth - e.clientWidth))]`

// A list of cases shows fifteen cases on a small screen and twenty-five on a large one, each in one line, and nothing
// is scrolled sideways.
func TestListDensity(t *testing.T) {
	long(t)
	h, _ := aRegion(t)
	clerk := h.sit(intake.Clerk, "wulan")
	lists := []struct{ name, path string }{{"cases", "/cases"}, {"entities", "/entities?q=9115"},
		{"names", "/entities?" + form("q", "有限").Encode()}}
	for i := range len(sizes) * len(lists) {
		size, list := sizes[i/len(lists)], lists[i%len(lists)]
		clerk.do("size", chromedp.EmulateViewport(size.width, size.height))
		clerk.open(list.path)
		seen := evaluate[[]int](clerk, visibleRows)
		if seen[0] < size.rows || seen[1] > 0 || seen[2] > 0 {
			t.Errorf("%s %dx%d: %d rows are seen, %d and %d pixels are beyond the edge", list.name, size.width,
				size.height, seen[0], seen[1], seen[2])
		}
		t.Logf("%s %dx%d: %d rows are seen", list.name, size.width, size.height, seen[0])
		clerk.keepAs(fmt.Sprint(list.name, size.width, ".png"))
	}
}
