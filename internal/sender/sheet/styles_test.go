package sheet

import (
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
)

func TestDateCodes(t *testing.T) {
	for code, want := range map[string]bool{"yyyy-mm-dd": true, `yyyy"年"m"月"d"日"`: true, "m/d/yy h:mm": true, `[$-804]yyyy\-mm\-dd;@`: true, "DD.MM.YYYY": true,
		"General": false, "0.00E+00": false, "@": false, "#,##0": false, "[Red]0": false, `0"day"`: false, "h:mm:ss": false, "[h]:mm": false, "00000000": false} {
		if _, got := formatOf("164", code).isDate(46097); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	for id, want := range map[string]bool{"0": false, "1": false, "11": false, "14": true, "18": false, "22": true, "31": true, "49": false, "57": true} {
		if _, got := formatOf(id, "").isDate(46097); got != want {
			t.Errorf("built in %s: %v", id, got)
		}
	}
}

func TestDaysOfSerialNumbers(t *testing.T) {
	for n, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 46097: "2026-03-16", 46097.99: "2026-03-16", 2958465: "9999-12-31"} {
		if day, ok := dayOf(n, 0); !ok || day.Format(time.DateOnly) != want {
			t.Errorf("%v: %v, %v; want %s", n, day, ok, want)
		}
	}
	for _, n := range []float64{-1, 0, 0.5, 60, 2958466, 1e300} {
		if day, ok := dayOf(n, 0); ok {
			t.Errorf("%v: %v", n, day)
		}
	}
	if day, _ := dayOf(44635, 1904); day.Format(time.DateOnly) != "2026-03-16" {
		t.Errorf("1904: %v", day)
	}
}

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
