package sheet

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
)

// filled is the template with what fill puts into it.
func filled(t *testing.T, fill func(f *excelize.File)) string {
	t.Helper()
	var b bytes.Buffer
	if err := Template(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fill(f)
	path := filepath.Join(t.TempDir(), "模板.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTemplateFilledIn(t *testing.T) {
	var want []api.Entity
	path := filled(t, func(f *excelize.File) {
		for i, text := range textsOf(theCase) {
			put(t, f, casesSheet, fmt.Sprintf("B%d", 3+i), text)
		}
		for i := range 20 {
			e := api.Entity{
				PripID:  fmt.Sprintf("15010200000000%010d", 1+i),
				UniscID: "91150102MA0N0000X" + fmt.Sprint(i%10),
				Legal:   "张三",
				EntType: "1151",
			}
			want = append(want, e)
			put(t, f, listSheet, fmt.Sprintf("A%d", 3+i), e.PripID, e.UniscID, e.Legal, e.EntType)
		}
	})
	g := readAll(t, path, Options{})
	g.clean(t, want...)
	if len(g.cases) != 1 || textsOf(g.cases[0]) != textsOf(theCase) || len(g.notes) > 0 || g.rows[0].Row != 3 {
		t.Errorf("%+v", g)
	}
}

func TestTemplateNotFilledIn(t *testing.T) {
	readAll(t, filled(t, func(*excelize.File) {}), Options{}).refused(t, "模板尚未填写", "“案件”", "“清单”")
	readAll(t, filled(t, func(f *excelize.File) { put(t, f, casesSheet, "B3", "A1") }), Options{}).refused(t, "清单中没有数据")
	g := readAll(t, filled(t, func(f *excelize.File) { put(t, f, listSheet, "A3", "P", "U", "L", "E") }), Options{})
	holds(t, "problems", g.problems, "没有案件编号、案件名称、案由、违法行为、处罚内容、处罚决定日期、处罚决定机关")
}

// Anything that is typed into the template stays text: its columns have the format @.
func TestTemplateKeepsText(t *testing.T) {
	path := filled(t, func(*excelize.File) {})
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, at := range []string{
		listSheet + "!A3",
		listSheet + "!B5000",
		listSheet + "!D3",
		listSheet + "!F3",
		casesSheet + "!B3",
		casesSheet + "!B8",
	} {
		sheet, cell := at[:len(listSheet)], at[len(listSheet)+1:]
		id, err := f.GetCellStyle(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := f.GetStyle(id); err != nil || s.NumFmt != 49 {
			t.Errorf("%s: format %+v, %v", at, s, err)
		}
	}
}
