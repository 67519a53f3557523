package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

func TestCSVOfOneCase(t *testing.T) {
	g := readAll(t, write(t, "清单.csv", "\ufeff主体身份代码,统一社会信用代码,法定代表人(负责人),类型,备注\r\n0123,91X,张三,1151,\r\n\r\n\"a\nb\","+
		"\"9\"\"1\",李四,9500,x\r\n"), Options{Case: theCase})
	if g.err != nil || len(g.problems) > 0 || len(g.rows) != 2 {
		t.Fatalf("%+v", g)
	}
	if r := g.rows[1]; r.PripID != "a\nb" || r.UniscID != `9"1` || r.Row != 4 || r.At("uniscid").Column != "B" {
		t.Errorf("%+v", r)
	}
	if len(g.notes) != 1 || !strings.Contains(g.notes[0], "备注") {
		t.Errorf("notes %q", g.notes)
	}
}

func TestCSVForms(t *testing.T) {
	want := api.Entity{PripID: "P1", UniscID: "91X", Legal: "张 三", EntType: "1151"}
	for name, text := range map[string]string{
		"comma":            headings + "P1,91X,张 三,1151",
		"tab":              strings.ReplaceAll(headings+"P1,91X,张 三,1151\n", ",", "\t"),
		"semicolon":        strings.ReplaceAll(headings+"P1,91X,张 三,1151\n", ",", ";"),
		"quotes":           headings + `"P1","91X","张 三","1151"`,
		"CRLF":             "pripid,uniscid,legal,enttype\r\nP1,91X,张 三,1151\r\n",
		"blank rows":       "\n,,,\n" + headings + "\n,,,\n　,,,\nP1,91X,张 三,1151\n\n",
		"title":            "批量吊销清单,,,\n" + headings + "P1,91X,张 三,1151",
		"other order":      "enttype,legal,uniscid,pripid\n1151,张 三,91X,P1",
		"formula texts":    headings + `="P1",="91X",张 三,="1151"`,
		"quoted formulas":  headings + `"=""P1""","=""91X""",张 三,1151`,
		"apostrophes":      headings + "'P1,'91X,张 三,1151",
		"tabs around":      headings + "P1\t,\t91X,张 三,1151",
		"quotes, new line": "\"pripid\",\"uniscid\",\"法定\n代表人\",\"enttype\"\nP1,91X,张 三,1151",
	} {
		t.Run(name, func(t *testing.T) { readAll(t, write(t, "a.csv", text), Options{Case: theCase}).clean(t, want) })
	}
}

func TestCSVKeepsWhatIsNoArtefact(t *testing.T) {
	g := readAll(
		t,
		write(t, "a.csv", headings+"\" 0a\"\"b \",'二',O'Neill ,x\n0012,007,张=,　\nP,=\"\",=\"\",E\n"),
		Options{Case: theCase},
	)
	g.clean(
		t,
		api.Entity{PripID: ` 0a"b `, UniscID: "'二'", Legal: "O'Neill ", EntType: "x"},
		api.Entity{PripID: "0012", UniscID: "007", Legal: "张=", EntType: "　"},
		api.Entity{PripID: "P", EntType: "E"},
	)
}

func TestCSVThatIsBroken(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1,2,3,\"4\n5,6,7,8\n", "第2行：引号没有结束"},
		{"1,2,\"3\"x,4\n", "第2行C列：引号后面还有内容"},
		{"1,2,3,4\n\"a\nb\",2,3,4\n1,2,3,4,5\n", "第4行E列：比标题多出内容“5”"},
		{"1,2,\x00,4\n", "第2行C列（法定代表人（负责人） legal）：含有不可用的字符"},
		{"1,2," + strings.Repeat("x", grid.MaxRow) + ",4\n", "第2行：一行超过"},
	} {
		g := readAll(t, write(t, "a.csv", headings+c.text), Options{Case: theCase})
		if g.err != nil {
			g.problems = append(g.problems, g.err.Error())
		}
		if len(g.problems) == 0 {
			t.Fatalf("%q: %+v", grid.Brief(c.text), g)
		}
		holds(t, "problems", g.problems[:1], c.want)
	}
}

// encoded is a text as UTF-16 with its mark.
func encoded(order binary.AppendByteOrder, text string) string {
	b := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestCharsets(t *testing.T) {
	text := "主体身份代码,统一社会信用代码,法定代表人,类型\nP1,91X,张㐂𠮷,1151\n" + strings.Repeat("P,9,张三,1\n", 9000)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]string{"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text, "GB18030": gb,
		"UTF-16LE": encoded(binary.LittleEndian, text), "UTF-16BE": encoded(binary.BigEndian, text)} {
		g := readAll(t, write(t, "a.csv", b), Options{Case: theCase})
		if g.err != nil || len(g.problems) > 0 || len(g.rows) != 9001 || g.rows[0].Legal != "张㐂𠮷" ||
			g.rows[9000].Legal != "张三" {
			t.Errorf("%s: %d rows, problems %q, error %v", name, len(g.rows), g.problems, g.err)
		}
	}
}

func TestCharsetsThatDoNotHold(t *testing.T) {
	text := "主体身份代码,统一社会信用代码,法定代表人,类型\nP1,91X,张三,1151\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(text)
	lian, _ := simplifiedchinese.GB18030.NewEncoder().String("毛伟")
	for name, c := range map[string]struct{ text, want string }{
		"damaged UTF-8":   {strings.Replace(text, "张", "\xe5\xbc", 1), "第2行：文件已损坏"},
		"damaged GB18030": {strings.Replace(gb, "1151", "\xff\xff", 1), "有效的 GB18030"},
		"cut GB18030":     {strings.TrimSuffix(gb, "1151\n") + "\xd5", "有效的 GB18030"},
		"half a character": {
			string(bytes.ReplaceAll(
				[]byte(encoded(binary.LittleEndian, text)),
				[]byte("\x09\x4e"),
				[]byte("\x00\xd8"),
			)),
			"不是有效的 UTF-16",
		},
		"odd UTF-16":   {encoded(binary.LittleEndian, text) + "a", "末尾缺一个字节"},
		"GBK as UTF-8": {headings + "P1,91X," + lian + ",1151\n", "无法判断"},
	} {
		g := readAll(t, write(t, "a.csv", c.text), Options{Case: theCase})
		if g.err == nil {
			t.Errorf("%s: %+v", name, g)
			continue
		}
		holds(t, name, []string{g.err.Error()}, c.want)
	}
	readAll(t, write(t, "a.csv", "\ufeff"+headings+"P1,91X,é,1151\n"), Options{Case: theCase}).
		clean(t, api.Entity{PripID: "P1", UniscID: "91X", Legal: "é", EntType: "1151"})
}
