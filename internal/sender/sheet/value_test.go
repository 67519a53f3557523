package sheet

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// Anything that a spreadsheet has destroyed is refused, with the place and the remedy; what it cannot have destroyed is
// not.
func TestDestroyedDigits(t *testing.T) {
	destroyed := []string{
		"1.50102E+17", "1.50102e+17", "1E+23", "9.1110000123457E+19", " 1.50102E+17 ", "\t1.50102E+17", "'1.50102E+17",
		`="1.50102E+17"`, "150102000000123000.00", "1501020000001230.0", "15E+2", "1.5", "-1",
		"150104000022017069809664", "150104000022017070000000", "2.03E10", "-9223372036854775808", "150,104,000,022",
	}
	for _, v := range destroyed {
		for i, name := range []string{"pripid", "uniscid"} {
			row := []string{"P", "U", "L", "E"}
			row[i] = v
			g := readAll(t, write(t, "清单.csv", headings+"1,2,3,4\n\""+strings.Join(
				strings.Split(strings.ReplaceAll(strings.Join(row, "|"), `"`, `""`), "|"),
				`","`,
			)+"\"\n"), Options{Case: theCase})
			if len(g.problems) != 1 || len(g.rows) != 1 || g.err != nil {
				t.Fatalf("%s in %s: %+v", v, name, g)
			}
			holds(t, "problems", g.problems, "清单.csv 第3行"+grid.ColumnName(i)+"列", name, "丢", "按文本导出")
		}
	}
	for _, v := range []string{
		"91110000E12345678X", "1150100E+", "123456789012345", "2026.03.001", "150102000000123456", "0",
		"150104000022017071732290",
	} {
		readAll(t, write(t, "a.csv", headings+v+",U,L,E\n"), Options{Case: theCase}).
			clean(t, api.Entity{PripID: v, UniscID: "U", Legal: "L", EntType: "E"})
	}
}

func TestDestroyedCaseID(t *testing.T) {
	g := readAll(
		t,
		write(t, "a.csv", "caseid,"+headings+"1.50102E+17,1,2,3,4\n"),
		Options{Case: api.Case{CaseName: "案"}},
	)
	holds(t, "problems", g.problems, "第2行A列（案件编号 caseid）", "科学记数")
}

// Codes whose last digits are all 0 are a warning only where chance does not leave so many.
func TestCodesThatEndInZeros(t *testing.T) {
	list := func(zeros, others int, form string) string {
		var b strings.Builder
		b.WriteString(headings)
		for i := range zeros {
			fmt.Fprintf(&b, "%015d000,U%d,L,E\n", 150102000000000+i, i)
		}
		for i := range others {
			fmt.Fprintf(&b, form+",V%d,L,E\n", i, i)
		}
		return b.String()
	}
	for _, c := range []struct {
		text string
		warn bool
	}{
		{list(3, 0, ""), true},
		{list(1, 0, ""), false},
		{list(10, 900, "1501020000000%05d"), true},
		{list(3, 2000, "15010200000000%04d"), false},
		{list(5, 5, "P%d"), true},
		{list(0, 5, "15000%d"), false},
		{headings + "1501030000220040000,U,L,E\n", true},
		{headings + "150103000022004000000001,U,L,E\n150103000022004000,U,L,E\n", false},
	} {
		g := readAll(t, write(t, "a.csv", c.text), Options{Case: theCase})
		if g.err != nil || len(g.problems) > 0 || len(g.notes) > 0 != c.warn {
			t.Errorf("notes %q, problems %q, error %v; want a warning: %v", g.notes, g.problems, g.err, c.warn)
		}
		if c.warn {
			holds(t, "notes", g.notes, "第2行A列", "从第16位起全是0", "核对")
		}
	}
}

func TestFaultsAreRefused(t *testing.T) {
	for _, v := range []string{"#N/A", "#REF!", "####", "=VLOOKUP(A1)"} {
		g := readAll(t, write(t, "a.csv", headings+"1,2,"+v+",4\n"), Options{Case: theCase})
		if v[0] == '=' {
			g = readAll(t, write(t, "a.csv", headings+"1,"+v+",3,4\n"), Options{Case: theCase})
		}
		if len(g.problems) != 1 || len(g.rows) != 0 {
			t.Errorf("%s: %+v", v, g)
		}
	}
}

func TestProblemsAreToldUpToAHundred(t *testing.T) {
	g := readAll(t, write(t, "a.csv", headings+strings.Repeat("1.5E+17,1.5E+17,L,E\n", 400)), Options{Case: theCase})
	if len(g.problems) != MaxProblems+1 || len(g.rows) > 0 {
		t.Fatalf("%d problems, %d rows", len(g.problems), len(g.rows))
	}
	holds(t, "the last problem", g.problems[MaxProblems:], "另有700处问题")
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-16":                    "2026-03-16",
		"2026/3/16":                     "2026-03-16",
		"2026/03/16 0:00:00":            "2026-03-16",
		"2026年3月6日":                     "2026-03-06",
		"2026-3-6":                      "2026-03-06",
		"2026.3.16":                     "2026-03-16",
		"2026-3-16 0:00:00":             "2026-03-16",
		"2026.3":                        "2026.3",
		"2026.13.1":                     "2026.13.1",
		"2026-03-16 10:20:30":           "2026-03-16 10:20:30",
		"20260316":                      "2026-03-16",
		"2026-03-16 00:00:00.0":         "2026-03-16",
		"2026-03-16 00:00:00.000":       "2026-03-16",
		"2026-03-16T00:00:00":           "2026-03-16",
		"2026-03-16 00:00":              "2026-03-16",
		"2026 年 3 月 16 日":               "2026-03-16",
		"2026年 3月16日 ":                  "2026-03-16",
		"２０２６-０３-１６":                    "2026-03-16",
		"2026－03－16":                    "2026-03-16",
		"２０２６年３月１６日":                    "2026-03-16",
		"２０２６０３１６":                      "2026-03-16",
		"2026\u300003\u300016":          "2026\u300003\u300016",
		"2026 - 03 - 16":                "2026-03-16",
		"2026—3—16":                     "2026-03-16",
		"2026．3．16":                     "2026-03-16",
		"2026年3月16日 00:00:00":           "2026-03-16",
		"2026/3/16T00:00":               "2026-03-16",
		"2026年3月16日0:00:00":             "2026-03-16",
		"20260316 00:00:00":             "2026-03-16",
		"2026-03-16T00:00:00.000+08:00": "2026-03-16",
		"2026-03-16T00:00:00+0800":      "2026-03-16",
		"2026-03-16T00:00:00Z":          "2026-03-16T00:00:00Z",
		"2026-03-16 00:00:01":           "2026-03-16 00:00:01",
		"2026-03-16T16:00:00":           "2026-03-16T16:00:00",
		"2026-03-16 24:00:00":           "2026-03-16 24:00:00",
		"20261316":                      "20261316",
		"20260230":                      "20260230",
		"2026316":                       "2026316",
		"202603":                        "202603",
		"2026031":                       "2026031",
		"26-03-16":                      "26-03-16",
		"2026-3/16":                     "2026-3/16",
		"2026年3月":                       "2026年3月",
		"2026 03 16":                    "2026 03 16",
		"20260316 10:00":                "20260316 10:00",
		"2026-03-16 00:00:00.5":         "2026-03-16 00:00:00.5",
		"16032026":                      "16032026",
		"2026-03-1 6":                   "2026-03-1 6",
		"2026年3月16日至17日":                "2026年3月16日至17日",
		"2026/13/1":                     "2026/13/1",
		"3/16/2026":                     "3/16/2026",
	} {
		g := readAll(t, write(t, "a.csv", "penaltydate,"+headings+in+",1,2,3,4\n"), Options{Case: api.Case{
			CaseID:           "A",
			CaseName:         "n",
			CaseIntroduction: "i",
			Illegality:       "v",
			Penalty:          "p",
			PenaltyOrg:       "o",
		}})
		if g.err != nil || len(g.cases) != 1 || g.cases[0].PenaltyDate != want || len(g.notes) > 0 != (in != want) {
			t.Errorf("%s: %+v", in, g)
		}
	}
}
