package sheet

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
)

// styled is a workbook with one style of this format and cells of the list, of which each may use it as style 1.
func styled(t testing.TB, format, rows string) string {
	return bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": sheetWith(rows),
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="` + escapeXML(format) +
			`"/></numFmts>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`})
}

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(s)
}

const rest = `<c t="str"><v>U</v></c><c t="str"><v>L</v></c><c t="str"><v>E</v></c></row>`

// A number whose format shows something else is refused, with both; what shows it as it is, or with zeros before it, is
// not.
func TestNumbersThatAreShownAsSomethingElse(t *testing.T) {
	for _, c := range []struct{ format, value, shown string }{
		{`"呼市监处罚〔2026〕"0"号"`, "3", "显示为“呼市监处罚〔2026〕3号”，存的却是“3”"},
		{`"150104"000000`, "12", "显示为“150104000012”"},
		{"0000-0000", "15010401", "显示为“1501-0401”"},
		{"0000-0000", "115010401", "显示为“11501-0401”"},
		{`0\号`, "7", "显示为“7号”"},
		{"0.00", "1151", "显示为“1151.00”"},
		{"0.0", "1151", "“1151.0”"},
		{"0,", "1151000", "显示为“1151”，存的却是“1151000”"},
		{"0,,", "1151000", "显示为“1”"},
		{";;;", "1151", "显示为空白"},
		{`"保密"`, "1151", "显示为“保密”"},
		{"0%", "11", "显示为“1100%”"},
		{"# ?/?", "3", "数字格式 # ?/?"},
		{"0.00E+00", "1151", "数字格式 0.00E+00"},
		{"[h]:mm", "3", "数字格式 [h]:mm"},
		{"h:mm", "3", "数字格式 h:mm"},
		{`[>5]"大"0;"小"0`, "9", "显示为“大9”"},
		{`[>5]"大"0;"小"0`, "3", "显示为“小3”"},
		{`[Red]0"x"`, "3", "显示为“3x”"},
		{`0;0;"零"`, "0", "显示为“零”"},
		{`@"号"`, "3", "显示为“3号”"},
		{`General"号"`, "3", "显示为“3号”"},
		{`G/通用格式"号"`, "3", "显示为“3号”"},
		{`[DBNum1]0`, "3", "数字格式 [DBNum1]0"},
		{"0号", "3", "显示为“3号”"},
		{"(0)", "3", "显示为“(3)”"},
		{"#,##0.00", "1151", "显示为“1,151.00”"},
		{"[$¥-804]0", "3", "显示为“¥3”"},
		{"000;;", "-3", "-3"},
		{"aaaa", "3", "数字格式 aaaa"},
		{"dddd", "3", "数字格式 dddd"},
	} {
		g := readAll(t, styled(t, c.format, `<row r="2"><c s="1"><v>`+c.value+`</v></c>`+rest), Options{Case: theCase})
		if g.err != nil || len(g.rows) > 0 || len(g.problems) != 1 {
			t.Errorf("%s of %s: %+v", c.format, c.value, g)
			continue
		}
		holds(t, c.format, g.problems, "第2行A列（市场主体身份代码 pripid）", c.shown)
	}
	for format, want := range map[string]string{
		"General":      "1151",
		"0":            "1151",
		"@":            "1151",
		"0_ ":          "1151",
		"0_);(0)":      "1151",
		"0;-0;0;@":     "1151",
		"00000000":     "00001151",
		"[Red]0":       "1151",
		"#":            "1151",
		"[>5]0;0.0":    "1151",
		"0_ ;[Red]-0 ": "1151",
		"G/通用格式":       "1151",
		"[$-804]0":     "1151",
		"* 0":          "1151",
		"00":           "1151",
		"##0":          "1151",
	} {
		readAll(t, styled(t, format, `<row r="2"><c s="1"><v>1151</v></c>`+rest), Options{Case: theCase}).
			clean(t, api.Entity{PripID: want, UniscID: "U", Legal: "L", EntType: "E"})
	}
}

// Separators of thousands change only how a number looks; that is said.
func TestNumbersWithSeparators(t *testing.T) {
	g := readAll(t, styled(t, "#,##0", `<row r="2"><c s="1"><v>1151234</v></c>`+rest), Options{Case: theCase})
	g.clean(t, api.Entity{PripID: "1151234", UniscID: "U", Legal: "L", EntType: "E"})
	holds(t, "notes", g.notes, "第2行A列", "显示“1,151,234”，报送“1151234”")
}

// The part of a format for texts is a part of what is seen.
func TestTextsThatAreShownAsSomethingElse(t *testing.T) {
	for format, want := range map[string]string{
		`@"号"`:                     "显示为“P号”，存的却是“P”",
		`"前缀"@`:                    "显示为“前缀P”",
		";;;":                      "显示为空白",
		"General;General;General;": "显示为空白",
		`0;0;0;"无"`:                "显示为“无”",
		`0;"第"@`:                   "显示为“第P”",
		"@@":                       "显示为“PP”",
	} {
		for _, text := range []string{`t="str"><v>P</v>`, `t="inlineStr"><is><t>P</t></is>`} {
			g := readAll(t, styled(t, format, `<row r="2"><c s="1" `+text+`</c>`+rest), Options{Case: theCase})
			if g.err != nil || len(g.rows) > 0 || len(g.problems) != 1 {
				t.Errorf("%s: %+v", format, g)
				continue
			}
			holds(t, format, g.problems, "第2行A列", want)
		}
	}
	for _, format := range []string{
		"General", "@", "0", "0.00", "000000", "yyyy-mm-dd", "0;0;0", "_ @_ ", "0;-0;0;@",
		`_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ `,
	} {
		readAll(t, styled(t, format, `<row r="2"><c s="1" t="str"><v>P</v></c>`+rest), Options{Case: theCase}).
			clean(t, api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"})
	}
}

// dateBook has penaltydate before the others.
func dateBook(t testing.TB, workbookPr, format, cell string) got {
	t.Helper()
	c := theCase
	c.PenaltyDate = ""
	head := strings.Replace(headRow, `<row r="1">`, `<row r="1"><c t="str"><v>penaltydate</v></c>`, 1)
	return readAll(t, bookOf(t, map[string]string{
		"xl/workbook.xml": strings.Replace(mainXML, "<sheets>", workbookPr+"<sheets>", 1),
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + head + `<row r="2">` + cell + `<c t="str"><v>P</v></c>` +
			rest + `</sheetData></worksheet>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="` + escapeXML(format) +
			`"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
	}), Options{Case: c})
}

// A date with a time is remarked on; one near a midnight, here or in UTC, may be a day off.
func TestDatesWithATime(t *testing.T) {
	serial := func(seconds int) string {
		return fmt.Sprintf(`<c s="1"><v>%.11f</v></c>`, 46096+float64(seconds)/86400)
	}
	iso := func(text string) string { return `<c s="1" t="d"><v>` + text + `</v></c>` }
	for _, c := range []struct {
		cell  string
		notes []string
	}{
		{serial(0), nil},
		{serial(16 * 3600), []string{"2026-03-15 16:00:00，可能差一天：应为 2026-03-15 或 2026-03-16"}},
		{serial(16*3600 - 43), []string{"15:59:17，可能差一天", "2026-03-16"}},
		{serial(86400 - 43), []string{"23:59:17，可能差一天", "2026-03-16"}},
		{serial(86399), []string{"23:59:59，可能差一天"}},
		{serial(43), []string{"00:00:43，可能差一天：应为 2026-03-15 或 2026-03-14"}},
		{serial(1), []string{"可能差一天"}},
		{serial(8*3600 + 1800), []string{"含有时间 08:30:00，只报送日期"}},
		{serial(8 * 3600), []string{"含有时间 08:00:00"}},
		{iso("2026-03-15"), nil},
		{iso("2026-03-15T00:00:00"), nil},
		{iso("2026-03-15T00:00"), nil},
		{iso("2026-03-15T16:00:00Z"), []string{"16:00:00Z，可能差一天：应为 2026-03-15 或 2026-03-16"}},
		{iso("2026-03-15T23:59:17.000"), []string{"可能差一天"}},
		{iso("2026-03-15T10:00:00Z"), []string{"含有时间 10:00:00Z"}},
		{iso("2026-03-15T00:00:00+08:00"), []string{"含有时间 00:00:00+08:00"}},
		{iso("2026-03-15T20:00:00.5-05:00"), []string{"可能差一天", "2026-03-16"}},
		{iso("2026-03-15T23:59:59+08:00"), []string{"可能差一天"}},
	} {
		g := dateBook(t, "", "yyyy-mm-dd", c.cell)
		if g.err != nil || len(g.problems) > 0 || len(g.cases) != 1 || g.cases[0].PenaltyDate != "2026-03-15" ||
			len(g.notes) > 0 != (c.notes != nil) {
			t.Errorf("%s: %+v", c.cell, g)
			continue
		}
		holds(t, c.cell, g.notes, c.notes...)
	}
	for _, cell := range []string{iso("2026-03-15x"), iso("16:00:00"), iso("46096"), iso("2026-02-30")} {
		if g := dateBook(t, "", "yyyy-mm-dd", cell); g.err == nil || !strings.Contains(g.err.Error(), "不完整或已损坏") {
			t.Errorf("%s: %+v", cell, g)
		}
	}
}

// A day or a year that the sheet does not show was typed by nobody.
func TestDatesThatAreNotShown(t *testing.T) {
	for format, want := range map[string]string{
		`yyyy"年"m"月"`:     "没有显示日",
		"yyyy-mm":         "没有显示日",
		"mmm-yy":          "没有显示日",
		"yyyy":            "没有显示日",
		`m"月"d"日"`:        "没有显示年",
		"mm-dd":           "没有显示年",
		"d":               "没有显示年",
		`"2025年"m"月"d"日"`: "没有显示年",
		"yyyy dddd":       "没有显示日",
		`yyyy;"x"d`:       "没有显示日",
	} {
		for _, cell := range []string{`<c s="1"><v>46096</v></c>`, `<c s="1" t="d"><v>2026-03-15</v></c>`} {
			g := dateBook(t, "", format, cell)
			if g.err != nil || len(g.problems) != 1 {
				t.Errorf("%s: %+v", format, g)
				continue
			}
			holds(t, format, g.problems, "第2行A列（处罚决定日期 penaltydate）", want, "2026-03-15")
		}
	}
	for _, format := range []string{
		"yyyy-mm-dd", `yyyy"年"m"月"d"日"`, "m/d/yy", "dd.mm.yyyy", `[$-804]e"年"m"月"d"日"`,
		`[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, "yyyy/m/d h:mm",
	} {
		if g := dateBook(t, "", format, `<c s="1"><v>46096</v></c>`); g.err != nil ||
			len(g.problems)+len(g.notes) > 0 || g.cases[0].PenaltyDate != "2026-03-15" {
			t.Errorf("%s: %+v", format, g)
		}
	}
}

func TestDatesOfOtherBeginnings(t *testing.T) {
	g := dateBook(t, `<workbookPr date1904="1"/>`, "yyyy-mm-dd", `<c s="1"><v>44634</v></c>`)
	if g.err != nil || len(g.problems) > 0 || g.cases[0].PenaltyDate != "2026-03-15" {
		t.Errorf("%+v", g)
	}
	holds(t, "notes", g.notes, "从1904年算起", "2026-03-15")
	for _, n := range []string{"3", "59"} {
		g := dateBook(t, "", "yyyy-mm-dd", `<c s="1"><v>`+n+`</v></c>`)
		if len(g.problems) != 1 {
			t.Errorf("%s: %+v", n, g)
			continue
		}
		holds(t, "problems", g.problems, "1900-", "把一个小数字当成了日期")
	}
}

// A cell without a style has the first one.
func TestCellsWithoutAStyle(t *testing.T) {
	path := bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": sheetWith(`<row r="2"><c><v>7</v></c>` + rest),
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0&quot;号&quot;` +
			`"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`})
	holds(t, "problems", readAll(t, path, Options{Case: theCase}).problems, "显示为“7号”")
	g := readAll(t, styled(t, "0", `<row r="2"><c s="2"><v>7</v></c>`+rest), Options{Case: theCase})
	if g.err == nil || !strings.Contains(g.err.Error(), "不完整或已损坏") {
		t.Errorf("%+v", g)
	}
}

// A program that writes 14 digits loses the fifteenth; one that writes them all has no exponent there.
func TestNumbersWrittenWithFewerDigits(t *testing.T) {
	for value, held := range map[string]bool{
		"3.8020400046531E+14":  true,
		"1.5E5":                true,
		"380204000465310":      false,
		"3.8020400046531e14":   true,
		"3.80204000465312E+14": false,
		"1.151E3":              false,
		"1151.0":               false,
	} {
		g := readAll(t, styled(t, "0", `<row r="2"><c><v>`+value+`</v></c>`+rest), Options{Case: theCase})
		if g.err != nil || len(g.problems) > 0 || strings.Contains(strings.Join(g.notes, "\n"), "末尾的数字可能已经丢失") != held {
			t.Errorf("%s: %+v", value, g)
		}
	}
}

// Anything that a whole column has is remarked on once, whatever its values are.
func TestDoubtsOfAColumnAreToldOnce(t *testing.T) {
	var rows strings.Builder
	for i := range 50 {
		fmt.Fprintf(&rows, `<row><c s="1"><v>%d</v></c>`+rest, 1000+i)
	}
	g := readAll(t, styled(t, "#,##0", rows.String()), Options{Case: theCase})
	if len(g.rows) != 50 || strings.Count(strings.Join(g.notes, "\n"), "千位分隔符") != 1 {
		t.Errorf("%d rows, notes %q", len(g.rows), g.notes)
	}
}
