package sheet

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// rowsOf is a list whose row at holds bad in place of a name. Row 3 is of two lines, and long enough for many buffers.
func rowsOf(n, at int, bad string) string {
	var b strings.Builder
	b.WriteString("主体身份代码,统一社会信用代码,法定代表人,类型\n")
	for row := 2; row <= n; row++ {
		name := "王小明"
		if row == 3 {
			name = "\"王\n小\"\"明\""
		}
		if row == at {
			name = bad
		}
		fmt.Fprintf(&b, "15010400002201707%07d,91150104MA0N967166,%s,1151\n", row, name)
	}
	return b.String()
}

func gbk(text string) string {
	b, _ := simplifiedchinese.GB18030.NewEncoder().String(text)
	return b
}

// The row of bytes in another charset is named as a spreadsheet counts it, however long the file is, and wherever the
// row is in it.
func TestRowOfAnotherCharset(t *testing.T) {
	for _, n := range []int{12, 40, 100, 3000} {
		for _, at := range []int{2, 4, n - 1, n} {
			want := fmt.Sprintf("第%d行", at)
			for name, text := range map[string]string{
				"GBK in UTF-8":      strings.Replace(rowsOf(n, at, "@@"), "@@", gbk("张伟民"), 1),
				"UTF-8 in GBK":      strings.Replace(gbk(rowsOf(n, at, "@@")), "@@", "张伟民", 1),
				"UTF-8 text in GBK": strings.Replace(gbk(rowsOf(n, at, "@@")), "@@", "呼和浩特市分公司", 1),
				"no charset at all": strings.Replace(gbk(rowsOf(n, at, "@@")), "@@", "\xff\xff", 1),
				"two lines, quoted": strings.Replace(gbk(rowsOf(n, at, "@@")), "@@", "\"a\n\xff\"", 1),
				"half a UTF-16 char": strings.Replace(
					encoded(binary.LittleEndian, rowsOf(n, at, "@@")), "@\x00@\x00", "\x00\xd8A\x00", 1,
				),
			} {
				g := readAll(t, write(t, "a.csv", text), Options{Case: theCase})
				if g.err == nil {
					t.Fatalf("%s: row %d of %d is taken", name, at, n)
				}
				if !strings.Contains(g.err.Error(), "a.csv "+want) {
					t.Errorf("%s, row %d of %d: %v", name, at, n, g.err)
				}
			}
			g := readAll(
				t,
				write(t, "a.csv", strings.Replace(gbk(rowsOf(n, at, "@@")), "@@", "张伟", 1)),
				Options{Case: theCase},
			)
			if g.err != nil || len(g.problems) > 0 || len(g.notes) != 1 {
				t.Fatalf("two characters: problems %q, notes %q, error %v", g.problems, g.notes, g.err)
			}
			holds(t, "two characters", g.notes, "a.csv "+want, "“张伟”")
		}
	}
}

// The GBK of a list of names is never valid UTF-8.
func TestGBKListsAreNoMixture(t *testing.T) {
	names := []string{"毛伟", "张伟", "欧阳建国", "阿拉坦·乌云其木格", "呼和浩特市某某商贸有限公司", "璧君", "滕代远", "𠮷野"}
	text := rowsOf(4000, 0, "")
	for i, name := range names {
		text = strings.Replace(text, "王小明", name, 1+i)
	}
	g := readAll(t, write(t, "a.csv", gbk(text)), Options{Case: theCase})
	if g.err != nil || len(g.problems) > 0 || len(g.notes) > 0 || len(g.rows) != 3999 {
		t.Errorf("%d rows, problems %q, notes %q, error %v", len(g.rows), g.problems, g.notes, g.err)
	}
}

// Lines may end in CR alone; a CR within a cell of another file is content.
func TestLinesThatEndInCR(t *testing.T) {
	text := rowsOf(3000, 0, "")
	for name, in := range map[string]string{
		"CR":                  strings.ReplaceAll(text, "\n", "\r"),
		"CR in GBK":           strings.ReplaceAll(gbk(text), "\n", "\r"),
		"CR in UTF-16":        encoded(binary.BigEndian, strings.ReplaceAll(text, "\n", "\r")),
		"CR without the last": strings.TrimSuffix(strings.ReplaceAll(text, "\n", "\r"), "\r"),
	} {
		g := readAll(t, write(t, "a.csv", in), Options{Case: theCase})
		if g.err != nil || len(g.problems) > 0 || len(g.rows) != 2999 || g.rows[2998].Row != 3000 {
			t.Errorf("%s: %d rows, problems %q, error %v", name, len(g.rows), g.problems, g.err)
		}
	}
	g := readAll(t, write(t, "a.csv", headings+"P,U,\"张\r三\",E\n"), Options{Case: theCase})
	if len(g.rows) != 1 || g.rows[0].Legal != "张\r三" {
		t.Errorf("%+v", g)
	}
	bad := strings.ReplaceAll(
		strings.Replace(text, "小明,1151\n15010400002201707000050", "小\xff明,1151\n15010400002201707000050", 1),
		"\n",
		"\r",
	)
	if g := readAll(t, write(t, "a.csv", bad), Options{Case: theCase}); g.err == nil ||
		strings.Contains(g.err.Error(), "第1行") {
		t.Errorf("%v", g.err)
	}
}
