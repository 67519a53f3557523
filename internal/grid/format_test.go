package grid

import (
	"testing"
	"time"
)

func TestDateCodes(t *testing.T) {
	for code, want := range map[string]bool{
		"yyyy-mm-dd":            true,
		`yyyy"年"m"月"d"日"`:       true,
		"m/d/yy h:mm":           true,
		`[$-804]yyyy\-mm\-dd;@`: true,
		"DD.MM.YYYY":            true,
		"General":               false,
		"0.00E+00":              false,
		"@":                     false,
		"#,##0":                 false,
		"[Red]0":                false,
		`0"day"`:                false,
		"h:mm:ss":               false,
		"[h]:mm":                false,
		"00000000":              false,
	} {
		if _, got := formatOf("164", code).isDate(46097); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	for id, want := range map[string]bool{
		"0":  false,
		"1":  false,
		"11": false,
		"14": true,
		"18": false,
		"22": true,
		"31": true,
		"49": false,
		"57": true,
	} {
		if _, got := formatOf(id, "").isDate(46097); got != want {
			t.Errorf("built in %s: %v", id, got)
		}
	}
}

func TestDaysOfSerialNumbers(t *testing.T) {
	for n, want := range map[float64]string{
		1:        "1900-01-01",
		59:       "1900-02-28",
		61:       "1900-03-01",
		46097:    "2026-03-16",
		46097.99: "2026-03-16",
		2958465:  "9999-12-31",
	} {
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
