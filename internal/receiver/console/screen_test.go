package console_test

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/chromedp/chromedp"
)

// The words in which a walk is told. Controls are found as a person finds them: by their label, by what stands on the
// button.

// open goes to a page by its path.
func (s *screen) open(path string) {
	s.Helper()
	s.turn("open "+path, 200, chromedp.Navigate(s.console.URL+"/console"+path))
}

// follow opens a one-time link: the page sends its code by itself, and the form of the account comes.
func (s *screen) follow(token string) {
	s.Helper()
	s.open("/setup#" + token)
	s.do("the form", chromedp.WaitVisible(chromedp.CSS("#password")))
}

// find is JavaScript that names a control of the page: labelled, or pressed by its words, the first within the part of
// the page that has the text.
const find = `
function visible(e) {
	const d = e.closest('details:not([open])');
	return e.getClientRects().length > 0 && (!d || e.tagName === 'SUMMARY');
}
function words(e) { return e.innerText.replace(/\s+/g, ' ').trim(); }
function labelled(label) {
	for (const l of document.querySelectorAll('label')) {
		if (words(l) === label && l.control && visible(l)) return l.control;
	}
	for (const e of document.querySelectorAll('[aria-label]')) {
		if (e.getAttribute('aria-label') === label && visible(e)) return e;
	}
}
function pressed(said, part) {
	for (const e of document.querySelectorAll('button, a, summary')) {
		const p = e.closest('tr, li, section, form, main, header');
		if (words(e) === said && visible(e) && (!part || words(e.closest('tr, li') || p).includes(part))) return e;
	}
}
`

func js(f string, args ...string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		b, _ := json.Marshal(a)
		quoted[i] = string(b)
	}
	return "(() => {" + find + "return " + f + "(" + strings.Join(quoted, ", ") + ")})()"
}

// mark gives a control an id of ours, so that chromedp can name it.
func (s *screen) mark(finder string) chromedp.CSS {
	s.Helper()
	found := evaluate[bool](s, "(() => { const e = "+finder+`;
		document.querySelectorAll('[data-walk]').forEach(o => o.removeAttribute('data-walk'));
		if (e) e.setAttribute('data-walk', ''); return Boolean(e) })()`)
	if !found {
		s.Fatalf("there is no %s on the page: %s", finder[strings.LastIndex(finder, "return "):], s.read())
	}
	return "[data-walk]"
}

// fill types into the control with a label, after emptying it.
func (s *screen) fill(label, value string) {
	s.Helper()
	at := s.mark(js("labelled", label))
	evaluate[bool](s, "(() => { document.querySelector('[data-walk]').value = ''; return true })()")
	s.do("fill "+label, chromedp.SendKeys(at, value))
}

// choose takes what a list offers by the text that is shown, or sets a date.
func (s *screen) choose(label, option string) {
	s.Helper()
	s.mark(js("labelled", label))
	b, _ := json.Marshal(option)
	if !evaluate[bool](s, `(() => { const e = document.querySelector('[data-walk]'), want = `+string(b)+`;
		if (e.tagName !== 'SELECT') e.value = want;
		else {
			const o = Array.from(e.options).find(o => o.text.trim() === want);
			if (!o) return false;
			e.value = o.value;
		}
		e.dispatchEvent(new Event('change', {bubbles: true})); return true })()`) {
		s.Fatalf("%s does not offer %s", label, option)
	}
}

// unfold opens what is folded, by its words.
func (s *screen) unfold(said string) {
	s.Helper()
	s.do("unfold "+said, chromedp.Click(s.mark(js("pressed", said))))
}

// press clicks on a button or link by its words and comes to a page.
func (s *screen) press(said string) { s.Helper(); s.pressAt(said, "", 200) }

// pressIn presses what stands in the row with a text.
func (s *screen) pressIn(part, said string) { s.Helper(); s.pressAt(said, part, 200) }

// pressAt presses and comes to a page with a status.
func (s *screen) pressAt(said, part string, status int64) {
	s.Helper()
	at := s.mark(js("pressed", said, part))
	s.turn("press "+said, status, chromedp.Click(at))
}

// consent presses what asks once more, and says yes.
func (s *screen) consent(said string) {
	s.Helper()
	s.mu.Lock()
	s.consents, s.asked = 1, nil
	s.mu.Unlock()
	s.press(said)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) != 1 {
		s.Fatalf("%s asked %q", said, s.asked)
	}
}

// read is what is to be read on the page.
func (s *screen) read() string {
	return strings.Join(strings.Fields(evaluate[string](s, "document.body.innerText")), " ")
}

// reads fails unless all of the texts are to be read.
func (s *screen) reads(want ...string) {
	s.Helper()
	got := s.read()
	for _, w := range want {
		if !strings.Contains(got, w) {
			s.Fatalf("%q is not to be read on the page: %s", w, got)
		}
	}
}

// evaluate is what the page says to a question in JavaScript.
func evaluate[T any](s *screen, question string) T {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](question))
	if err != nil {
		s.Fatalf("%s: %v", question, err)
	}
	return v
}

// check ticks the control with a label.
func (s *screen) check(label string) {
	s.Helper()
	s.do("check "+label, chromedp.Click(s.mark(js("labelled", label))))
}

// said is what stands in the element that a selector names.
func (s *screen) said(selector string) string {
	s.Helper()
	return strings.TrimSpace(evaluate[string](s, "document.querySelector('"+selector+"').innerText"))
}

// url is where the browser is.
func (s *screen) url() string { s.Helper(); return evaluate[string](s, "location.href") }
