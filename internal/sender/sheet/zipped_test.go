package sheet

import (
	"archive/zip"
	"strings"
	"testing"
)

// zipped is a file with zipText.
func zipped(t testing.TB, sheet, shared string) string {
	return write(t, "清单.xlsx", zipText(t, sheet, shared))
}

// zipText is a workbook of one sheet, and of shared strings if there are any, put together by hand.
func zipText(t testing.TB, sheet, shared string) string {
	t.Helper()
	var b strings.Builder
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{
			"_rels/.rels",
			`<Relationships><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		},
		{"xl/workbook.xml", `<workbook><sheets><sheet name="清单" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{
			"xl/_rels/workbook.xml.rels",
			`<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
				`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		},
		{"xl/worksheets/sheet1.xml", sheet},
		{"xl/sharedStrings.xml", shared},
	} {
		if part[1] == "" {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Of two archives in one file, programs read the one or the other.
func TestTwoArchivesInOneFile(t *testing.T) {
	one, two := zipText(t, oneSheet, ""), zipText(t, stale, "<sst/>")
	for _, text := range []string{one + two, two + one, one + "\x00" + two} {
		readAll(t, write(t, "清单.xlsx", text), Options{Case: theCase}).refused(t, "不止一个压缩包", "重新导出")
	}
	readAll(t, write(t, "清单.xlsx", one), Options{Case: theCase}).clean(t, row)
}
