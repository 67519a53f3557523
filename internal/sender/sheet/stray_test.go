package sheet

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/grid"
)

// heldOf are the problems of a file that hold its cases, and how many remarks there are besides.
func heldOf(t *testing.T, path string, o Options) (held []string, remarks int) {
	t.Helper()
	o.Note = func(p Problem) {
		if p.Held {
			held = append(held, p.Error())
		} else {
			remarks++
		}
	}
	err := Read(t.Context(), path, o, func(c *Case) error {
		for _, err := range c.List {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return held, remarks
}

// expectHeld fails unless exactly these things hold the cases of a file.
func expectHeld(t *testing.T, what, path string, o Options, want ...string) {
	t.Helper()
	held, _ := heldOf(t, path, o)
	if len(held) != len(want) {
		t.Errorf("%s: held for %q", what, held)
	}
	for i, w := range want {
		if i < len(held) && !strings.Contains(held[i], w) {
			t.Errorf("%s: %q does not say %q", what, held[i], w)
		}
	}
}

// gridOf is a sheet of these cells, "" for none; the rows are numbered from 1.
func gridOf(rows ...[]string) string {
	var b strings.Builder
	b.WriteString("<worksheet><sheetData>")
	for r, cells := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, r+1)
		for i, v := range cells {
			if v != "" {
				fmt.Fprintf(&b, `<c r="%s%d" t="str"><v>%s</v></c>`, grid.ColumnName(i), r+1, v)
			}
		}
		b.WriteString("</row>")
	}
	return b.String() + "</sheetData></worksheet>"
}

func gridBook(t *testing.T, rows ...[]string) string {
	t.Helper()
	return sheetsOf(t, [3]string{"清单", "", gridOf(rows...)})
}

// Anything that stands beside a row in a column without a heading may be meant for it.
func TestCellsBesideRows(t *testing.T) {
	h, a, b := []string{"pripid", "uniscid", "legal", "enttype"}, []string{"P", "U", "L", "E"}, []string{
		"Q", "V", "M", "E",
	}
	with := func(row []string, more ...string) []string { return append(append([]string(nil), row...), more...) }
	left := func(first string, row []string) []string { return append([]string{first}, row...) }
	o := Options{Case: theCase}
	expectHeld(t, "E2", gridBook(t, h, with(a, "不报送"), b), o, "工作表“清单”第2行E列：该列没有标题，此处却有内容“不报送”，未使用；核对")
	expectHeld(t, "E2 and E3", gridBook(t, h, with(a, "撤销"), with(b, "已注销")), o, "第2行E列：该列没有标题，此处却有内容“撤销”，未使用；本案该列共2处")
	expectHeld(t, "A2", gridBook(t, left("", h), left("撤销", a), left("", b)), o, "第2行A列：该列没有标题，此处却有内容“撤销”")
	expectHeld(t, "G3", gridBook(t, h, a, with(b, "", "", "暂缓")), o, "第3行G列")
	expectHeld(t, "beyond a remark", gridBook(t, with(h, "备注"), with(a, "好", "撤销"), b), o, "第2行F列")
	expectHeld(t, "two columns", gridBook(t, h, with(a, "一", "二"), b), o, "第2行E列", "第2行F列")
	expectHeld(
		t,
		"between",
		gridBook(t, []string{"pripid", "", "uniscid", "legal", "enttype"}, []string{"P", "不报送", "U", "L", "E"}),
		o,
		"第2行B列",
	)
	expectHeld(t, "blank heading", gridBook(t, with(h, "\u3000\u200b"), with(a, "不报送")), o, "第2行E列")
	expectHeld(t, "numbers", gridBook(t, h, with(a, "1"), with(b, "0")), o, "第2行E列：该列没有标题，此处却有内容“1”")
	expectHeld(t, "no sequence", gridBook(t, left("", h), left("9", a), left("7", b)), o, "第2行A列")
	c := "caseid,pripid,uniscid,legal,enttype,\n"
	expectHeld(
		t,
		"CSV",
		write(t, "a.csv", c+"A,1,2,3,1151,不报送\nA,1,2,3,1151,\nB,1,2,3,1151,\nC,1,2,3,1151,\nC,1,2,3,1151,缓\n"),
		Options{Case: without()},
		"a.csv 第2行F列：该列没有标题，此处却有内容“不报送”",
		"a.csv 第6行F列：该列没有标题，此处却有内容“缓”",
	)

	for what, path := range map[string]string{
		"blanks":      gridBook(t, h, with(a, " ", "\u3000", "\u200b"), b),
		"a heading":   gridBook(t, with(h, "备注"), with(a, "不报送"), b),
		"sequence":    gridBook(t, left("", h), left("1", a), left("2", b)),
		"by row":      gridBook(t, left("", h), left("", a), left("2", b)),
		"CSV":         write(t, "a.csv", "pripid,uniscid,legal,enttype,,\n1,2,3,4,,\n5,6,7,8\n9,9,9,9, ,\n"),
		"CSV counted": write(t, "a.csv", ",pripid,uniscid,legal,enttype\n1,1,2,3,4\n2,5,6,7,8\n"),
		"title":       gridBook(t, []string{"拟吊销名单", "", "", "", "", "单位：局"}, h, a, b),
		"labels": sheetsOf(t, [3]string{"清单", "", strings.Replace(
			gridOf([]string{"序号", "市场主体", "", "", "", "备注"}, left("", h), left("x", append(a, "y", "z"))),
			"</sheetData>",
			`</sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="F1:G2"/><mergeCell `+
				`ref="B1:E1"/></mergeCells>`,
			1,
		)}),
	} {
		expectHeld(t, what, path, o)
	}
	merged := strings.Replace(
		gridOf(with(h, ""), with(a, "不报送")), "</sheetData>",
		`</sheetData><mergeCells><mergeCell ref="D1:E1"/></mergeCells>`, 1,
	)
	expectHeld(t, "below a heading that is used", sheetsOf(t, [3]string{"清单", "", merged}), o, "第2行E列")
	merged = strings.Replace(
		gridOf([]string{""}, left("", h), left("撤销", a)), "</sheetData>",
		`</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells>`, 1,
	)
	expectHeld(t, "below a merge that is blank", sheetsOf(t, [3]string{"清单", "", merged}), o, "第3行A列")
}
