package console_test

import "github.com/chromedp/chromedp"

// accessible fails for what is wrong with the page that is open, for those who use the keyboard, have it read aloud, or
// have tired eyes.
func (s *screen) accessible(path string) {
	s.Helper()
	for _, problem := range evaluate[[]string](s, access) {
		s.Errorf("%s: %s", path, problem)
	}
}

// reachable fails for what the Tab key does not come to; a day is several fields to it.
func (s *screen) reachable(path string) {
	s.Helper()
	n := evaluate[int](s,
		"document.querySelectorAll(`"+focusable+"`).length + "+
			"7 * document.querySelectorAll('[type=date], [type=datetime-local]').length")
	if n > 90 {
		return // what repeats in rows is reached like the rest
	}
	evaluate[bool](s,
		"document.activeElement.blur(); window.reached = new Set(); "+
			"document.addEventListener('focusin', e => reached.add(e.target)); true")
	for range n + 2 {
		s.do("Tab", chromedp.KeyEvent("\t"))
	}
	for _, e := range evaluate[[]string](s,
		"Array.from(document.querySelectorAll(`"+focusable+"`)).filter(e => e.getClientRects().length && "+
			"!reached.has(e) && e.type !== 'radio' && (e.tagName === 'SUMMARY' || !e.closest('details:not([open])')))"+
			".map(e => e.outerHTML.slice(0, 80))") {
		s.Errorf("%s: the Tab key does not reach %s", path, e)
	}
}

const focusable = `a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), ` +
	`select:not([disabled]), textarea:not([disabled]), summary`

// access is JavaScript that lists what is wrong with a page: contrast by the formula of WCAG 2.1, 1.4.3.
const access = `(() => {
const wrong = [];
const some = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 90);
if (document.documentElement.lang !== 'zh-CN') wrong.push('no language');
if (!document.title.replace(/ - .*/, '')) wrong.push('no title');
if (document.querySelectorAll('h1').length !== 1) wrong.push(document.querySelectorAll('h1').length + ' headings h1');
if (!document.querySelector('main')) wrong.push('no main');
const ids = new Set();
for (const e of document.querySelectorAll('[id]')) {
	if (ids.has(e.id)) wrong.push('id twice: ' + e.id);
	ids.add(e.id);
}
for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
	const names = Array.from(e.labels || []).map(l => l.textContent.trim()).join('') || e.getAttribute('aria-label');
	if (!names) wrong.push('no label: ' + some(e));
}
for (const e of document.querySelectorAll('a[href], button, summary')) {
	if (!(e.innerText.trim() || e.textContent.trim() || e.getAttribute('aria-label')))
		wrong.push('no words: ' + some(e));
}
for (const e of document.querySelectorAll('table')) {
	if (!e.querySelector('th')) wrong.push('table without headings: ' + some(e));
	for (const h of e.querySelectorAll('th')) if (!h.getAttribute('scope')) wrong.push('th without scope: ' + some(h));
}
for (const e of document.querySelectorAll('svg, img')) {
	if (!e.getAttribute('aria-label') && !e.getAttribute('alt') &&
		e.getAttribute('aria-hidden') !== 'true' && !e.querySelector('title'))
		wrong.push('no words: ' + some(e));
}
for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) wrong.push('tabindex: ' + some(e));
for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
	for (const a of ['aria-describedby', 'aria-labelledby']) {
		const id = e.getAttribute(a);
		if (id && !document.getElementById(id)) wrong.push(a + ' names nothing: ' + id);
	}
}
const color = s => {
	const m = s.match(/[\d.]+/g).map(Number);
	return {r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1};
};
const over = (t, u) => ({
	r: t.r * t.a + u.r * (1 - t.a), g: t.g * t.a + u.g * (1 - t.a), b: t.b * t.a + u.b * (1 - t.a), a: 1});
const luminance = c => {
	const f = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
	return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
};
const ground = e => {
	const layers = [];
	for (; e; e = e.parentElement) {
		const c = color(getComputedStyle(e).backgroundColor);
		if (c.a > 0) { layers.push(c); if (c.a === 1) break; }
	}
	return layers.reverse().reduce((under, c) => over(c, under), {r: 255, g: 255, b: 255, a: 1});
};
const told = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n = walker.nextNode(); n; n = walker.nextNode()) {
	const e = n.parentElement, style = getComputedStyle(e);
	if (!n.data.trim() || !e.getClientRects().length || style.visibility === 'hidden' ||
		e.closest('[disabled], script, style, option')) continue;
	const under = ground(e), text = color(e.closest('svg') ? style.fill : style.color);
	const a = luminance(over(text, under)), b = luminance(under),
		ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
	const key = style.color + JSON.stringify(under);
	if (ratio < (large ? 3 : 4.5) && !told.has(key)) {
		told.add(key);
		wrong.push('contrast ' + ratio.toFixed(2) + ': ' + some(e));
	}
}
const first = document.activeElement;
const kinds = new Set();
for (const e of document.querySelectorAll(
	'a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary')) {
	const kind = e.tagName + e.className + (e.parentElement.className || '');
	if (kinds.has(kind) || !e.getClientRects().length) continue;
	kinds.add(kind);
	e.focus();
	const style = getComputedStyle(e);
	if (document.activeElement === e && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) === 0) &&
		style.boxShadow === 'none') wrong.push('focus is not seen: ' + some(e));
}
if (first && first.focus) first.focus();
window.scrollTo(0, 0);
return wrong;
})()`
