package console_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// windows are the sizes in which the console is mostly used, and the smaller one enlarged to 150 %.
var windows = [][2]int64{{1366, 768}, {1920, 1080}, {911, 512}}

// resize gives the window a size.
func (s *screen) resize(size [2]int64) {
	s.Helper()
	s.do(fmt.Sprint("a window of ", size), chromedp.EmulateViewport(size[0], size[1]))
}

// head is where the head of the first table is after the page was scrolled to its end, and what of it is seen.
const head = `(() => {
	const scroller = Array.from(document.querySelectorAll('main .scroll'))
		.find(e => e.scrollHeight > e.clientHeight + 1);
	window.scrollTo(0, document.documentElement.scrollHeight);
	if (scroller) {
		scroller.scrollIntoView();
		scroller.scrollTop = scroller.scrollHeight;
	}
	const th = document.querySelector('main table thead th').getBoundingClientRect();
	const top = document.elementFromPoint(th.left + 4, th.top + 8);
	const last = document.querySelector('main table tbody tr:last-child').getBoundingClientRect();
	return [th.top >= 0 && th.bottom <= innerHeight, Boolean(top && top.closest('thead')), last.top > th.bottom - 1];
})()`

// The head of a long table stays in view at each size, the rows are one line high, the menu begins where the content
// begins, and no page is wider than its window.
func TestDensity(t *testing.T) {
	long(t)
	h, _ := aRegion(t)
	for n := range 45 {
		h.must(h.SetOperatorDisabled(t.Context(), intake.Actor("cli:root"), h.clerkNo(n), true))
	}
	for role, path := range map[intake.Role]string{intake.Auditor: "/audit", intake.SystemAdmin: "/operators"} {
		s := h.sit(role, "dense."+string(role))
		for _, size := range windows {
			s.resize(size)
			s.open(path)
			s.dense(path, size)
		}
	}
}

// clerkNo admits one more operator.
func (h *house) clerkNo(n int) (name string) {
	h.Helper()
	spec := newcomer
	spec.Name, spec.Identifier = fmt.Sprint("clerk", n), fmt.Sprint("工号", n)
	_, err := h.CreateOperator(h.Context(), intake.Actor("cli:root"), spec)
	h.must(err)
	return spec.Name
}

func (s *screen) dense(path string, size [2]int64) {
	s.Helper()
	if wide := evaluate[int64](s, "document.documentElement.scrollWidth"); wide > size[0] {
		s.Errorf("%s at %v is %d wide", path, size, wide)
	}
	if off := evaluate[float64](s, `document.querySelector('h1').getBoundingClientRect().left -
		document.querySelector('.brand').getBoundingClientRect().left`); size[0] > 1000 && off != 0 {
		s.Errorf("%s at %v: the content begins %v beside the menu", path, size, off)
	}
	high := evaluate[[]int64](s, "Array.from(document.querySelectorAll('.rows tbody tr')).map(r => r.offsetHeight)")
	if path != "/audit" && len(high) == 0 || len(high) > 0 && slices.Max(high) > 36 {
		s.Errorf("%s at %v: the rows are %v high", path, size, high)
	}
	for i, ok := range evaluate[[]bool](s, head) {
		if !ok {
			s.Errorf("%s at %v: the head of the table does not stay (%d)", path, size, i)
		}
	}
}

// A button beside a code copies it and selects nothing.
func TestCopy(t *testing.T) {
	long(t)
	h := openHouse(t)
	s := h.sit(intake.Clerk, "copier")
	s.open("/account")
	evaluate[bool](s, `(() => {
		const b = document.createElement('button');
		b.type = 'button'; b.className = 'copy'; b.textContent = '复制';
		b.setAttribute('data-copy-text', '91150104MA0N967166');
		document.querySelector('h1').after(b);
		document.addEventListener('copy', e => { window.left = e.clipboardData.getData('text/plain'); });
		return true;
	})()`)
	s.do("copy", chromedp.Click(s.mark(js("pressed", "复制", ""))), chromedp.WaitVisible(chromedp.CSS(".copy")))
	got := evaluate[[]string](s, `[window.left, String(getSelection()), document.querySelector('.copy').textContent]`)
	if fmt.Sprint(got) != "[91150104MA0N967166  已复制]" {
		t.Errorf("%q", got)
	}
}
