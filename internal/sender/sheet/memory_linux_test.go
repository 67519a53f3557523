package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/grid"
)

// TestMain reads the file of an environment variable in place of running tests: how much memory that takes at most is
// known of a whole process alone.
func TestMain(m *testing.M) {
	path := os.Getenv("SHEET_TEST_READ")
	if path == "" {
		os.Exit(m.Run())
	}
	rows := 0
	err := Read(context.Background(), path, Options{Case: theCase}, func(c *Case) error {
		for _, err := range c.List {
			if _, isProblem := errors.AsType[*Problem](err); err != nil && !isProblem {
				return err
			}
			rows++
		}
		return nil
	})
	status, _ := os.ReadFile("/proc/self/status")
	fmt.Printf("%d rows, %v\n%s", rows, err, status)
	os.Exit(0)
}

// reading is what a process of its own said of a file, and how many bytes it took at most.
func reading(t *testing.T, path string) (said string, most int64) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "SHEET_TEST_READ="+path, "TMPDIR="+t.TempDir())
	out, err := c.CombinedOutput()
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("%v\n%s", err, out[:min(len(out), 4000)])
	}
	kib, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	said, _, _ = strings.Cut(string(out), "\n")
	return said, kib << 10
}

const mib = 1 << 20

// Whatever a workbook contains, reading it takes no more than 64 MiB over what a small one takes and the file has, and
// not long.
func TestMemoryOfHostileWorkbooks(t *testing.T) {
	x := strings.Repeat("x", mib)
	sheet := func(rows ...partWriter) map[string]partWriter {
		return map[string]partWriter{"xl/worksheets/sheet1.xml": inTurn(
			said("<worksheet><sheetData>"+headRow),
			inTurn(rows...),
			said("</sheetData></worksheet>"),
		)}
	}
	in := func(name string, p ...partWriter) map[string]partWriter {
		return map[string]partWriter{name: inTurn(p...)}
	}
	shared := func(p ...partWriter) map[string]partWriter {
		return in("xl/sharedStrings.xml", said("<sst>"), inTurn(p...), said("</sst>"))
	}
	text := strings.Repeat("x", 200<<10)
	for _, c := range []struct {
		name  string
		parts map[string]partWriter
		want  string
	}{
		{
			"one row of one text",
			sheet(said(`<row><c t="str"><v>`), again(100, x), said("</v></c></row>")),
			"第2行：部件“xl/worksheets/sheet1.xml”中一个单元格、属性或注释超过256KiB",
		},
		{
			"cells of 1 MiB in a row",
			sheet(said("<row>"), again(100, `<c t="str"><v>`+x+`</v></c>`), said("</row>")),
			"超过256KiB",
		},
		{
			"cells of 200 KiB in a row",
			sheet(said("<row>"), again(500, `<c t="str"><v>`+text+`</v></c>`), said("</row>")),
			"第2行：部件“xl/worksheets/sheet1.xml”中一行的文字超过4096KiB",
		},
		{
			"runs in a cell",
			sheet(said(`<row><c t="inlineStr"><is>`), again(500, `<r><t>`+text+`</t></r>`), said("</is></c></row>")),
			"第2行：部件“xl/worksheets/sheet1.xml”中一个单元格的文字超过256KiB",
		},
		{"shared text in many cells", map[string]partWriter{
			"xl/sharedStrings.xml": said("<sst><si><t>" + text + "</t></si></sst>"),
			"xl/worksheets/sheet1.xml": inTurn(
				said("<worksheet><sheetData>"+headRow+"<row>"),
				again(1000, `<c t="s"><v>0</v></c>`),
				said("</row></sheetData></worksheet>"),
			),
		}, "一行的文字超过4096KiB"},
		{"empty cells in a row", sheet(said("<row>"), again(100_000, `<c/>`), said("</row>")), "after 16384 cells"},
		{"elements in a row", sheet(said("<row>"), again(4_500_000, `<x/>`), said("</row>")), "一行超过16384KiB"},
		{"elements in a cell", sheet(said("<row><c>"), again(4_500_000, `<x/>`), said("</c></row>")), "一行超过16384KiB"},
		{"rows", sheet(again(1_100_000, `<row/>`)), "row 1048577"},
		{"formula", sheet(said(`<row><c t="str"><f>`), again(100, x), said("</f><v>1</v></c></row>")), "超过256KiB"},
		{"comment", sheet(said(`<!--`), again(100, x), said("-->")), "超过256KiB"},
		{"instruction", sheet(said(`<?x `), again(100, x), said("?>")), "超过256KiB"},
		{"CDATA", sheet(said(`<row><c t="str"><v><![CDATA[`), again(100, x), said("]]></v></c></row>")), "超过256KiB"},
		{
			"declaration",
			in(
				"xl/worksheets/sheet1.xml",
				said("<!DOCTYPE x ["),
				again(100, "<!ENTITY a \""+x+"\">"),
				said("]><worksheet/>"),
			),
			"超过256KiB",
		},
		{"text between rows", sheet(again(100, x)), "超过256KiB"},
		{"name of an element", sheet(said("<"), again(100, x), said("/>")), "超过256KiB"},
		{"attribute", sheet(said(`<row x="`), again(100, x), said(`"/>`)), "超过256KiB"},
		{"attributes", sheet(said(`<row`), numbered(` a%d=""`), said("/>")), "超过256KiB"},
		{"attributes of rows", sheet(again(500, `<x `+strings.Repeat(`a="" `, 40_000)+"/>")), "一个元素的属性超过256个"},
		{"nested", sheet(again(1_000_000, "<a>")), "嵌套的元素超过64个"},
		{
			"shared text of runs",
			shared(said("<si>"), again(100, "<r><t>"+x+"</t></r>"), said("</si>")),
			"xl/sharedStrings.xml",
		},
		{
			"shared text of small runs",
			shared(said("<si>"), again(5_000, "<r><t>"+text[:20<<10]+"</t></r>"), said("</si>")),
			"部件“xl/sharedStrings.xml”中一个单元格的文字超过256KiB",
		},
		{
			"shared text of phonetics",
			shared(said("<si>"), again(5_000, "<rPh><t>"+text[:20<<10]+"</t></rPh>"), said("</si>")),
			"一个共享文字超过16384KiB",
		},
		{"empty shared texts", shared(again(3_000_000, "<si/>")), "1 rows"},
		{"shared texts", shared(again(200, "<si><t>"+text+"</t></si>")), "1 rows"},
		{"relations", in("xl/_rels/workbook.xml.rels", said("<Relationships>"), numbered(`<Relationship Id="r%d" `+
			`Type="x/worksheet" Target="worksheets/sheet1.xml"/>`), said("</Relationships>")), "关系超过4096个"},
		{"long relations", in("xl/_rels/workbook.xml.rels", said("<Relationships>"), again(500, `<Relationship Id="`+
			text+`"/>`), said("</Relationships>")), "一个关系超过4KiB"},
		{
			"sheets",
			in(
				"xl/workbook.xml",
				said("<workbook><sheets>"),
				numbered(`<sheet name="a%d" r:id="r1"/>`),
				said("</sheets></workbook>"),
			),
			"工作表超过512个",
		},
		{"sheet names", in("xl/workbook.xml", said("<workbook><sheets>"), again(500, `<sheet name="`+text+
			`" r:id="r1"/>`), said("</sheets></workbook>")), "工作表名称超过4KiB"},
		{
			"styles",
			in(
				"xl/styles.xml",
				said("<styleSheet><cellXfs>"),
				again(500_000, `<xf numFmtId="14"/>`),
				said("</cellXfs></styleSheet>"),
			),
			"单元格样式超过65536个",
		},
		{"number formats", in("xl/styles.xml", said("<styleSheet><numFmts>"), numbered(`<numFmt numFmtId="%d" `+
			`formatCode="yyyy"/>`), said("</numFmts></styleSheet>")), "数字格式超过256KiB"},
		{"merges", in(
			"xl/worksheets/sheet1.xml",
			said("<worksheet><sheetData>"+headRow+`<row r="2"><c t="str"><v>P</v></c></row></sheetData><mergeCells>`),
			again(300_000, `<mergeCell ref="B1:B2"/>`),
			said("</mergeCells></worksheet>"),
		), "1 rows"},
		{"columns", in(
			"xl/worksheets/sheet1.xml",
			said("<worksheet><cols>"),
			again(100_000, `<col min="1" max="2" width="9"/>`),
			said("</cols><sheetData>"+headRow+textRow+"</sheetData></worksheet>"),
		), "columns"},
		{"declared types", map[string]partWriter{"_rels/.rels": nil, "[Content_Types].xml": inTurn(
			said("<Types>"),
			again(200_000, `<Override PartName="/xl/workbook.xml" ContentType="a.spreadsheetml.sheet.main+xml"/>`),
			said("</Types>"),
		)}, "1 rows"},
		{"wide headings", map[string]partWriter{
			"xl/workbook.xml": inTurn(said("<workbook><sheets>"), func(w *bufio.Writer) {
				for i := range 500 {
					fmt.Fprintf(w, `<sheet name="a%d" r:id="r1"/>`, i)
				}
			}, said("</sheets></workbook>")),
			"xl/worksheets/sheet1.xml": inTurn(
				said("<worksheet><sheetData><row>"),
				again(1000, `<c t="str"><v>`+text[:4000]+`</v></c>`),
				said("</row></sheetData></worksheet>"),
			),
		}, "解包后过大"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bounded(t, packedBook(t, c.parts), c.want)
		})
	}
}

// A large workbook is read in as little, be its texts shared or not.
func TestMemoryOfLargeWorkbooks(t *testing.T) {
	bounded(t, sharedBook(t, 150_000), "150000 rows, <nil>")
}

// The list of the parts is bounded as well.
func TestMemoryOfManyParts(t *testing.T) {
	bounded(t, create(t, "a.xlsx", func(w io.Writer) error {
		z := zip.NewWriter(w)
		for i := range 200_000 {
			if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint("xl/", i)}); err != nil {
				return err
			}
		}
		return z.Close()
	}), "部件目录超过1MiB")
}

// The sheet 案件 may have as many cases as the list, and long texts.
func TestMemoryOfManyCases(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"short": {"由", "件"},
		"long":  {strings.Repeat("由", 1000), "12MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			bounded(t, packedBook(t, map[string]partWriter{
				"xl/workbook.xml": said(
					`<workbook><sheets><sheet name="清单" r:id="r1"/><sheet name="案件" r:id="r4"/></sheets></workbook>`,
				),
				"xl/_rels/workbook.xml.rels": said(strings.Replace(
					bookRels, "</", `<Relationship Id="r4" Type="x/worksheet" Target="worksheets/sheet2.xml"/></`, 1,
				)),
				"xl/worksheets/sheet2.xml": inTurn(said("<worksheet><sheetData><row>"), func(w *bufio.Writer) {
					for f := range field(caseFields) {
						fmt.Fprintf(w, `<c t="str"><v>%s</v></c>`, fieldTable[f].title)
					}
					w.WriteString("</row>")
					for i := range 100_000 {
						fmt.Fprintf(
							w,
							`<row><c t="str"><v>呼市监处罚〔2026〕%d号</v></c><c t="str"><v>案</v></c><c `+
								`t="str"><v>%s</v></c><c t="str"><v>违</v></c>`+
								`<c t="str"><v>罚</v></c><c t="str"><v>2026-03-16</v></c><c t="str"><v>局</v></c></row>`,
							i,
							c.text,
						)
					}
				}, said("</sheetData></worksheet>")),
			}), c.want)
		})
	}
}

// bounded holds that reading a file says this, within the bounds of memory and time.
func bounded(t *testing.T, path, want string) {
	t.Helper()
	_, small := reading(t, sheetOf(t, textRow))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	said, most := reading(t, path)
	took := time.Since(began)
	t.Logf(
		"%d KiB file, %d MiB over %d MiB, %v: %s", info.Size()>>10, (most-small)>>20, small>>20, took,
		grid.Brief(said),
	)
	if !strings.Contains(said, want) {
		t.Errorf("%q does not say %q", said, want)
	}
	if most-small-info.Size() > 64*mib {
		t.Errorf("%d MiB over a file of %d KiB", (most-small)>>20, info.Size()>>10)
	}
	if took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// again writes text n times.
func again(n int, text string) partWriter {
	return func(w *bufio.Writer) {
		for range n {
			w.WriteString(text)
		}
	}
}

// numbered writes a million numbers in this form.
func numbered(format string) partWriter {
	return func(w *bufio.Writer) {
		for i := range 1_000_000 {
			fmt.Fprintf(w, format, i)
		}
	}
}
