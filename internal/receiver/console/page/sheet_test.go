package page

import (
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
)

// Memory does not grow with the rows of a list, as CSV and as a workbook.
func TestListsAreNotKept(t *testing.T) {
	const rows, most = 40_000, 32 << 20
	for name, write := range map[string]func(io.Writer, List) (int, error){"csv": csvTo, "xlsx": workbookTo(rows)} {
		var early, late uint64
		l := List{Title: "清单", Heads: []Head{{Title: "序号", Number: true}, {Title: "代码"}, {Title: "核验提示", Wrap: true}}}
		l.Rows = func(yield func([]string, error) bool) {
			for i := range rows {
				if i == rows/10 {
					early = heap()
				}
				no := strconv.Itoa(i)
				if !yield([]string{no, "1501" + no, strings.Repeat("同一身份代码对应不同信用代码"+no, 30)}, nil) {
					return
				}
			}
			late = heap()
		}
		if n, err := write(io.Discard, l); n != rows || err != nil {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
		if late > early+most {
			t.Errorf("%s: %d MiB more in memory at the end, of some %d MiB", name, (late-early)>>20, rows*1300>>20)
		}
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, beijingtime.Zone)

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A text that a spreadsheet takes for a number, a day or a formula is behind an apostrophe, and so is one that begins
// with an apostrophe.
func TestGuessedInCSV(t *testing.T) {
	for s, want := range map[string]string{
		"202611240000000019": "'202611240000000019", "1151": "'1151", "1E5": "'1E5", "9115e3": "'9115e3",
		"3/15":       "'3/15",
		"2026-11-16": "'2026-11-16",
		"12:30":      "'12:30", "1,234": "'1,234", "50%": "'50%", "(12)": "'(12)", "￥5": "'￥5",
		"3月15日": "'3月15日", "MAR1": "'MAR1",
		"1 Dec 2026": "'1 Dec 2026", "９１１５": "'９１１５", " 12 ": "' 12 ",
		"=1+1": "'=1+1", "+8": "'+8", "-8": "'-8", "@a": "'@a", "\t1": "'\t1", "＝1": "'＝1", "'12": "''12", "'": "''",
		"": "", "91150104MA0N967166": "91150104MA0N967166", "12号": "12号",
		"呼市监处罚〔2026〕1号": "呼市监处罚〔2026〕1号",
		"阿拉坦仓":          "阿拉坦仓", "a-b": "a-b", "ABC": "ABC", "May": "May",
	} {
		if got := (Head{}).csv(s); got != want || strings.TrimPrefix(got, "'") != s {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	for _, c := range []struct {
		head    Head
		s, want string
	}{{Head{Number: true}, "12", "12"}, {Head{Time: true}, "2026-11-16", "2026-11-16"},
		{Head{Time: true}, "2026-11-24 09:30:00", "2026-11-24 09:30:00"}, {Head{Time: true}, "20261116", "'20261116"},
		{Head{Figure: true}, "12.5%", "12.5%"}, {Head{Figure: true}, "=1", "'=1"}} {
		if got := c.head.csv(c.s); got != c.want {
			t.Errorf("%+v %q: %q", c.head, c.s, got)
		}
	}
}

// The name of a file has no sign that a file system refuses, and is never too long.
func TestFileNames(t *testing.T) {
	l := List{Title: "清单", Of: []string{`a/b\c:d*e?f"g<h>i|j_k` + "\u202e\n", strings.Repeat("呼", 300)}}
	name := l.fileName(noon, "xlsx")
	if want := "清单_a-b-c-d-e-f-g-h-i-j-k--_" + strings.Repeat("呼", 40) + "_20261124-120000.xlsx"; name != want {
		t.Errorf("%q, want %q", name, want)
	}
}
