package console_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// severeCase is a short list, of which most firms are in severe doubt: codes of another firm, no code, codes in each
// other's column, firms that are revoked or unknown, and long values.
func severeCase(caseID string) (api.Case, []register.Firm) {
	const n = 40
	list, right := firms(500_000, n), ordinary(n)
	for i := range list {
		f := &right[i]
		f.PripID, f.UniscID, f.Legal, f.EntType, f.RegNo = list[i].PripID, list[i].UniscID, list[i].Legal,
			list[i].EntType, ""
		f.Name = fmt.Sprintf("呼和浩特市昌发%d号建材有限公司", 100+i)
		switch i % 10 {
		case 1:
			list[i].UniscID = unisc(600_000 + i)
		case 2:
			list[i].UniscID = "无"
		case 3:
			list[i].Legal = "孙某"
		case 4:
			list[i].UniscID = unisc(500_000 + i - 4)
		case 5:
			f.State, f.StateText, f.Approved = register.Revoked, "吊销，未注销", "2021-06-30"
		case 6:
			list[i].EntType = "9500"
		case 7:
			list[i].UniscID, list[i].PripID = list[i].PripID, list[i].UniscID
		case 8:
			f.Legal, f.Name = strings.Repeat("阿拉坦仓·", 6), "内蒙古乌珠穆沁"+strings.Repeat("牧业", 12)+"有限责任公司"
		case 9:
			list[i].PripID = fmt.Sprintf("15010400002299%010d", i)
		}
	}
	return aCase(caseID, list...), right
}

// aSevereCase is such a case, verified, after another one with some of its firms.
func (h *house) aSevereCase() string {
	h.Helper()
	c, right := severeCase("呼市监处罚〔2026〕38号")
	h.importRegister("2026-11-20", right...)
	s := h.admit("呼和浩特市局行政处罚系统")
	s.send(aCase("呼市监处罚〔2026〕1038号", c.PenaltyList[:9]...))
	id := s.send(c)
	h.verify()
	return id
}

// pressed is how far the page, and anything in the list, is beyond the edge of the window or of its card, and how many
// characters of the names of firms are seen at least.
const pressed = `(() => {
	const root = document.documentElement, table = document.querySelector('table.firms');
	const edge = table.closest('.card').getBoundingClientRect().right;
	const name = e => {
		const range = document.createRange();
		range.selectNodeContents(e);
		const whole = range.getBoundingClientRect().width;
		return Math.floor(e.textContent.trim().length * Math.min(1, (e.clientWidth - 8) / whole));
	};
	const names = Array.from(table.querySelectorAll('td.firm')).filter(e => /号建材/.test(e.textContent)).map(name);
	return [root.scrollWidth - root.clientWidth,
		Math.max(...Array.from(table.querySelectorAll('th, td')).filter(e => e.offsetHeight)
			.map(e => Math.ceil(e.getBoundingClientRect().right - edge))), Math.min(...names)];
})()`

// A case with severe doubts in every column is not scrolled sideways, beside the scroll bar of the window and at
// 150 % too, and the names of its firms have the room there is.
func TestSevereCaseFits(t *testing.T) {
	long(t)
	h := openHouse(t)
	id := h.aSevereCase()
	clerk := h.sit(intake.Clerk, "wulan")
	for _, size := range []struct{ width, height, name int64 }{{1351, 768, 13}, {1905, 1080, 16}, {896, 512, 4}} {
		clerk.resize([2]int64{size.width, size.height})
		for _, query := range []string{"", "?severity=severe"} {
			clerk.open("/cases/" + id + query)
			seen := evaluate[[]int64](clerk, pressed)
			if seen[0] > 0 || seen[1] > 0 || seen[2] < size.name {
				t.Errorf("%d%s: the page is %d and the list %d beyond the edge, %d characters of a name are seen",
					size.width, query, seen[0], seen[1], seen[2])
			}
			t.Log(size.width, query, seen)
			clerk.keepAs(fmt.Sprint("severe", size.width, query[min(1, len(query)):], ".png"))
		}
	}
}
