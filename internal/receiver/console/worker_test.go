package console_test

import (
	"time"

	"github.com/chromedp/chromedp"
)

// cost is what a task costs at the screen. A click is also a key that does what a click would do; the answer to a
// question of the browser is none, as in the record that the costs are compared with. Loads are pages that came.
type cost struct{ clicks, typed, loads int }

// worker is somebody whose clicks and characters are counted.
type worker struct {
	*screen
	cost
}

// from begins a task at a page.
func (w *worker) from(path string) *worker {
	w.Helper()
	w.open(path)
	w.counted()
	w.cost = cost{}
	return w
}

func (w *worker) press(said string)           { w.Helper(); w.clicks++; w.screen.press(said) }
func (w *worker) pressIn(part, said string)   { w.Helper(); w.clicks++; w.screen.pressIn(part, said) }
func (w *worker) consent(said string)         { w.Helper(); w.clicks++; w.screen.consent(said) }
func (w *worker) check(label string)          { w.Helper(); w.clicks++; w.screen.check(label) }
func (w *worker) choose(label, said string)   { w.Helper(); w.clicks++; w.screen.choose(label, said) }
func (w *worker) refused(said string)         { w.Helper(); w.clicks++; w.pressAt(said, "", 400) }
func (w *worker) done(want ...string) *worker { w.Helper(); w.reads(want...); return w }

// unfold opens what is folded, and the cursor goes into it.
func (w *worker) unfold(said string) {
	w.Helper()
	w.clicks++
	w.screen.unfold(said)
	for range 50 {
		if evaluate[bool](w.screen, "/^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(document.activeElement.tagName)") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.Errorf("%s: the cursor is not in what was opened", said)
}

// fill types; a field that the page has not put the cursor into takes a click.
func (w *worker) fill(label, value string) {
	w.Helper()
	at := w.mark(js("labelled", label))
	if !evaluate[bool](w.screen, "document.activeElement === document.querySelector('[data-walk]')") {
		w.clicks++
	}
	evaluate[bool](w.screen, "(() => { document.querySelector('[data-walk]').value = ''; return true })()")
	w.do("fill "+label, chromedp.SendKeys(at, value))
	w.typed += len([]rune(value))
}
