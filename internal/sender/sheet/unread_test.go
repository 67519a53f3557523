package sheet

import (
	"fmt"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A sheet that is seen and says something is named where nothing of it is read; one that says nothing is not.
func TestSheetsThatAreNotRead(t *testing.T) {
	rows := gridOf([]string{"P2", "U2", "L2", "E2"}, []string{"P3", "U3", "L3", "E3"})
	late := gridOf(append(
		slices.Repeat([][]string{{"通知"}}, 11),
		[]string{"pripid", "uniscid", "legal", "enttype"},
		[]string{"P", "U", "L", "E"},
	)...)
	for _, c := range []struct{ name, state, xml, note string }{
		{"续表", "", rows, "工作表“续表”：该工作表有内容（第1行起），未读取"},
		{"续表", "", gridOf(append(make([][]string, 20), []string{"P2", "U2", "L2", "E2"})...), "第21行起"},
		{"清单2", "", late, "工作表“清单2”：该工作表有内容"},
		{"案件 (2)", "", caseForm, "工作表“案件 (2)”：该工作表有内容（第1行起），未读取"},
		{"填写说明2", "", caseForm, "“填写说明2”"},
		{"半表", "", gridOf([]string{"pripid", "uniscid", "legal"}, []string{"P", "U", "L"}), "“半表”：该工作表有内容（第1行起）"},
		{"远", "", gridOf(append([]string{30: "不报送"}, "")), "第1行起"},
		{"坏", "", "<worksheet><sheetData>" + `<row r="11"/>` + "<broken", "工作表“坏”：该工作表无法读取，未使用"},
		{"Sheet2", "", "<worksheet><sheetData/></worksheet>", ""},
		{"Sheet3", "", gridOf([]string{" ", "\u3000"}), ""},
		{"二", "", headOnly, ""},
		{"填写说明", "", caseForm, ""},
		{"说明", hidden, caseForm, ""},
	} {
		for _, sheets := range [][][3]string{
			{{"清单", "", oneSheet}, {c.name, c.state, c.xml}},
			{{c.name, c.state, c.xml}, {"清单", "", oneSheet}},
		} {
			g := readAll(t, sheetsOf(t, sheets...), Options{Case: theCase})
			g.clean(t, row)
			if len(g.notes) > 1 || len(g.notes) > 0 != (c.note != "") {
				t.Errorf("%s: %q", c.name, g.notes)
			}
			holds(t, c.name, g.notes, c.note)
		}
	}
	g := readAll(
		t,
		sheetsOf(t, [3]string{"一", "", oneSheet}, [3]string{"二", "", oneSheet}, [3]string{"三", "", rows}),
		Options{Case: theCase, Sheet: "一"},
	)
	g.clean(t, row)
	if len(g.notes) != 2 {
		t.Errorf("%q", g.notes)
	}
	holds(t, "notes", g.notes, "“二”：该工作表有内容（第2行起）", "“三”：该工作表有内容（第1行起）")
	many := [][3]string{{"清单", "", oneSheet}}
	for i := range 60 {
		many = append(many, [3]string{fmt.Sprint("表", i), "", rows})
	}
	g = readAll(t, sheetsOf(t, many...), Options{Case: theCase})
	if g.clean(t, row); len(g.notes) != maxLists+1 {
		t.Errorf("%d notes", len(g.notes))
	}
	holds(t, "notes", g.notes, "还有别的工作表有内容")
}

// The template with a sheet that a user adds.
func TestTemplateWithAnotherSheet(t *testing.T) {
	path := filled(t, func(f *excelize.File) {
		for i, text := range textsOf(theCase) {
			put(t, f, casesSheet, fmt.Sprintf("B%d", 3+i), text)
		}
		put(t, f, listSheet, "A3", "P", "U", "L", "E")
		if _, err := f.NewSheet("续表"); err != nil {
			t.Fatal(err)
		}
		put(t, f, "续表", "A1", "P2", "U2", "L2", "E2")
	})
	g := readAll(t, path, Options{})
	if g.clean(t, row); len(g.notes) != 1 {
		t.Errorf("%q", g.notes)
	}
	holds(t, "notes", g.notes, "“续表”：该工作表有内容（第1行起），未读取")
}
