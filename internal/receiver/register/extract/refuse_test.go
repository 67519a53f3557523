package extract_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
)

// TestRowProblems refuses an extract for one row, named with its place and the next step, and hands nothing out after
// it.
func TestRowProblems(t *testing.T) {
	good := rowsOf(2)
	swap := func(i int, old, new string) string { return strings.Replace(rowOf(i), old, new, 1) }
	for name, c := range map[string]struct {
		row   string
		parts []string
	}{
		"twice":        {rowOf(1), []string{"第4行A列", pripIDOf(1), "与a.csv 第3行重复"}},
		"twice folded": {swap(1, pripIDOf(1), "１"+pripIDOf(1)[1:]), []string{"第4行A列", "第3行重复"}},
		"short":        {"1," + codeOf(5) + ",甲\n", []string{"第4行D列", "有3列，标题有10列"}},
		"cut":          {rowOf(5)[:60], []string{"第4行", "标题有10列"}},
		"long":         {swap(5, "有限", "有,限"), []string{"第4行K列", "有11列，标题有10列"}},
		"total":        {"合计,,,,,,,,,\n", []string{"第4行", "既无名称又无登记状态", "合计行"}},
		"remark":       {",,3户,,,,,,,\n", []string{"第4行", "既无名称又无登记状态"}},
		"headings":     {headings, []string{"第4行", "标题"}},
		"nul":          {swap(5, "有限", "有\x00限"), []string{"第4行D列", "U+0000"}},
		"open quote":   {swap(5, "第5号", `"第5号`), []string{"第4行", "引号没有结束"}},
		"stray quote":  {swap(5, "第5号", `"第5号"x`), []string{"第4行D列", "引号后面还有内容"}},
		"swallowed": {swap(5, "第5号商贸有限责任公司", `"第5号,`+rowOf(6)[30:]+"1,"+codeOf(7)+`"`), []string{"第4行D列",
			"换行和一行的分隔符"}},
		"scientific": {swap(5, codeOf(5), "9.11E+17"), []string{"第4行B列", "9.11E+17", "科学记数",
			"末尾的数字已丢失"}},
		"scientific id": {swap(5, pripIDOf(5), "1.50104E+23"), []string{"第4行A列", "1.50104E+23"}},
		"scientific no": {swap(5, regNoOf(5), "1.501E+14"), []string{"第4行C列", "1.501E+14"}},
		"zeros": {swap(5, codeOf(5), "911500000000000000"), []string{"第4行B列",
			"911500000000000000"}},
		"fifteen":                  {swap(5, codeOf(5), "911501057123456000"), []string{"第4行B列", "末尾全是0"}},
		"scientific in full width": {swap(5, codeOf(5), "９.１１Ｅ＋１７"), []string{"第4行B列", "科学记数"}},
		"scientific as a text":     {swap(5, codeOf(5), `"=""9.11E+17"""`), []string{"第4行B列", "科学记数"}},
		"double": {swap(5, pripIDOf(5), fmt.Sprintf("%.0f", 150104000022016020100001.0)),
			[]string{"第4行A列", "双精度"}},
		"shifted": {pripIDOf(5) + ",," + regNoOf(5) + "," + codeOf(5) + ",第5号公司,乌云其木格,存续,局,,\n",
			[]string{"第4行D列", "名称是信用代码"}},
		"many zeros": {swap(5, pripIDOf(5), "150104000022016000000000"), []string{"第4行A列",
			"末尾多位全是0"}},
		"largest":   {swap(5, pripIDOf(5), "9223372036854775807"), []string{"第4行A列", "上限"}},
		"fraction":  {swap(5, pripIDOf(5), "150104000022.0"), []string{"第4行A列", "带小数"}},
		"thousands": {swap(5, regNoOf(5), `"150,100,000,000,005"`), []string{"第4行C列", "千分位"}},
		"fault":     {swap(5, codeOf(5), "#N/A"), []string{"第4行B列", "错误值 #N/A"}},
		"narrow":    {swap(5, codeOf(5), "########"), []string{"第4行B列", "错误值"}},
		"formula":   {swap(5, codeOf(5), "=B2"), []string{"第4行B列", "公式 =B2"}},
		"long cell": {swap(5, "第5号", strings.Repeat("长", 2000)), []string{"第4行D列", "6024字节"}},
	} {
		text := headings + good + c.row + rowOf(8)
		if name == "cut" {
			text = headings + good + c.row
		}
		file := textFile("a.csv", text)
		refuses(t, c.parts, file)
		x, err := extract.Open(t.Context(), []extract.File{file}, extract.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := 0
		err = x.Rows(func(*extract.Row) error { n++; return nil })
		if r, ok := errors.AsType[*extract.Refused](err); !ok || n != 2 || len(r.Problems) == 0 {
			t.Errorf("%s: %d rows, then %v", name, n, err)
		}
		x.Close()
	}
}

// TestHonestRows refuses nothing that registers have.
func TestHonestRows(t *testing.T) {
	for name, row := range map[string]string{
		"wrong check issued": "a1,91350203M0001QAY9B,,厦门某公司,张三,1130,存续,局,,\n",
		"uuid":               "451477f9-010d-1000-e000-03c00a010119,,440000400007004,广东某公司,张三,,存续,局,,\n",
		"hex":                "560E8C402E5914FAE0531ECDA8C0CF0D,,,山西某店,张三,,存续,局,,\n",
		"hex of digits":      "56018040205914E70531000780000000,,,山西某店,张三,,存续,局,,\n",
		"node":               "630000_630121000052006110715045,,,青海某店,张三,,存续,局,,\n",
		"old number":         "3302063000622782,,1501002000123,某店,张三,,存续,局,,\n",
		"old number in Han":  "3302063000622783,,企独蒙总字第000123号,某公司,张三,,存续,局,,\n",
		"digits alone":       "3302063000622784,911500007014623452,,某公司,张三,,存续,局,,\n",
		"removed":            "3302063000622785,91150100MA0000098H,,91150100MA0000098H,张三,,存续,局,,\n",
		"no name":            "3302063000622786,,150100600000013,,张三,9500,存续,局,,\n",
		"no name, no state":  "3302063000622793,,150100600000013,,张三,9500,,局,,\n",
		"code alone":         "," + codeOf(7) + ",,,,,,,,\n",
		"comma in quotes":    "3302063000622787,,,\"Smith, Kline (中国) 有限公司\",\"John \"\"J\"\" Smith\",,存续,局,,\n",
		"break in quotes":    "3302063000622788,,,\"某公司\n（分公司）\",张三,,存续,局,,\n",
		"commas and breaks":  "3302063000622792,,,\"Smith,\n Kline 有限公司\",\"张三,\n李四,\n王五\",,存续,局,,\n",
		"null text":          "3302063000622789,NULL,null,某公司,\\N,,存续,局,NULL,\n",
		"not yet coded":      "3302063000622790,未换发,150100600000021,某店,张三,,存续,局,,\n",
		"personal number":    "3302063000622791,110101199003070011,,某店,张三,,存续,局,,\n",
	} {
		p := look(t, textFile("a.csv", headings+rowsOf(2)+row))
		if len(p.Problems) > 0 || p.Rows != 3 {
			t.Errorf("%s: %q", name, textsOf(p.Problems))
		}
	}
	blank := clean(t, textFile("a.csv", headings+rowOf(1)+"\n,,,,,,,,,\n"+rowOf(2)+"\n\n"))
	if blank.Rows != 2 {
		t.Errorf("%d rows", blank.Rows)
	}
}

// TestManyHonestRows finds nothing in a large register: what chance makes of one code in a million is in it.
func TestManyHonestRows(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	p := clean(t, csvFile("a.csv", manyRows(120_000)))
	if p.Rows != 120_000 || p.Report.Oddity[register.OddShared] > 0 || len(p.Remarks) != 1 {
		t.Errorf("%d rows, %v, %q", p.Rows, p.Report.Oddity, textsOf(p.Remarks))
	}
}

// TestRemarks says what people should look at.
func TestRemarks(t *testing.T) {
	for text, part := range map[string]string{
		strings.Replace(rowOf(5), pripIDOf(5), "1501040000220160000", 1): "a.csv 第2行A列：主体身份代码末尾多位全是0",
		strings.TrimSuffix(rowOf(5), "\n"):                               "a.csv：最后一行没有换行",
		strings.Replace(rowOf(5), codeOf(5), "'"+codeOf(5), 1):           "a.csv 第2行B列：开头的撇号",
	} {
		p := clean(t, textFile("a.csv", headings+text))
		if got := strings.Join(textsOf(p.Remarks), "\n"); !strings.Contains(got, part) {
			t.Errorf("%q, not %q", got, part)
		}
	}
}

// TestWrongColumns says that much of a column is odd.
func TestWrongColumns(t *testing.T) {
	var b strings.Builder
	for i := range 30 {
		odd := strings.NewReplacer(codeOf(i), "91150100*****", "存续", "Y", "2024-05-06", "45418")
		b.WriteString(odd.Replace(rowOf(i)))
	}
	got := strings.Join(textsOf(clean(t, textFile("a.csv", headings+b.String())).Remarks), "\n")
	if !hasAll(got, []string{"30行的登记状态不识别，共30行；用 --states", "30行的信用代码校验位不符",
		"30处日期不能识别，共30行；按 2026-03-16"}) {
		t.Error(got)
	}
}

// TestMixedColumns refuses an extract whose headings are over the wrong columns, or over empty ones. One such row among
// many is no reason.
func TestMixedColumns(t *testing.T) {
	head := strings.NewReplacer
	for heads, part := range map[*strings.Replacer]string{
		head("主体身份代码,统一社会信用代码", "统一社会信用代码,主体身份代码"): "“主体身份代码”和“统一社会信用代码”两列填反，共30行",
		head("名称,法定代表人", "法定代表人,名称"):               "“名称”和“法定代表人”两列填反，共30行",
	} {
		refuses(t, []string{"30行的", part, "检查各列的标题"}, textFile("a.csv", heads.Replace(headings)+rowsOf(30)))
	}
	for _, value := range []string{"乌云其木格", "存续"} {
		refuses(t, []string{"一列全是空的，共30行"}, textFile("a.csv", headings+strings.ReplaceAll(rowsOf(30), value, "")))
	}
	partners := strings.NewReplacer("商贸有限责任公司", "投资合伙企业", "乌云其木格", "内蒙古甲投资管理有限公司")
	clean(t, textFile("a.csv", headings+partners.Replace(rowsOf(30))))
	swapped := strings.NewReplacer(codeOf(40), pripIDOf(40), pripIDOf(40), codeOf(40)).Replace(rowOf(40))
	clean(t, textFile("a.csv", headings+rowsOf(30)+swapped))
}

// TestAllDestroyed refuses a column of which each code alone says nothing: they are all doubles.
func TestAllDestroyed(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		var n float64
		fmt.Sscan(fmt.Sprintf("15010400%011d", i*104729+12345678), &n)
		b.WriteString(strings.Replace(rowOf(i), pripIDOf(i), fmt.Sprintf("%.0f", n), 1))
	}
	refuses(t, []string{"主体身份代码", "双精度浮点数"}, textFile("a.csv", headings+b.String()))
}

// TestEncodings refuses files of two encodings, and those of none.
func TestEncodings(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(rowsOf(3))
	if err != nil {
		t.Fatal(err)
	}
	head, err := simplifiedchinese.GB18030.NewEncoder().String(headings)
	if err != nil {
		t.Fatal(err)
	}
	var twice strings.Builder // UTF-8 that was read as GBK and written as UTF-8
	for i := range 20 {
		garbled, _ := simplifiedchinese.GBK.NewDecoder().String("内蒙古商贸有限责任公司之")
		twice.WriteString(strings.Replace(rowOf(i), "第"+fmt.Sprint(i)+"号商贸有限责任公司", garbled, 1))
	}
	refuses(t, []string{"a.csv 第22行", "不是有效的 UTF-8"}, textFile("a.csv", headings+rowsOf(20)+gbk))
	refuses(t, []string{"a.csv 第5行", "UTF-8 文字"}, textFile("a.csv", head+gbk+rowsOf(1)))
	refuses(t, []string{"a.csv 第6行"}, textFile("a.csv", head+gbk+"\n1,\xff\xff,\xfe\n"))
	refuses(t, []string{"乱码"}, textFile("a.csv", headings+twice.String()))
	unmarked := utf16Of(headings+rowsOf(2), le{})[2:]
	refuses(t, []string{"a.csv"}, csvFile("a.csv", unmarked))
}

type le struct{}

func (le) AppendUint16(b []byte, v uint16) []byte { return append(b, byte(v), byte(v>>8)) }
func (le) AppendUint32(b []byte, v uint32) []byte { panic("not used") }
func (le) AppendUint64(b []byte, v uint64) []byte { panic("not used") }
func (le) String() string                         { return "" }

// TestFiles refuses files that are no extract.
func TestFiles(t *testing.T) {
	whole := workbook(t, headings+rowsOf(50))
	var book bytes.Buffer
	io.Copy(&book, io.NewSectionReader(whole.In, 0, whole.Size))
	for name, c := range map[string]struct {
		file extract.File
		part string
	}{
		"empty":         {textFile("a.csv", ""), "文件是空的"},
		"headings only": {textFile("a.csv", headings), "标题之下没有一行"},
		"html":          {textFile("a.xls", "<html><table>"), "网页"},
		"old":           {textFile("a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "旧格式"},
		"pdf":           {textFile("a.pdf", "%PDF-1.4"), "不认识的文件类型"},
		"no workbook":   {textFile("a.xlsx", "hello"), "不是 xlsx 工作簿"},
		"cut workbook":  {csvFile("a.xlsx", book.Bytes()[:book.Len()/2]), "）；从原系统重新导出或重新传输"},
		"other zip":     {csvFile("a.xlsx", zipOf(t, "a.txt", []byte("hello"))), "不是 xlsx 工作簿"},
		"wide":          {textFile("a.csv", headings+strings.Repeat(",", 2_000_000)+"\n"), "列以上"},
		"wide first":    {textFile("a.csv", strings.Repeat("x,", 1_500_000)+"\n"+headings+rowOf(1)), "列以上"},
		"wide quoted":   {textFile("a.csv", headings+strings.Repeat(`"",`, 1_000_000)+"\n"), "列以上"},
		"long row":      {textFile("a.csv", headings+strings.Repeat("x", 5<<20)+"\n"), "一行超过"},
		"binary":        {csvFile("a.csv", bytes.Repeat([]byte{0, 1, 2, 0xff}, 5000)), "a.csv"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, []string{c.part}, c.file) })
	}
	same := textFile("b.csv", headings+rowOf(1))
	refuses(t, []string{"c.csv", "与 b.csv 内容完全相同"}, same, extract.File{Name: "c.csv", In: same.In,
		Size: same.Size})
	refuses(t, []string{"c.csv 第2行A列", "与b.csv 第2行重复"}, same, textFile("c.csv", headings+rowOf(1)+rowOf(2)))
	refuses(t, []string{"c.csv", "有的没有"}, same, textFile("c.csv", "op,"+headings+"U,"+rowOf(2)))
}

func zipOf(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawBook is a workbook of one sheet whose XML content writes, with the headings in its first row.
func rawBook(t *testing.T, content func(io.Writer)) extract.File {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/>` +
			`</Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="y"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/>` +
			`</Relationships>`,
	} {
		w, _ := z.Create(name)
		io.WriteString(w, text)
	}
	w, _ := z.Create("xl/sheet.xml")
	io.WriteString(w, `<worksheet><sheetData><row r="1">`)
	for i, h := range strings.Split(strings.TrimSpace(headings), ",") {
		fmt.Fprintf(w, `<c r="%c1" t="str"><v>%s</v></c>`, 'A'+i, h)
	}
	io.WriteString(w, `</row>`)
	content(w)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return csvFile("主体库.xlsx", b.Bytes())
}

// TestRawBooks refuses a row that unpacks to far more than any has, without unpacking it, columns that no sheet has,
// and rows that end in the middle.
func TestRawBooks(t *testing.T) {
	refuses(t, []string{"主体库.xlsx", "一行超过"}, rawBook(t, func(w io.Writer) {
		io.WriteString(w, `<row r="2">`)
		for range 100 {
			fmt.Fprintf(w, "<x/>%*s", 200<<10, "")
		}
	}))
	refuses(t, []string{"主体库.xlsx", "不完整或已损坏"}, rawBook(t, func(w io.Writer) {
		io.WriteString(w, `<row r="2"><c r="BBBBB2"><v>1</v></c></row></sheetData></worksheet>`)
	}))
	refuses(t, []string{"主体库.xlsx", "不完整或已损坏"}, rawBook(t, func(w io.Writer) {
		io.WriteString(w, `<row r="2"><c r="A2" t="str"><v>1</v></c>`)
	}))
	wide := rawBook(t, func(w io.Writer) {
		io.WriteString(w, `<row r="2"><c r="A2" t="str"><v>p1</v></c><c r="D2" t="str"><v>甲</v></c>`+
			`<c r="G2" t="str"><v>存续</v></c><c r="XFD2" t="str"><v>x</v></c></row></sheetData></worksheet>`)
	})
	if got := firms(t, wide); len(got) != 1 || got[0].Name != "甲" || got[0].State != register.Live {
		t.Errorf("%+v", got)
	}
}

// TestWorkbookCells reads dates and numbers of a workbook, and refuses what it has destroyed.
func TestWorkbookCells(t *testing.T) {
	with := func(cell func(f *excelize.File)) extract.File {
		return book(t, func(f *excelize.File) {
			for i, line := range strings.Split(strings.TrimSpace("登记信息,,,,,,,,,\n"+headings+rowsOf(2)), "\n") {
				for k, c := range strings.Split(line, ",") {
					setCell(t, f, k+1, i+1, c)
				}
			}
			cell(f)
		})
	}
	p := clean(t, with(func(f *excelize.File) {
		setCell(t, f, 9, 3, time.Date(2016, 5, 3, 0, 0, 0, 0, time.UTC))
		setCell(t, f, 10, 3, 43831)
		setCell(t, f, 3, 3, 150100000000013)
		setCell(t, f, 6, 3, 1130)
		setCell(t, f, 7, 3, 1)
	}))
	got := p.Tables[0].First[0]
	if got.Founded != "2016-05-03" || got.Approved != "" || got.RegNo != "150100000000013" || got.EntType != "1130" ||
		got.State != register.Live || p.Tables[0].HeadRow != 2 {
		t.Errorf("%+v", got)
	}
	if p.Report.Oddity[register.OddDate] != 1 || p.Report.Samples[len(p.Report.Samples)-1].Value != "43831" {
		t.Errorf("%+v", p.Report)
	}
	for name, c := range map[string]struct {
		column int
		value  any
		parts  []string
	}{
		"code":     {2, 911500007014623452.0, []string{"主体库.xlsx 工作表“Sheet1”第3行B列", "超过15位"}},
		"pripid":   {1, 1.50104e23, []string{"第3行A列", "超过15位"}},
		"fraction": {3, 150100.5, []string{"第3行C列", "不是完整的编号"}},
		"day code": {1, time.Date(2016, 5, 3, 0, 0, 0, 0, time.UTC), []string{"第3行A列", "单元格是日期"}},
		"day name": {4, time.Date(2016, 5, 3, 0, 0, 0, 0, time.UTC), []string{"第3行D列", "单元格是日期"}},
		"boolean":  {2, true, []string{"第3行B列", "逻辑值"}},
		"text":     {2, "9.11E+17", []string{"第3行B列", "科学记数"}},
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, c.parts, with(func(f *excelize.File) { setCell(t, f, c.column, 3, c.value) }))
		})
	}
	refuses(t, []string{"第4行D列", "合并"}, with(func(f *excelize.File) { f.MergeCell("Sheet1", "D3", "D4") }))
	refuses(t, []string{"第4行A列", "与主体库.xlsx 工作表“Sheet1”第3行重复"}, with(func(f *excelize.File) {
		setCell(t, f, 1, 4, pripIDOf(0))
	}))
	clean(t, with(func(f *excelize.File) { f.MergeCell("Sheet1", "A1", "J1") }))
}

// TestSheets reads all sheets with headings as one extract, says which has none, and refuses a hidden one.
func TestSheets(t *testing.T) {
	build := func(hidden bool) extract.File {
		return book(t, func(f *excelize.File) {
			for n, sheet := range []string{"Sheet1", "续表", "说明"} {
				if n > 0 {
					f.NewSheet(sheet)
				}
				if n == 2 {
					f.SetCellStr(sheet, "A1", "本表由登记系统导出")
					continue
				}
				for i, line := range strings.Split(strings.TrimSpace(headings+rowOf(n)), "\n") {
					for k, c := range strings.Split(line, ",") {
						at, _ := excelize.CoordinatesToCellName(k+1, i+1)
						f.SetCellStr(sheet, at, c)
					}
				}
			}
			if hidden {
				f.SetSheetVisible("续表", false)
			}
		})
	}
	p := clean(t, build(false))
	if p.Rows != 2 || len(p.Tables) != 2 || p.Tables[1].Sheet != "续表" || len(p.Report.Files) != 1 ||
		p.Report.Files[0].Rows != 2 || !strings.Contains(strings.Join(textsOf(p.Remarks), ""), "工作表“说明”") {
		t.Errorf("%+v %q", p.Tables, textsOf(p.Remarks))
	}
	refuses(t, []string{"工作表“续表”", "被隐藏"}, build(true))
}

// TestAllProblems lists problems of all files, bounded, and counts the rest.
func TestAllProblems(t *testing.T) {
	p := look(t, textFile("a.csv", headings+strings.Repeat("1,2\n", 150)), textFile("b.csv",
		headings+rowOf(1)+"x,y\n"))
	if len(p.Problems) != extract.MaxProblems || p.More != 51 || p.Rows != 152 {
		t.Errorf("%d problems and %d, %d rows", len(p.Problems), p.More, p.Rows)
	}
}

// TestMarks reads change marks.
func TestMarks(t *testing.T) {
	head := "操作类型," + headings
	file := textFile("a.csv", head+"I,"+rowOf(1)+"变更,"+rowOf(1)+"D,"+rowOf(1)+"新增,"+rowOf(2)+
		"注销,"+strings.Replace(rowOf(2), "存续", "注销", 1)+"删除,"+pripIDOf(2)+",,,,,,,,,\n")
	x, err := extract.Open(t.Context(), []extract.File{file}, extract.Options{})
	if err != nil || !x.Changes() {
		t.Fatal(err)
	}
	defer x.Close()
	var got string
	if err := x.Rows(func(r *extract.Row) error { got += string(r.Mark); return nil }); err != nil || got != "IUDIUD" {
		t.Error(got, err)
	}
	refuses(t, []string{"a.csv 第2行A列", "变更标记“查看”不认识"}, textFile("a.csv", head+"查看,"+rowOf(1)))
	refuses(t, []string{"第2行A列", "变更标记“”不认识"}, textFile("a.csv", head+","+rowOf(1)))
	refuses(t, []string{"第2行A列", "“注销”，登记状态却是“存续”"}, textFile("a.csv", head+"注销,"+rowOf(1)))
	refuses(t, []string{"第2行B列", "没有主体身份代码"}, textFile("a.csv", head+"U,"+strings.Replace(rowOf(1),
		pripIDOf(1), "", 1)))
}

// TestInterrupted ends with the context, and notices a file that is written to.
func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := extract.Look(ctx, []extract.File{csvFile("a.csv", manyRows(30_000))},
		extract.Options{Progress: func(p extract.Progress) {
			if p.Rows > 0 {
				stop()
			}
		}})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	name := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(name, manyRows(15_000), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	p, err := extract.Look(t.Context(), []extract.File{{Name: name, In: f, Size: info.Size()}},
		extract.Options{Progress: func(p extract.Progress) {
			if p.Rows == 0 {
				return
			}
			if err := os.Chtimes(name, time.Now(), time.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			}
		}})
	if err != nil || len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Error(), "在读取时被改动") {
		t.Errorf("%v %q", err, textsOf(p.Problems))
	}
}
