package sheet

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/grid"
)

// A cell that a merge covers holds what nobody sees; exporters that leave there what the merge shows do no harm.
func TestCellsBelowMerges(t *testing.T) {
	list := func(refs string, rows ...[4]string) got {
		text := ""
		for i, r := range rows {
			text += fmt.Sprintf(`<row r="%d">`, i+2)
			for c, v := range r {
				if v != "" {
					text += fmt.Sprintf(`<c r="%s%d" t="str"><v>%s</v></c>`, grid.ColumnName(c), i+2, v)
				}
			}
			text += "</row>"
		}
		return readAll(t, bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Replace(
			sheetWith(text),
			"</sheetData>",
			"</sheetData><mergeCells>"+refs+"</mergeCells>",
			1,
		)}), Options{Case: theCase})
	}
	a, b := [4]string{"P", "U", "L", "E"}, [4]string{"Q", "U", "L", "E"}
	for refs, want := range map[string]string{
		`<mergeCell ref="A2:A3"/>`:     "第3行A列（市场主体身份代码 pripid）：单元格“Q”被合并的单元格A2盖住，看不见；取消合并并逐行填写",
		`<mergeCell ref="$A$2:$A$3"/>`: "第3行A列（市场主体身份代码 pripid）：单元格“Q”被合并的单元格A2盖住",
		`<mergeCell ref="A3:A2"/>`:     "“Q”被合并的单元格A2盖住",
		`<mergeCell ref="B3:A2"/>`:     "单元格A2盖住",
		`<mergeCell ref="A3:B3"/>`:     "第3行B列（统一社会信用代码 uniscid）：单元格“U”被合并的单元格A3盖住",
		`<mergeCell ref="A1:D3"/>`:     "被合并的单元格A1盖住",
	} {
		g := list(refs, a, b)
		if g.err != nil || len(g.problems) == 0 {
			t.Errorf("%s: %+v", refs, g)
		}
		holds(t, refs, g.problems, want)
	}
	for _, refs := range []string{
		`<mergeCell ref="B2:B3"/>`, `<mergeCell ref="C2:C3"/><mergeCell ref="D2:D3"/>`, `<mergeCell ref="A1:D1"/>`,
		`<mergeCell ref="A4:A9"/>`, `<mergeCell ref="F2:G3"/>`, "",
	} {
		if g := list(refs, a, b); g.err != nil || len(g.problems) > 0 || len(g.rows) != 2 {
			t.Errorf("%s: %+v", refs, g)
		}
	}
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf(`<mergeCell ref="B%d:B%d"/>`, 2*i+2, 2*i+3))
	}
	if g := list(strings.Join(many, ""), a, b, a, b); g.err != nil || len(g.problems) > 0 || len(g.rows) != 4 {
		t.Errorf("%+v", g)
	}
}
