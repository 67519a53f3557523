package sheet

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
)

// sheetsOf is a workbook with these sheets: each a name, what else stands in its element, and its XML.
func sheetsOf(t testing.TB, sheets ...[3]string) string {
	parts := map[string]string{"xl/worksheets/sheet1.xml": ""}
	book, rels := "<workbook><sheets>", "<Relationships>"
	for i, s := range sheets {
		book += fmt.Sprintf(`<sheet name="%s" %s r:id="r%d"/>`, s[0], s[1], i)
		rels += fmt.Sprintf(`<Relationship Id="r%d" Type="x/worksheet" Target="worksheets/s%d.xml"/>`, i, i)
		parts[fmt.Sprintf("xl/worksheets/s%d.xml", i)] = s[2]
	}
	parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"] = book+"</sheets></workbook>", rels+"</Relationships>"
	return bookOf(t, parts)
}

// caseForm is a sheet 案件 with one text.
const caseForm = `<worksheet><sheetData><row><c t="str"><v>案件名称</v></c><c ` +
	`t="str"><v>案</v></c></row></sheetData></worksheet>`

const headOnly = `<worksheet><sheetData>` + headRow + `</sheetData></worksheet>`

const hidden, veryHidden = `state="hidden"`, `state="veryHidden"`

// Nobody has seen what a hidden sheet 案件 says; and two of them say two things.
func TestSheetsOfCasesThatAreHidden(t *testing.T) {
	list := [3]string{"清单", "", oneSheet}
	for _, state := range []string{hidden, veryHidden, `state="other"`} {
		for _, name := range []string{"案件", " 案件 ", "案　件", "案件\u200b"} {
			readAll(t, sheetsOf(t, list, [3]string{name, state, caseForm}), Options{Case: theCase}).
				refused(t, "工作表“"+name+"”：该工作表被隐藏", "取消隐藏")
		}
	}
	readAll(
		t,
		sheetsOf(t, list, [3]string{"案件", "", caseForm}, [3]string{"案件 ", "", caseForm}),
		Options{Case: theCase},
	).refused(t, "有几个名为“案件”的工作表：“案件”、“案件 ”")
	readAll(
		t,
		sheetsOf(t, list, [3]string{"案件", "", caseForm}, [3]string{"案件 ", hidden, caseForm}),
		Options{Case: theCase},
	).refused(t, "“案件 ”（隐藏）")
	readAll(t, sheetsOf(t, list, [3]string{"案件", `state="visible"`, caseForm}), Options{Case: theCase}).clean(t, row)
	for what, form := range map[string]string{
		"第1行：该行被隐藏": strings.Replace(caseForm, "<row>", `<row hidden="1">`, 1),
		"该行被隐藏":     strings.Replace(caseForm, "<row>", `<row ht="0">`, 1),
		"第1行B列（案件名称 casename）：该列被隐藏": strings.Replace(
			caseForm, "<sheetData>", `<cols><col min="2" max="3" hidden="1"/></cols><sheetData>`, 1,
		),
	} {
		readAll(t, sheetsOf(t, list, [3]string{"案件", "", form}), Options{Case: theCase}).refused(t, "工作表“案件”", what)
	}
}

// A list that is not used is named, unless it is empty.
func TestListsThatAreLeftOut(t *testing.T) {
	for _, c := range []struct {
		name, state, xml string
		note             string
	}{
		{"清单 (2)", "", oneSheet, "工作表“清单 (2)”：该工作表也像清单（第2行起有市场主体），未使用"},
		{"二", hidden, oneSheet, "工作表“二”：隐藏的工作表也像清单"},
		{"二", veryHidden, oneSheet, "隐藏的工作表也像清单"},
		{"清单", hidden, oneSheet, "隐藏的工作表也像清单"},
		{"二", "", headOnly, ""},
		{"二", hidden, headOnly, ""},
		{"说明", hidden, caseForm, ""},
		{"二", hidden, "<worksheet><broken", "无法读取，未使用"},
	} {
		first := "清单"
		if c.name == first {
			first = "一"
		}
		for _, sheets := range [][][3]string{
			{{first, "", oneSheet}, {c.name, c.state, c.xml}},
			{{c.name, c.state, c.xml}, {first, "", oneSheet}},
		} {
			g := readAll(t, sheetsOf(t, sheets...), Options{Case: theCase})
			g.clean(t, row)
			if len(g.notes) > 0 != (c.note != "") {
				t.Errorf("%+v: %q", c, g.notes)
			}
			holds(t, c.name, g.notes, c.note)
		}
	}
	for _, name := range []string{" 清单", "清单\u3000", "清 单", "清单\u00a0"} {
		readAll(t, sheetsOf(t, [3]string{"清单", "", oneSheet}, [3]string{name, "", stale}), Options{Case: theCase}).
			refused(t, "几个工作表像清单", "“清单”、“"+name+"”", "--sheet")
		g := readAll(t, sheetsOf(t, [3]string{"一", "", stale}, [3]string{name, "", oneSheet}), Options{Case: theCase})
		g.clean(t, row)
		holds(t, name, g.notes, "工作表“一”：该工作表也像清单")
	}
	g := readAll(t, sheetsOf(t, [3]string{"清单", "", stale}, [3]string{"二", hidden, oneSheet}), Options{
		Case:  theCase,
		Sheet: "二",
	})
	g.clean(t, row)
	holds(t, "notes", g.notes, "工作表“二”：工作表被隐藏，因 --sheet 指明而使用")
	var many [][3]string
	for i := range 30 {
		many = append(many, [3]string{fmt.Sprint("表", i), "", oneSheet})
	}
	readAll(t, sheetsOf(t, many...), Options{Case: theCase}).refused(t, "有几个工作表像清单", "“表0”")
}

// Rows that nobody sees are refused, whatever hides them; those that are seen are not.
func TestRowsThatAreNotSeen(t *testing.T) {
	for attrs, seen := range map[string]bool{
		`hidden="1"`:                    false,
		`hidden="true"`:                 false,
		`ht="0" customHeight="1"`:       false,
		`ht="0"`:                        false,
		`ht="0.00"`:                     false,
		`ht="0.1" customHeight="1"`:     false,
		`outlineLevel="1" hidden="1"`:   false,
		`ht="0.75" customHeight="1"`:    false,
		`ht="1" customHeight="1"`:       false,
		`ht="1.5" customHeight="1"`:     false,
		`ht="1.99" customHeight="true"`: false,
		`ht="2" customHeight="1"`:       true,
		`outlineLevel="1"`:              true,
		`hidden="0"`:                    true,
		`ht="15"`:                       true,
		`ht="3.5" customHeight="1"`:     true,
		`collapsed="1"`:                 true,
		`x:ht="0"`:                      true,
	} {
		g := readAll(t, bookOf(t, map[string]string{
			"xl/worksheets/sheet1.xml": strings.Replace(oneSheet, `<row r="2">`, `<row r="2" `+attrs+`>`, 1),
		}), Options{Case: theCase})
		if seen {
			g.clean(t, row)
		} else if len(g.rows) > 0 || len(g.problems) != 1 || !strings.Contains(g.problems[0], "第2行：该行被隐藏") {
			t.Errorf("%s: %+v", attrs, g)
		}
	}
	before := func(text string) string {
		return bookOf(t, map[string]string{
			"xl/worksheets/sheet1.xml": strings.Replace(oneSheet, "<sheetData>", text+"<sheetData>", 1),
		})
	}
	g := readAll(t, before(`<sheetFormatPr defaultRowHeight="0" customHeight="1"/>`), Options{Case: theCase})
	holds(t, "problems", g.problems, "第2行：该行被隐藏")
	g = readAll(t, before(`<sheetFormatPr defaultRowHeight="1.5" customHeight="1"/>`), Options{Case: theCase})
	holds(t, "problems", g.problems, "第2行：该行被隐藏")
	g = readAll(t, before(`<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>`), Options{Case: theCase})
	g.clean(t, row)
	holds(t, "notes", g.notes, "默认隐藏行")
}

// A column that nobody sees holds the case; one that holds nothing of the case does not.
func TestColumnsThatAreNotSeen(t *testing.T) {
	for cols, want := range map[string]string{
		`<col min="1" max="1" hidden="1"/>`:                     "第1行A列（市场主体身份代码 pripid）：该列被隐藏",
		`<col min="3" max="9" width="0" customWidth="1"/>`:      "C列（法定代表人（负责人） legal）",
		`<col min="2" max="2" width="0.3" customWidth="1"/>`:    "B列",
		`<col min="2" max="2" width="0.49" customWidth="1"/>`:   "B列",
		`<col min="2" max="2" width="0.5" customWidth="1"/>`:    "",
		`<col min="2" max="2" width="1.7" customWidth="1"/>`:    "",
		`<col min="2" max="2" outlineLevel="1" hidden="true"/>`: "B列",
		`<col min="5" max="16384" hidden="1"/>`:                 "",
		`<col min="1" max="4" width="20"/>`:                     "",
		`<col min="1" max="4" hidden="0" width="9"/>`:           "",
	} {
		g := readAll(t, bookOf(t, map[string]string{
			"xl/worksheets/sheet1.xml": strings.Replace(oneSheet, "<sheetData>", "<cols>"+cols+"</cols><sheetData>", 1),
		}), Options{Case: theCase})
		g.clean(t, row)
		if len(g.notes) > 0 != (want != "") {
			t.Errorf("%s: %q", cols, g.notes)
		}
		holds(t, cols, g.notes, want)
	}
}

// Each case of a list with a hidden column is held, not the first alone; so is each whose date may be a day off.
func TestEachCaseIsHeld(t *testing.T) {
	cell := func(v string) string { return `<c t="str"><v>` + v + `</v></c>` }
	at := `<c s="1"><v>46096.66666666667</v></c>`
	styles := `<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`
	list := func(withDate bool) string {
		x := `<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData><row>` + cell("caseid") +
			cell("pripid") + cell("uniscid") + cell("legal") + cell("enttype")
		for _, id := range []string{"", "A", "A", "B", "B"} {
			if id != "" {
				x += `<row>` + cell(id) + cell("P") + cell("U") + cell("L") + cell("E")
			}
			if withDate && id == "" {
				x += cell("penaltydate")
			} else if withDate {
				x += at
			}
			x += `</row>`
		}
		return x + `</sheetData></worksheet>`
	}
	c := without()
	c.PenaltyDate = ""
	count := func(path string, o Options, what string) (n int) {
		t.Helper()
		o.Note = func(p Problem) {
			if p.Held && strings.Contains(p.Text, what) {
				n++
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
		return n
	}
	path := bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": list(true), "xl/styles.xml": styles})
	if n, m := count(path, Options{Case: c}, "可能差一天"), count(path, Options{Case: c}, "该列被隐藏"); n != 2 || m != 2 {
		t.Errorf("%d and %d held", n, m)
	}
	cases := `<worksheet><sheetData><row>`
	for f := range field(caseFields) {
		cases += cell(fieldTable[f].name)
	}
	for _, id := range []string{"A", "B"} {
		cases += "</row><row>" + cell(id) + cell("案") + cell("由") + cell("违") + cell("罚") + at + cell("局")
	}
	path = bookOf(t, map[string]string{
		"xl/worksheets/sheet1.xml": list(false),
		"xl/worksheets/sheet2.xml": cases + "</row></sheetData></worksheet>",
		"xl/styles.xml":            styles,
		"xl/workbook.xml": `<workbook><sheets><sheet name="清单" r:id="r1"/><sheet name="案件" ` +
			`r:id="r4"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": strings.Replace(
			bookRels, "</", `<Relationship Id="r4" Type="x/worksheet" Target="worksheets/sheet2.xml"/></`, 1,
		),
	})
	if n := count(path, Options{}, "可能差一天"); n != 2 {
		t.Errorf("%d held of the sheet 案件", n)
	}
}

// A blank cell of a merge is named as such, with the row that it is merged with.
func TestMergedCells(t *testing.T) {
	merged := func(rows, refs string) string {
		return bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Replace(
			sheetWith(rows),
			"</sheetData>",
			"</sheetData><mergeCells>"+refs+"</mergeCells>",
			1,
		)})
	}
	second := `<row r="3"><c r="B3" t="str"><v>U</v></c><c r="C3" t="str"><v>L</v></c><c r="D3" ` +
		`t="str"><v>E</v></c></row>`
	g := readAll(t, merged(textRow+second, `<mergeCell ref="A2:A3"/>`), Options{Case: theCase})
	if len(g.problems) != 1 || len(g.rows) != 1 {
		t.Errorf("%+v", g)
	}
	holds(t, "problems", g.problems, "第3行A列（市场主体身份代码 pripid）：为空（14008）：是与第2行合并的单元格，只有首行有内容；取消合并并逐行填写")
	g = readAll(t, merged(textRow+`<row r="3"><c r="A3" t="str"><v>P</v></c><c r="C3" t="str"><v>L</v></c><c r="D3" `+
		`t="str"><v>E</v></c></row>`, `<mergeCell ref="F1:F9"/><mergeCell ref="A3:B3"/>`), Options{Case: theCase})
	holds(t, "problems", g.problems, "第3行B列（统一社会信用代码 uniscid）：为空（14008）：是与A3合并的单元格，只有首格有内容")
	for _, refs := range []string{
		"", `<mergeCell ref="A1:D1"/>`, `<mergeCell ref="A3:A9"/>`, `<mergeCell ref="A2"/><mergeCell/>`,
	} {
		g = readAll(t, merged(textRow+second, refs), Options{Case: theCase})
		// what is blank in the end is found by the reader of the body
		g.clean(t, row, api.Entity{UniscID: "U", Legal: "L", EntType: "E"})
	}
	cell := func(v string) string { return `<c t="str"><v>` + v + `</v></c>` }
	ids := `<worksheet><sheetData><row>` + cell("caseid") + cell("pripid") + cell("uniscid") + cell("legal") +
		cell("enttype") + `</row><row>` + cell("A") + cell("P") + cell("U") + cell("L") + cell("E") +
		`</row><row><c/>` + cell("P") + cell("U") + cell("L") + cell("E") +
		`</row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`
	readAll(t, bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": ids}), Options{Case: without()}).
		refused(t, "第3行A列（案件编号 caseid）", "是与第2行合并的单元格")
}
