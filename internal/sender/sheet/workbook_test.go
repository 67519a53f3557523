package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// workbookOf makes a workbook; its first sheet is Sheet1.
func workbookOf(t testing.TB, fill func(f *excelize.File, do func(error))) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	do := func(err error) {
		if t.Helper(); err != nil {
			t.Fatal(err)
		}
	}
	fill(f, do)
	path := filepath.Join(t.TempDir(), "清单.xlsx")
	do(f.SaveAs(path))
	return path
}

func put(t testing.TB, f *excelize.File, sheet, at string, cells ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, at, &cells); err != nil {
		t.Fatal(err)
	}
}

// listOf is a workbook with headings in row 1 and these rows below.
func listOf(t testing.TB, rows ...[]any) string {
	return workbookOf(t, func(f *excelize.File, do func(error)) {
		put(t, f, "Sheet1", "A1", "pripid", "uniscid", "legal", "enttype")
		for i, r := range rows {
			at, err := excelize.CoordinatesToCellName(1, i+2)
			do(err)
			put(t, f, "Sheet1", at, r...)
		}
	})
}

// A workbook as offices have it: a merged title, headings with line breaks, blank rows and columns, dates, several
// sheets.
func TestWorkbook(t *testing.T) {
	path := workbookOf(t, func(f *excelize.File, do func(error)) {
		put(t, f, "Sheet1", "B2", "拟吊销名单")
		do(f.MergeCell("Sheet1", "B2", "G2"))
		put(t, f, "Sheet1", "B4", "序号", "主体\n身份代码", "统一社会信用代码", "法定代表人（负责人）", "类型", "处罚决定日期")
		day := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
		put(t, f, "Sheet1", "B5", 1, "0150", "91X", " 张三 ", "1151", day)
		put(t, f, "Sheet1", "B9", 2, 150102000000123, 913, "_x0041_", 9500, day)
		do(f.SetCellRichText("Sheet1", "E9", []excelize.RichTextRun{
			{Text: "李"},
			{Text: "四", Font: &excelize.Font{Bold: true}},
		}))
		_, err := f.NewSheet("说明")
		do(err)
		put(t, f, "说明", "A1", "没有标题")
		_, err = f.NewSheet("旧清单")
		do(err)
		put(t, f, "旧清单", "A1", "pripid", "uniscid", "legal", "enttype")
		do(f.SetSheetVisible("旧清单", false))
	})
	c := theCase
	c.PenaltyDate = ""
	g := readAll(t, path, Options{Case: c})
	g.clean(t, api.Entity{PripID: "0150", UniscID: "91X", Legal: " 张三 ", EntType: "1151"},
		api.Entity{PripID: "150102000000123", UniscID: "913", Legal: "李四", EntType: "9500"})
	if g.cases[0].PenaltyDate != "2026-03-16" || g.rows[1].At("uniscid").String() != "清单.xlsx 工作表“Sheet1”第9行D列" {
		t.Errorf("%+v", g)
	}
	holds(t, "notes", g.notes, "未使用：序号", "第9行C列", "开头的 0 已经丢失")
}

// Cells that a spreadsheet has made something else of are refused, each with its place.
func TestWorkbookCellsThatAreNoText(t *testing.T) {
	day := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		cell any
		want string
	}{
		{150102000000123456, "超过15位，后面的数字已经丢失"},
		{1.50102e17, "超过15位"},
		{1e15, "超过15位"},
		{"1.50102E+17", "科学记数"},
		{1.5, "不是编号"},
		{-1, "不是编号"},
		{day, "单元格是日期 2026-03-16"},
		{true, "逻辑值 TRUE"},
	} {
		g := readAll(t, listOf(t, []any{"P", "U", "L", "E"}, []any{"P", c.cell, "L", "E"}), Options{Case: theCase})
		if g.err != nil || len(g.problems) != 1 || len(g.rows) != 1 {
			t.Errorf("%v: %+v", c.cell, g)
			continue
		}
		holds(t, "problems", g.problems, "清单.xlsx 工作表“Sheet1”第3行B列（统一社会信用代码 uniscid）", c.want, "“文本”格式")
	}
	readAll(t, listOf(t, []any{"P", 999999999999999, "L", 1151}), Options{Case: theCase}).
		clean(t, api.Entity{PripID: "P", UniscID: "999999999999999", Legal: "L", EntType: "1151"})
}

// sheetOf is a workbook whose sheet has this XML between the headings and the end of its rows.
func sheetOf(t testing.TB, rows string) string {
	return zipped(t, `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>pripid</t></is></c><c `+
		`t="inlineStr"><is><t>uniscid</t></is></c>`+
		`<c t="inlineStr"><is><t>legal</t></is></c><c t="inlineStr"><is><t>enttype</t></is></c></row>`+rows+
		`</sheetData></worksheet>`, "")
}

func TestFormulas(t *testing.T) {
	row := func(cell string) string {
		return `<row r="2">` + cell +
			`<c r="B2" t="str"><v>U</v></c><c r="C2" t="str"><v>L</v></c><c r="D2"><v>1151</v></c></row>`
	}
	readAll(t, sheetOf(t, row(`<c r="A2" t="str"><f>B1&amp;"1"</f><v>P1</v></c>`)), Options{Case: theCase}).
		clean(t, api.Entity{PripID: "P1", UniscID: "U", Legal: "L", EntType: "1151"})
	readAll(t, sheetOf(t, row(`<c r="A2"><f>40+2</f><v>42</v></c>`)), Options{Case: theCase}).
		clean(t, api.Entity{PripID: "42", UniscID: "U", Legal: "L", EntType: "1151"})
	for cell, want := range map[string]string{
		`<c r="A2"><f>X()</f></c>`:                  "公式没有计算结果",
		`<c r="A2"><f>X()</f><v></v></c>`:           "公式没有计算结果",
		`<c r="A2" t="e"><f>X()</f><v>#N/A</v></c>`: "错误值 #N/A",
		`<c r="A2" t="e"><v>#REF!</v></c>`:          "错误值 #REF!",
	} {
		g := readAll(t, sheetOf(t, row(cell)), Options{Case: theCase})
		if len(g.rows) > 0 || len(g.problems) != 1 {
			t.Errorf("%s: %+v", cell, g)
			continue
		}
		holds(t, "problems", g.problems, "第2行A列", want)
	}
}

func TestSheetsThatAreDamaged(t *testing.T) {
	for _, rows := range []string{
		`<row r="2"><c r="A2"`, `<row r="2"><c r="B2"/><c r="A2"/></row>`, `<row r="2"/><row r="2"/>`,
		`<row r="2"><c t="s"><v>7</v></c></row>`, `<row r="2"><c t="str"><v>&bomb;</v></c></row>`,
	} {
		g := readAll(t, sheetOf(t, rows), Options{Case: theCase})
		if g.err == nil || !strings.Contains(g.err.Error(), "不完整或已损坏") || len(g.rows) > 0 {
			t.Errorf("%s: %+v", grid.Brief(rows), g)
		}
	}
}

// A workbook that was changed in one byte gives the rows that it had, or a problem.
func TestWorkbookChangedInOneByte(t *testing.T) {
	file, err := os.ReadFile(sheetOf(t, strings.Repeat(
		`<row><c><v>1</v></c><c t="str"><v>9</v></c><c t="str"><v>张三</v></c><c><v>1130</v></c></row>`,
		5,
	)))
	if err != nil {
		t.Fatal(err)
	}
	whole := string(file)
	want, _, _, err := outcome(t, "清单.xlsx", whole)
	if err != nil || len(want) != 5 {
		t.Fatal(len(want), err)
	}
	for i := range whole {
		for _, x := range []byte{0x01, 0x80} {
			b := []byte(whole)
			b[i] ^= x
			got, _, problems, err := outcome(t, "清单.xlsx", string(b))
			_, isProblem := errors.AsType[*Problem](err)
			if err != nil && !isProblem || err == nil && problems == 0 && !slices.Equal(got, want) {
				t.Errorf("byte %d ^ %#x: %d rows, %v", i, x, len(got), err)
			}
		}
	}
}

func TestHiddenRowsAreRefused(t *testing.T) {
	path := workbookOf(t, func(f *excelize.File, do func(error)) {
		put(t, f, "Sheet1", "A1", "pripid", "uniscid", "legal", "enttype")
		put(t, f, "Sheet1", "A2", "P", "U", "L", "E")
		put(t, f, "Sheet1", "A3", "P2", "U2", "L", "E")
		do(f.SetRowVisible("Sheet1", 2, false))
	})
	g := readAll(t, path, Options{Case: theCase})
	if len(g.rows) != 1 || len(g.problems) != 1 {
		t.Fatalf("%+v", g)
	}
	holds(t, "problems", g.problems, "第2行：该行被隐藏或筛选掉")
}

func TestWhichSheetIsTheList(t *testing.T) {
	path := workbookOf(t, func(f *excelize.File, do func(error)) {
		for _, s := range []string{"一季度", "二季度"} {
			_, err := f.NewSheet(s)
			do(err)
			put(t, f, s, "A1", "pripid", "uniscid", "legal", "enttype")
			put(t, f, s, "A2", s, "U", "L", "E")
		}
	})
	readAll(t, path, Options{Case: theCase}).refused(t, "“一季度”、“二季度”", "--sheet")
	readAll(t, path, Options{Case: theCase, Sheet: "三季度"}).refused(t, "没有名为“三季度”的工作表；有 “Sheet1”、“一季度”、“二季度”")
	readAll(t, path, Options{Case: theCase, Sheet: "二季度"}).
		clean(t, api.Entity{PripID: "二季度", UniscID: "U", Legal: "L", EntType: "E"})
}

// The sheet 案件 as one row per case, and the list with the number of each.
func TestSheetOfCases(t *testing.T) {
	fill := func(rows ...[]any) func(f *excelize.File, do func(error)) {
		return func(f *excelize.File, do func(error)) {
			put(t, f, "Sheet1", "A1", "案件编号", "pripid", "uniscid", "legal", "enttype")
			put(t, f, "Sheet1", "A2", "A1", "P1", "U", "L", "E")
			put(t, f, "Sheet1", "A3", "B2", "P2", "U", "L", "E")
			_, err := f.NewSheet("案件")
			do(err)
			put(t, f, "案件", "A1", "案件编号", "案件名称", "案由", "违法行为", "处罚内容", "处罚决定日期", "处罚决定机关")
			for i, r := range rows {
				at, err := excelize.CoordinatesToCellName(1, i+2)
				do(err)
				put(t, f, "案件", at, r...)
			}
		}
	}
	a, b := []any{"A1", "案", "由", "违", "罚", "2026/3/16", "局"}, []any{"B2", "案2", "由", "违", "罚", "2026-03-17", "局"}
	g := readAll(t, workbookOf(t, fill(b, a)), Options{})
	if g.err != nil || len(g.problems) > 0 || len(g.cases) != 2 || g.cases[0].CaseName != "案" ||
		g.cases[0].PenaltyDate != "2026-03-16" || g.cases[1].CaseName != "案2" {
		t.Errorf("%+v", g)
	}
	readAll(t, workbookOf(t, fill(a)), Options{}).refused(t, "工作表“Sheet1”第3行A列", "“B2”不在工作表“案件”中")
	readAll(t, workbookOf(t, fill(a, b, []any{"C3"})), Options{}).refused(t, "工作表“案件”第4行A列", "案件“C3”在清单中没有一行")
	readAll(t, workbookOf(t, fill(a, b, a)), Options{}).refused(t, "工作表“案件”第4行", "“A1”与第2行相同")
}
