package sheet

import (
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// templateWith is the template filled in, and what else is put into its sheet 案件, by cell.
func templateWith(t *testing.T, more map[string]string) string {
	t.Helper()
	return filled(t, func(f *excelize.File) {
		for i, text := range textsOf(theCase) {
			put(t, f, casesSheet, fmt.Sprintf("B%d", 3+i), text)
		}
		put(t, f, listSheet, "A3", "P", "U", "L", "E")
		for at, text := range more {
			put(t, f, casesSheet, at, text)
		}
	})
}

// Anything that stands beside the texts of the sheet 案件, and is not used, is named.
func TestWhatElseTheCaseSheetSays(t *testing.T) {
	for _, c := range []struct {
		more         map[string]string
		held, remark string
	}{
		{map[string]string{"D3": "B2"}, "工作表“案件”第3行D列：“B2”不在“案件编号”的填写位置，未使用", ""},
		{map[string]string{"F8": "2026-03-17"}, "第8行F列：“2026-03-17”不在“处罚决定日期”的填写位置", ""},
		{map[string]string{"C3": "B2"}, "", "第3行C列：“B2”不在“案件编号”的填写位置"},
		{map[string]string{"A11": "备注", "B11": "暂不报送"}, "", "工作表“案件”第11行：该行不是案件的内容，未使用：A列“备注”、B列“暂不报送”"},
		{map[string]string{"A11": "暂不报送"}, "", "第11行：该行不是案件的内容，未使用：A列“暂不报送”"},
		{map[string]string{"D11": "暂不报送"}, "", "D列“暂不报送”"},
		{map[string]string{"D3": " ", "A12": "\u3000", "D4": theCase.CaseName}, "", ""},
		{nil, "", ""},
	} {
		held, remarks := heldOf(t, templateWith(t, c.more), Options{})
		if len(held) > 0 != (c.held != "") || remarks > 0 != (c.remark != "") {
			t.Errorf("%v: held %q, %d remarks", c.more, held, remarks)
		}
		g := readAll(t, templateWith(t, c.more), Options{})
		g.clean(t, row)
		holds(t, fmt.Sprint(c.more), g.notes, c.held, c.remark)
	}
}

// Forms and tables of other makes.
func TestWhatElseOtherCaseSheetsSay(t *testing.T) {
	list := [3]string{"清单", "", gridOf(
		[]string{"caseid", "pripid", "uniscid", "legal", "enttype"},
		[]string{"A", "P", "U", "L", "E"},
		[]string{"B", "P", "U", "L", "E"},
	)}
	one := [3]string{"清单", "", oneSheet}
	var names, a, b []string
	for f, text := range textsOf(theCase) {
		names, a, b = append(names, fieldTable[f].title), append(a, text), append(b, text)
	}
	a[0], b[0] = "A", "B"
	more := func(row []string, texts ...string) []string { return append(append([]string(nil), row...), texts...) }
	table := func(rows ...[]string) string { return sheetsOf(t, list, [3]string{"案件", "", gridOf(rows...)}) }
	expectHeld(t, "table", table(names, more(a, "撤销"), b), Options{}, "工作表“案件”第2行H列：该列没有标题，此处却有内容“撤销”")
	expectHeld(t, "second case", table(names, a, more(b, "", "撤销")), Options{}, "第3行I列")
	expectHeld(t, "labelled", table(more(names, "备注"), more(a, "好"), b), Options{})
	expectHeld(t, "titled", table([]string{"案件表", "2026年"}, names, a, b), Options{})
	expectHeld(
		t,
		"counted",
		table(more([]string{""}, names...), more([]string{"1"}, a...), more([]string{"2"}, b...)),
		Options{},
	)
	form := func(rows ...[]string) string { return sheetsOf(t, one, [3]string{"案件", "", gridOf(rows...)}) }
	expectHeld(t, "pairs", form([]string{"案件名称", "案", "案由", "由"}), Options{Case: theCase})
	expectHeld(
		t,
		"pairs and one",
		form([]string{"案件名称", "案", "案由", "由", "另一个"}),
		Options{Case: theCase},
		"第1行E列：“另一个”不在“案由”的填写位置",
	)
	expectHeld(t, "counted form", form([]string{"1", "案件名称", "案"}, []string{"2", "案由", "由"}), Options{Case: theCase})
	expectHeld(t, "no heading", form([]string{"案件名称", "案", "案二"}), Options{Case: theCase}, "第1行C列：“案二”不在“案件名称”的填写位置")
	for what, path := range map[string]string{
		"没有案件的标题，其内容未使用":          form([]string{"须知"}, []string{"见通知", "x"}),
		"A列“备注”、B列“暂不报送”":         form([]string{"备注", "暂不报送"}, []string{"案件名称", "案"}),
		"第4行：该行不是案件的内容，未使用：H列“注”": table(names, a, b, []string{7: "注"}),
	} {
		holds(t, what, readAll(t, path, Options{Case: without()}).notes, what)
	}
}
