package sheet

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
)

// Zeros that a format puts before a number are part of it, as it is seen; dates under any format are days.
func TestFormatsOfCells(t *testing.T) {
	path := workbookOf(t, func(f *excelize.File, do func(error)) {
		put(t, f, "Sheet1", "A1", "pripid", "uniscid", "legal", "enttype", "penaltydate")
		put(t, f, "Sheet1", "A2", 150, "U", "L", "1151", 46097)
		for at, code := range map[string]string{"A2": "000000", "E2": `yyyy"年"m"月"d"日"`} {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			do(err)
			do(f.SetCellStyle("Sheet1", at, at, id))
		}
	})
	c := theCase
	c.PenaltyDate = ""
	g := readAll(t, path, Options{Case: c})
	g.clean(t, api.Entity{PripID: "000150", UniscID: "U", Legal: "L", EntType: "1151"})
	if g.cases[0].PenaltyDate != "2026-03-16" || len(g.notes) > 0 {
		t.Errorf("%+v", g)
	}
}

func TestWorkbookWithAPassword(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	var b strings.Builder
	if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	readAll(t, write(t, "a.xlsx", b.String()), Options{}).refused(t, "加了密码", "去掉密码，另存为 .xlsx")
}
