package console_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// manyEntities are ordinary ones.
func manyEntities(n int) (es []api.Entity) {
	for i := range n {
		es = append(es, api.Entity{PripID: fmt.Sprintf("15010400002201707%07d", 1000000+i),
			UniscID: "91150104MA0N967166", Legal: "阿拉坦仓", EntType: "1151"})
	}
	return es
}

// A page for printing has every row, and says who had it made; the ordinary page says on paper that it has not.
func TestPrintHasEveryRow(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市执法办案系统")
	id := s.send(aCase("1号", manyEntities(230)...))
	for i := range 60 {
		s.send(aCase(fmt.Sprintf("呼市监处罚〔2026〕%d号", 100+i)))
	}
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	for _, page := range []struct {
		path string
		rows int
		last string
	}{{at, 50, ""}, {at + "?print=1", 230, "150104000022017071000229"},
		{at + "?at=51&print=1", 180, "150104000022017071000229"},
		{at + "?only=found&print=1", 230, "150104000022017071000229"}, {"/cases", 50, ""}, {"/cases?print=1", 61, "1号"},
		{"/cases?print=1&from=2026-11-24&sort=penaltydate", 61, "1号"}} {
		p := clerk.see(page.path)
		// 报送经过 is a table as well
		row := regexp.MustCompile(`<tr(?: class="flagged")?>\s*<td`)
		if n := len(row.FindAllString(p, -1)); n < page.rows || n > page.rows+2 {
			t.Errorf("%s has %d rows, want %d", page.path, n, page.rows)
		}
		if printed := strings.Contains(page.path, "print=1"); printed == strings.Contains(p, "全部各行请用“打印全部”") ||
			!strings.Contains(p, page.last) {
			t.Errorf("%s: %s", page.path, text(p))
		}
		if !strings.Contains(p, "打印全部") || !strings.Contains(p, "打印人") {
			t.Errorf("%s: no link, or nobody prints", page.path)
		}
	}
	if p := clerk.see(at + "?at=51"); !strings.Contains(p, at+`?print=1#list"`) {
		t.Errorf("the second page prints the whole: %s", p)
	}
	wants(t, text(clerk.see("/cases?print=1")), "2026-11-24 09:30:00", "还剩14个工作日")
	trail := text(h.enter(intake.Auditor, "auditor").see("/audit"))
	for _, want := range []string{id + " print，230行；条件：打印本案清单，姓名遮盖", "案件 print，61行"} {
		if !strings.Contains(strings.ReplaceAll(trail, " console:clerk ", " "), want) {
			t.Errorf("the audit has no %q: %s", want, trail)
		}
	}
}

// A page for printing says which rows it leaves out, and where they are.
func TestPrintIsBounded(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", manyEntities(5003)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	p := clerk.see("/cases/" + id + "?print=1")
	if !strings.Contains(p, "本清单共5,003户，一次至多打印5,000户，到第5,000户为止") || !strings.Contains(p, "?print=1&amp;at=5001") {
		t.Errorf("%s", text(p)[:3000])
	}
	if p := clerk.see("/cases/" + id + "?print=1&at=5001"); strings.Contains(p, "没有打印") ||
		strings.Count(p, `class="code id`) != 2*3 {
		t.Error(text(p))
	}
}

// wrongOnPaper is what would be cut off, or should not be on paper, of the page as it is printed.
const wrongOnPaper = `(() => {
	const wide = document.documentElement.clientWidth, wrong = [];
	for (const e of document.querySelectorAll('main *')) {
		const r = e.getBoundingClientRect(), style = getComputedStyle(e);
		if (!r.width || !r.height) continue;
		if (r.right > wide + 1)
			wrong.push('beyond the edge: ' + e.tagName + ' ' + e.className + ' ' + r.right + ' ' +
				e.textContent.slice(0, 20));
		if (style.overflowX !== 'visible' || style.textOverflow !== 'clip')
			e.tagName !== 'svg' && wrong.push('may be cut: ' + e.tagName + ' ' + e.className);
		if (/^(FORM|BUTTON|INPUT|SELECT|TEXTAREA|SUMMARY)$/.test(e.tagName)) wrong.push('control: ' + e.tagName);
		if (e.tagName === 'TH' && e.closest('thead') && style.position === 'sticky')
			wrong.push('sticky: ' + e.textContent);
	}
	for (const e of document.querySelectorAll('.top, .foot'))
		if (getComputedStyle(e).display === 'none') wrong.push('no ' + e.className);
	if (getComputedStyle(document.querySelector('header')).display !== 'none') wrong.push('the menu is printed');
	return wrong.slice(0, 10).join('\n') })()`

// On a sheet of A4 nothing is cut off, and there is nothing to press.
func TestPaper(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市市场监督管理局综合行政执法支队执法办案系统（二期）")
	long := aCase("呼市监处罚〔2026〕1号", append(manyEntities(40), api.Entity{PripID: "150104000022017071732290",
		UniscID: "91150103MA0R9M0D7K",
		Legal:   strings.Repeat("阿拉坦仓·", 20), EntType: "有限责任公司（自然人投资或控股）"})...)
	long.CaseName, long.PenaltyOrg = strings.Repeat("长期停业未经营的个体工商户", 20), strings.Repeat("呼和浩特市市场监督管理局", 8)
	id := s.send(long)
	s.send(aCase(strings.Repeat("A", 100)))
	h.verify()
	w := h.sit(intake.Clerk, "clerk")
	every := h.enter(intake.Clerk, "every")
	var columns []string
	for _, key := range regexp.MustCompile(`name="column" value="(\w+)"`).FindAllStringSubmatch(every.see("/cases"),
		-1) {
		columns = append(columns, "column", key[1])
	}
	every.post("/cases/columns", columns...)
	h.onPaper(t, h.window(every), []sheet{{"/cases", 1047, 700}})
	h.onPaper(t, w, []sheet{{"/cases", 1047, 700}, {"/cases?print=1", 1047, 700},
		{"/cases/" + id, 718, 1000},
		{"/cases/" + id + "?print=1", 718, 1000},
		{"/entities?kind=pripid&value=150104000022017071732290", 1047, 700}, {"/overview", 718, 1000}})
}

// sheet is a page and the width and height of what a sheet of A4 holds, in CSS pixels.
type sheet struct {
	path          string
	width, height int64
}

// onPaper holds that nothing of the pages is cut off on paper. With PAPER in the environment it saves them there as
// PDF.
func (h *house) onPaper(t *testing.T, w *screen, sheets []sheet) {
	for _, sheet := range sheets {
		w.open(sheet.path)
		media := func(name string) {
			_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
			h.must(err)
		}
		media("print")
		h.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(sheet.width, sheet.height)))
		if wrong := evaluate[string](w, wrongOnPaper); wrong != "" {
			t.Errorf("%s:\n%s", sheet.path, wrong)
		}
		if os.Getenv("PAPER") != "" {
			r, err := chromedp.Call(w.ctx, cdppage.PrintToPDF,
				cdppage.PrintToPDFParams{PreferCSSPageSize: &[]bool{true}[0]})
			h.must(err)
			w.keepPDF(sheet.path, r.Data)
		}
		media("")
		h.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(1440, 900)))
	}
}

// keepPDF saves a page as PDF, where PAPER says.
func (s *screen) keepPDF(path string, pdf []byte) {
	if to := os.Getenv("PAPER"); to != "" {
		name := to + "/" + strings.NewReplacer("/", "_", "?", "_").Replace(path) + ".pdf"
		s.must(os.WriteFile(name, pdf, 0o644))
	}
}
