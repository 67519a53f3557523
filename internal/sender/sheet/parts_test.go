package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"encoding/binary"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
)

// book parts that most workbooks of tests have in common.
const (
	rootRels = `<Relationships><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	mainXML  = `<workbook><sheets><sheet name="清单" sheetId="1" r:id="r1"/></sheets></workbook>`
	bookRels = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" ` +
		`Type="x/styles" Target="styles.xml"/></Relationships>`
	headRow = `<row r="1"><c t="inlineStr"><is><t>pripid</t></is></c><c t="inlineStr"><is><t>uniscid</t></is></c>` +
		`<c t="inlineStr"><is><t>legal</t></is></c><c t="inlineStr"><is><t>enttype</t></is></c></row>`
	oneSheet = `<worksheet><sheetData>` + headRow + textRow + `</sheetData></worksheet>`
	textRow  = `<row r="2"><c t="str"><v>P</v></c><c t="str"><v>U</v></c><c t="str"><v>L</v></c><c ` +
		`t="str"><v>E</v></c></row>`
)

// partWriter writes one part.
type partWriter func(w *bufio.Writer)

func said(text string) partWriter { return func(w *bufio.Writer) { w.WriteString(text) } }

// inTurn writes one after the other.
func inTurn(all ...partWriter) partWriter {
	return func(w *bufio.Writer) {
		for _, p := range all {
			p(w)
		}
	}
}

// packedBook is a workbook with these parts besides, or in place of, those that most have.
func packedBook(t testing.TB, parts map[string]partWriter) string {
	all := map[string]partWriter{
		"_rels/.rels":                said(rootRels),
		"xl/workbook.xml":            said(mainXML),
		"xl/_rels/workbook.xml.rels": said(bookRels),
		"xl/worksheets/sheet1.xml":   said(oneSheet),
	}
	maps.Copy(all, parts)
	return create(t, "清单.xlsx", func(w io.Writer) error {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.BestSpeed)
		})
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if all[name] == nil {
				continue
			}
			p, err := z.Create(strings.TrimRight(name, "+")) // + makes another name of the same
			if err != nil {
				return err
			}
			out := bufio.NewWriter(p)
			all[name](out)
			if err := out.Flush(); err != nil {
				return err
			}
		}
		return z.Close()
	})
}

// bookOf is a workbook with these parts.
func bookOf(t testing.TB, parts map[string]string) string {
	all := make(map[string]partWriter)
	for name, text := range parts {
		if all[name] = said(text); text == "" {
			all[name] = nil
		}
	}
	return packedBook(t, all)
}

// sheetWith is a sheet with these rows below the headings.
func sheetWith(rows string) string {
	return `<worksheet><sheetData>` + headRow + rows + `</sheetData></worksheet>`
}

// row is the entity of oneSheet.
var row = api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"}

const stale = `<worksheet><sheetData>` + headRow + `<row r="2"><c t="str"><v>旧</v></c><c t="str"><v>旧</v></c><c ` +
	`t="str"><v>旧</v></c><c t="str"><v>旧</v></c></row></sheetData></worksheet>`

// moved are the parts of a workbook whose main part has another name, beside a stale one of the usual name.
func moved(main, target string) map[string]string {
	rels := path.Join(path.Dir(main), "_rels", path.Base(main)+".rels")
	return map[string]string{
		"_rels/.rels":              strings.Replace(rootRels, "xl/workbook.xml", target, 1),
		main:                       mainXML,
		rels:                       strings.Replace(bookRels, "worksheets/sheet1.xml", "/s/new.xml", 1),
		"s/new.xml":                oneSheet,
		"xl/worksheets/sheet1.xml": stale,
	}
}

// The workbook is the part that the file names, whatever it is called and whatever else there is.
func TestMainPart(t *testing.T) {
	for main, target := range map[string]string{
		"xl/workbook2.xml": "xl/workbook2.xml",
		"xl/Book.xml":      "/XL/book.xml",
		"workbook.xml":     "workbook.xml",
		"a/b/c.xml":        `a\b\c.xml`,
		"x/y.xml":          "./z/../x/y.xml",
		"xl/工作簿.xml":       "xl/%E5%B7%A5%E4%BD%9C%E7%B0%BF.xml",
	} {
		readAll(t, bookOf(t, moved(main, target)), Options{Case: theCase}).clean(t, row)
	}
	parts := moved("xl/workbook2.xml", "xl/workbook2.xml")
	for _, kind := range []string{
		"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
	} {
		parts["_rels/.rels"] = strings.Replace(
			rootRels,
			`"x/officeDocument" Target="xl/workbook.xml"`,
			`"`+kind+`" Target="xl/workbook2.xml"`,
			1,
		)
		readAll(t, bookOf(t, parts), Options{Case: theCase}).clean(t, row)
	}
}

func TestMainPartInDoubt(t *testing.T) {
	types := func(names ...string) string {
		text := "<Types>"
		for _, n := range names {
			text += `<Override PartName="` + n +
				`" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`
		}
		return text + "</Types>"
	}
	twice := strings.Replace(
		rootRels, "</", `<Relationship Id="2" Type="x/officeDocument" Target="xl/workbook2.xml"/></`, 1,
	)
	for _, c := range []struct {
		parts map[string]string
		want  string // "" for the row
	}{
		{map[string]string{"_rels/.rels": ""}, ""},
		{map[string]string{"_rels/.rels": "<Relationships/>"}, ""},
		{map[string]string{"_rels/.rels": "", "[Content_Types].xml": types("/xl/workbook.xml")}, ""},
		{map[string]string{
			"_rels/.rels":         "",
			"[Content_Types].xml": types("/xl/workbook.xml", "/xl/workbook2.xml"),
			"xl/workbook2.xml":    mainXML,
		}, "两个workbook部件"},
		{map[string]string{
			"_rels/.rels":         "",
			"[Content_Types].xml": types("/xl/workbook2.xml"),
			"xl/workbook2.xml":    mainXML,
		}, "两个workbook部件"},
		{map[string]string{
			"_rels/.rels":                 "",
			"xl/workbook.xml":             "",
			"xl/_rels/workbook.xml.rels":  "",
			"[Content_Types].xml":         types("/xl/workbook2.xml"),
			"xl/workbook2.xml":            mainXML,
			"xl/_rels/workbook2.xml.rels": bookRels,
		}, ""},
		{
			map[string]string{"_rels/.rels": twice, "xl/workbook2.xml": mainXML},
			"两个officeDocument部件“xl/workbook.xml”与“xl/workbook2.xml”",
		},
		{map[string]string{"_rels/.rels": strings.Replace(rootRels, "workbook.", "gone.", 1)}, "“xl/gone.xml”不存在"},
		{map[string]string{"xl/workbook.xml": "<document/>"}, "不是 xlsx 工作簿"},
		{map[string]string{"xl/workbook.xml": "\x83\x01\x00"}, "不是 xlsx 工作簿"},
		{
			map[string]string{"xl/_rels/workbook.xml.rels": strings.Replace(bookRels, `Id="r2"`, `Id="r1"`, 1)},
			"relation \"r1\" twice",
		},
		{map[string]string{
			"xl/_rels/workbook.xml.rels": strings.Replace(bookRels, "styles.xml", "sharedStrings.xml", 1),
		}, ""},
		{map[string]string{"xl/_rels/workbook.xml.rels": strings.Replace(bookRels, "</", `<Relationship Id="r9" `+
			`Type="x/sharedStrings" Target="other.xml"/></`, 1)}, "两个sharedStrings部件"},
		{map[string]string{"xl/workbook.xml": strings.Replace(mainXML, "r1", "r7", 1)}, "no relation of sheet \"清单\""},
		{map[string]string{"xl/worksheets/sheet1.xml": ""}, "no part of sheet \"清单\""},
		{map[string]string{"xl/workbook.xml": strings.Replace(
			mainXML, "</sheets>", `<sheet name="清单" r:id="r1"/></sheets>`, 1,
		)}, "two sheets \"清单\""},
		{map[string]string{"xl/workbook.xml": `<workbook><sheets><sheet name="List" r:id="r1"/><sheet name="LIST" ` +
			`r:id="r1"/></sheets></workbook>`}, "two sheets \"LIST\""},
	} {
		g := readAll(t, bookOf(t, c.parts), Options{Case: theCase})
		if c.want == "" {
			g.clean(t, row)
			continue
		}
		g.refused(t, c.want)
	}
}

// Of two parts of one name, readers take the one or the other.
func TestPartsOfOneName(t *testing.T) {
	for _, name := range []string{
		"xl/worksheets/sheet1.xml+", "xl/worksheets/Sheet1.XML", `xl\worksheets\sheet1.xml`,
		"./xl/worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "xl//worksheets/sheet1.xml",
		"xl/x/../worksheets/sheet1.xml", "XL/WORKBOOK.XML", "_RELS/.RELS",
	} {
		g := readAll(t, bookOf(t, map[string]string{name: oneSheet}), Options{Case: theCase})
		g.refused(t, "两个同名的部件", "“"+strings.TrimRight(name, "+")+"”")
	}
	readAll(
		t,
		bookOf(t, map[string]string{"xl/": "", "xl/worksheets/sheet10.xml": stale, "docProps/app.xml": "<x/>"}),
		Options{Case: theCase},
	).clean(t, row)
}

// Parts in other charsets, as libraries write and openpyxl reads them.
func TestCharsetsOfParts(t *testing.T) {
	want := api.Entity{PripID: "P", UniscID: "U", Legal: "张㐂𠮷", EntType: "E"}
	text := strings.Replace(oneSheet, "<v>L<", "<v>张㐂𠮷<", 1)
	said := func(charset string) string { return `<?xml version="1.0" encoding="` + charset + `"?>` + text }
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(said("GB18030"))
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{
		"UTF-16LE":                encoded(binary.LittleEndian, said("UTF-16")),
		"UTF-16BE":                encoded(binary.BigEndian, said("UTF-16")),
		"UTF-16LE without a mark": encoded(binary.LittleEndian, said("UTF-16"))[2:],
		"UTF-16BE without a mark": encoded(binary.BigEndian, said("utf-16"))[2:],
		"UTF-16 undeclared":       encoded(binary.LittleEndian, text),
		"UTF-8 with a mark":       "\ufeff" + said("UTF-8"),
		"UTF-8 mark alone":        "\ufeff" + text,
		"UTF-8":                   said("utf-8"),
		"single quotes":           `<?xml version='1.0' encoding='UTF-8' standalone='yes'?>` + text,
		"GB18030":                 gb,
		"GBK":                     strings.Replace(gb, "GB18030", "GBK", 1),
		"GB2312":                  strings.Replace(gb, "GB18030", "gb2312", 1),
		".NET":                    said("utf-16"),
		"ASCII": `<?xml version="1.0" encoding="US-ASCII"?>` + strings.Replace(
			text, "张㐂𠮷", "&#24352;&#x3402;&#x20BB7;", 1,
		),
	} {
		t.Run(name, func(t *testing.T) {
			readAll(t, bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": part}), Options{Case: theCase}).
				clean(t, want)
		})
	}
	for name, c := range map[string][2]string{
		"half a character": {
			encoded(binary.LittleEndian, said("UTF-16")) + "\x00\xd8",
			"部件“xl/worksheets/sheet1.xml”的文字不是有效的 UTF-16",
		},
		"odd":          {encoded(binary.BigEndian, text) + "x", "不是有效的 UTF-16"},
		"UTF-8 as GBK": {strings.Replace(said("GBK"), "张㐂𠮷", "张三", 1) + "\xff", "不是有效的 GB18030"},
		"GBK as UTF-8": {strings.Replace(gb, "GB18030", "UTF-8", 1), "invalid UTF-8"},
		"latin 1":      {said("ISO-8859-1"), "不是有效的 ASCII"},
		"Big5":         {said("Big5"), "声明的编码 big5 不支持"},
	} {
		t.Run(name, func(t *testing.T) {
			readAll(t, bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": c[0]}), Options{Case: theCase}).
				refused(t, c[1])
		})
	}
	readAll(t, bookOf(t, map[string]string{
		"xl/workbook.xml":            encoded(binary.LittleEndian, mainXML),
		"xl/_rels/workbook.xml.rels": encoded(binary.BigEndian, bookRels),
		"_rels/.rels":                "\ufeff" + rootRels,
		"xl/sharedStrings.xml":       encoded(binary.LittleEndian, `<sst><si><t>张三</t></si></sst>`),
		"xl/worksheets/sheet1.xml":   sheetWith(`<row r="2"><c t="s"><v>0</v></c>` + rest),
	}),
		Options{Case: theCase}).clean(t, api.Entity{PripID: "张三", UniscID: "U", Legal: "L", EntType: "E"})
}

// The values of cells as openpyxl and SheetJS read them; where readers differ, the workbook is refused.
func TestCellsOfOtherWriters(t *testing.T) {
	for cell, want := range map[string]string{
		`<c t="inlineStr"><v>1</v><is><t>甲</t></is></c>`: "甲",
		`<c t="inlineStr"><is><t>甲</t></is><v>1</v></c>`: "甲",
		`<c t="inlineStr"><is><r><t>甲</t></r><rPh sb="0" ` +
			`eb="1"><t>jia</t></rPh><r><rPr><b/></rPr><t>乙</t></r><phoneticPr fontId="1"/></is></c>`: "甲乙",
		`<c t="inlineStr"><v>甲</v></c>`:                                      "甲",
		`<c t="str"><v>甲</v><is><t>1</t></is></c>`:                           "甲",
		`<c t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>`:      " 甲 ",
		`<c t="str"><v><![CDATA[甲<&]]></v></c>`:                              "甲<&",
		`<c t="str"><v>甲<![CDATA[乙]]>丙</v></c>`:                              "甲乙丙",
		`<c t="s"><v>0</v></c>`:                                              "共享",
		`<c t="s"><v> 1 </v></c>`:                                            "甲乙",
		`<c t="s"><v>2</v></c>`:                                              "文字",
		`<c t="n"><v>7</v></c>`:                                              "7",
		`<c><v> 7 </v></c>`:                                                  "7",
		`<x:c t="str"><x:v>甲</x:v></x:c>`:                                    "甲",
		`<c t="str"><f>A1</f><v>甲</v></c>`:                                   "甲",
		`<c t="inlineStr"><is><t>_x0041__x005F_x0042_</t></is></c>`:          "A_x0042_",
		`<c t="s" x:t="n"><v>0</v></c>`:                                      "共享",
		`<c r="A2" t="str"><v>甲</v><extLst><ext><v>乙</v></ext></extLst></c>`: "甲",
	} {
		path := bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": sheetWith(`<row r="2">` + cell + rest),
			"xl/sharedStrings.xml": `<sst><si><t>共享</t></si>` +
				`<si><r><t>甲</t></r><rPh><t>x</t></rPh><r><t>乙</t></r></si>` +
				`<si><t>文</t><r><t>字</t></r></si></sst>`})
		readAll(t, path, Options{Case: theCase}).
			clean(t, api.Entity{PripID: want, UniscID: "U", Legal: "L", EntType: "E"})
	}
	for _, rows := range []string{
		`<row r="2"><c t="str"><v>1</v><v>2</v></c>`,
		`<row r="2"><c t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>`,
		`<row r="2"><c t="inlineStr"><is><t>1</t><t>2</t></is></c>`, `<row r="2"><c><is><t>1</t></is></c>`,
		`<row r="2"><c t="str"><is><t>1</t></is></c>`, `<row r="2"><c t="str"><v>1<b/>2</v></c>`,
		`<row r="2"><c t="str"><v>1<!-- -->2</v></c>`, `<row r="2"><c t="str"><v><v>1</v></v></c>`,
		`<row r="2"><c t="x"><v>1</v></c>`, `<row r="2"><c><v>0x10</v></c>`, `<row r="2"><c><v>NaN</v></c>`,
		`<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>`, `<row r="2"><c r="A3"><v>1</v></c>`,
		`<row r="2"><c r="a2"><v>1</v></c>`, `<row r="2"><c r="B2"/><c r="A2"/>`, `<row r="2" r="3"><c/>`,
		`<row r="2"/><row r="2">`, `<row r="3"/><row r="2">`, `<row r="2"><c t="s"><v>9</v></c>`,
		`<row r="2"><c t="s"><v>-1</v></c>`, `<row r="x">`, `<row r="2"><c r="A2" s="0" r="B2"/>`,
	} {
		g := readAll(
			t,
			bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": sheetWith(rows + rest)}),
			Options{Case: theCase},
		)
		if g.err == nil || !strings.Contains(g.err.Error(), "不完整或已损坏") || len(g.rows) > 0 {
			t.Errorf("%s: %+v", rows, g)
		}
	}
}

// A sheet that goes on behind its rows, or ends early, has not been read whole.
func TestSheetsThatDoNotHoldTogether(t *testing.T) {
	for _, text := range []string{
		strings.Replace(oneSheet, "</worksheet>", `<sheetData><row r="9"/></sheetData></worksheet>`, 1),
		strings.TrimSuffix(oneSheet, "</worksheet>"),
		oneSheet + "</a>",
		strings.Replace(oneSheet, "</c>", "</d>", 1),
		strings.Replace(oneSheet, "</sheetData>", "</sheetData><x></y>", 1),
	} {
		g := readAll(t, bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": text}), Options{Case: theCase})
		if g.err == nil || !strings.Contains(g.err.Error(), "不完整或已损坏") {
			t.Errorf("%s: %+v", text, g)
		}
	}
	readAll(t, bookOf(t, map[string]string{
		"xl/worksheets/sheet1.xml": strings.NewReplacer("</", "</x:", "<", "<x:").Replace(oneSheet),
	}), Options{Case: theCase}).clean(t, row)
}
