package console_test

import (
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// brokenCodes are the codes of up to 24 characters that are broken over lines, and the types of up to four digits that
// need more than two lines.
const brokenCodes = `(() => {
	const high = e => {
		const range = document.createRange();
		range.selectNodeContents(e);
		const rects = Array.from(range.getClientRects()).filter(r => r.width);
		return Math.max(...rects.map(r => r.bottom)) - Math.min(...rects.map(r => r.top));
	};
	const wrong = [];
	for (const td of document.querySelectorAll('main td.code, main td.type')) {
		for (const e of td.querySelector('div') ? td.querySelectorAll('div') : [td]) {
			const value = e.innerText.trim(), line = parseFloat(getComputedStyle(e).fontSize) * 1.9;
			if (!e.offsetHeight || !/^[0-9A-Z]{2,24}( |$)/.test(value)) continue;
			if (high(e) > (td.matches('.type') ? 2 * line : line)) wrong.push(value);
		}
	}
	return wrong.slice(0, 5).join('; ')
})()`

// On paper no code is broken, and each sheet has the case and a person's name; forty firms in doubt need few sheets.
func TestCodesOnPaper(t *testing.T) {
	long(t)
	h := openHouse(t)
	id := h.aSevereCase()
	clerk := h.enter(intake.Clerk, "wulan")
	clerk.propose("/cases/"+id, "return", "text", "清单第2户的代码有误", "rows", "1-40")
	w := h.window(clerk)
	for _, sheet := range []struct {
		path          string
		width, sheets int64
	}{{"/cases/" + id + "?print=1", 718, 6}, {"/cases/" + id, 718, 6}, {"/cases/" + id + "/record?which=all", 1047, 9},
		{"/cases/" + id + "/notice", 718, 9}, {"/cases?print=1", 1047, 1}, {"/entities?q=9115", 1047, 9},
		{"/entities?kind=pripid&value=" + firms(500_000, 1)[0].PripID, 1047, 2}, {"/proposals/1", 718, 9}} {
		w.open(sheet.path)
		_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		h.must(err)
		h.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(sheet.width, 1000)))
		if wrong := evaluate[string](w, brokenCodes+` + '\n' + `+wrongOnPaper); wrong != "\n" {
			t.Errorf("%s: %s", sheet.path, wrong)
		}
		r, err := chromedp.Call(w.ctx, cdppage.PrintToPDF,
			cdppage.PrintToPDFParams{PreferCSSPageSize: &[]bool{true}[0]})
		h.must(err)
		if n := len(regexp.MustCompile(`/Type /Page\b`).FindAll(r.Data, -1)); n < 1 || int64(n) > sheet.sheets {
			t.Errorf("%s needs %d sheets, want at most %d", sheet.path, n, sheet.sheets)
		}
		w.keepPDF(sheet.path, r.Data)
	}
}
