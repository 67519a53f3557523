package sheet

import (
	"strings"
	"testing"
)

const struckStyles = `<styleSheet><fonts><font><sz val="11"/></font><font><strike/><sz ` +
	`val="11"/></font><font><strike val="0"/></font><font><strike val="1"/></font></fonts>` +
	`<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/><xf/></cellXfs></styleSheet>`

// A person strikes out a row that is not to be sent; what is seen so holds the case.
func TestContentsThatAreStruckOut(t *testing.T) {
	cell := func(attrs, v string) string { return `<c ` + attrs + ` t="str"><v>` + v + `</v></c>` }
	rowOf := func(attrs string) string {
		return "<row>" + cell(attrs, "P") + cell(attrs, "U") + cell(attrs, "L") + cell(attrs, "E") + "</row>"
	}
	book := func(rows string) string {
		shared := `<sst><si><r><t>赵</t></r><r><rPr><strike/></rPr><t>二娃</t></r></si><si><r><rPr><strike/></rPr><t> ` +
			`</t></r><r><t>宋娟</t></r></si><si><t>甲</t></si></sst>`
		return bookOf(t, map[string]string{
			"xl/worksheets/sheet1.xml": sheetWith(rows),
			"xl/styles.xml":            struckStyles,
			"xl/sharedStrings.xml":     shared,
		})
	}
	of := func(legal string) string {
		return "<row>" + cell("", "P") + cell("", "U") + legal + cell("", "E") + "</row>"
	}
	o := Options{Case: theCase}
	expectHeld(t, "row", book(rowOf("")+rowOf(`s="1"`)), o, "第3行A列（市场主体身份代码 pripid）：“P”有删除线")
	expectHeld(
		t,
		"rows",
		book(rowOf(`s="3"`)+rowOf("")+rowOf(`s="1"`)),
		o,
		"第2行A列（市场主体身份代码 pripid）：“P”有删除线，却会一并报送；本案共2行",
	)
	expectHeld(t, "cell", book(of(cell(`s="1"`, "L"))), o, "第2行C列（法定代表人（负责人） legal）：“L”有删除线")
	expectHeld(t, "shared run", book(of(`<c t="s"><v>0</v></c>`)), o, "“赵二娃”有删除线")
	expectHeld(
		t,
		"inline run",
		book(of(`<c t="inlineStr"><is><r><rPr><b/><strike val="true"/></rPr><t>赵二娃</t></r></is></c>`)),
		o,
		"“赵二娃”有删除线",
	)
	expectHeld(t, "number", book(of(`<c s="1"><v>12</v></c>`)), o, "“12”有删除线")
	for what, rows := range map[string]string{
		"plain":        rowOf(""),
		"off":          rowOf(`s="2"`),
		"no font":      rowOf(`s="4"`),
		"a blank run":  of(`<c t="s"><v>1</v></c>`),
		"shared":       of(`<c t="s"><v>2</v></c>`),
		"run":          of(`<c t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>L</t></r><r><t>M</t></r></is></c>`),
		"a blank cell": rowOf("") + "<row>" + strings.Repeat(`<c s="1"/>`, 4) + "</row>",
	} {
		expectHeld(t, what, book(rows), o)
	}
	form := strings.Replace(caseForm, `<c t="str"><v>案</v>`, `<c s="1" t="str"><v>案</v>`, 1)
	expectHeld(t, "sheet 案件", bookOf(t, map[string]string{
		"xl/worksheets/sheet1.xml": oneSheet,
		"xl/worksheets/sheet2.xml": form,
		"xl/styles.xml":            struckStyles,
		"xl/workbook.xml": `<workbook><sheets><sheet name="清单" r:id="r1"/><sheet name="案件" ` +
			`r:id="r4"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": strings.Replace(
			bookRels, "</", `<Relationship Id="r4" Type="x/worksheet" Target="worksheets/sheet2.xml"/></`, 1,
		),
	}), o, "“案”有删除线")
	other := strings.Replace(
		sheetWith("<row>"+cell("", "P")+cell("", "U")+cell("", "L")+cell("", "E")+cell(`s="1"`, "旧")+"</row>"),
		"</row>", cell("", "备注")+"</row>", 1,
	)
	expectHeld(
		t,
		"a column that is not used",
		bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": other, "xl/styles.xml": struckStyles}),
		o,
	)
}
