package sheet

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/api"
)

// double is a code as a program writes it that had it as a float64.
func double(code string) string {
	f, _ := strconv.ParseFloat(code, 64)
	i, _ := big.NewFloat(f).Int(nil)
	return i.String()
}

func digitsOf(r *rand.Rand, n int) string {
	b := []byte{'1' + byte(r.IntN(9))}
	for len(b) < n {
		b = append(b, '0'+byte(r.IntN(10)))
	}
	return string(b)
}

// codeList is a list of n rows with the codes of code.
func codeList(n int, code func(i int) string) string {
	var b strings.Builder
	b.WriteString(headings)
	for i := range n {
		fmt.Fprintf(&b, "%s,U%d,L,E\n", code(i), i)
	}
	return b.String()
}

// Codes of 18 digits that were doubles are known by the whole list alone; zeros at the end may be of a scheme, so they
// hold the case.
func TestListsThatWereNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, c := range map[string]struct {
		code            func(i int) string
		problems, notes int
		says            string
	}{
		"true":    {func(int) string { return digitsOf(r, 18) }, 0, 0, ""},
		"doubles": {func(int) string { return double(digitsOf(r, 18)) }, 1, 0, "30个长编号中有"},
		"zeros":   {func(int) string { return digitsOf(r, 15) + "000" }, 0, 1, "从第16位起全是0"},
		"one": {
			func(i int) string { return either(i == 7, "90010300002200403968", digitsOf(r, 24)) },
			0,
			1,
			"“90010300002200403968”",
		},
		"refused": {
			func(i int) string { return either(i == 7, "150104000022017069809664", "P"+digitsOf(r, 23)) },
			1,
			0,
			"第9行A列",
		},
		"short": {func(i int) string { return fmt.Sprint(1000 + i) }, 0, 0, ""},
	} {
		g := readAll(t, write(t, "a.csv", codeList(30, c.code)), Options{Case: theCase})
		if g.err != nil || len(g.problems) != c.problems || len(g.notes) != c.notes {
			t.Errorf("%s: problems %q, notes %q, error %v", name, g.problems, g.notes, g.err)
		}
		if c.says != "" {
			holds(t, name, append(g.problems, g.notes...), c.says)
		}
		json := `{"caseid":"A","casename":"n","caseintroduction":"i","illegality":"v","penalty":"p",` +
			`"penaltydate":"2026-03-16","penaltyorg":"o","penaltylist":[`
		for i := range 30 {
			json += fmt.Sprintf(`{"pripid":%q,"uniscid":"U","legal":"L","enttype":"E"},`, c.code(i))
		}
		g = readAll(t, write(t, "a.json", strings.TrimSuffix(json, ",")+"]}"), Options{})
		if g.err != nil || len(g.problems) != c.problems || len(g.notes) != c.notes {
			t.Errorf("%s as JSON: problems %q, notes %q, error %v", name, g.problems, g.notes, g.err)
		}
		if c.says != "" {
			holds(
				t,
				name+" as JSON",
				append(g.problems, g.notes...),
				strings.ReplaceAll(c.says, "第9行A列", "penaltylist[7].pripid"),
			)
		}
	}
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// A caseid that an office may have written holds its case; one that was a number for sure is refused. Each of several
// cases is judged.
func TestCaseIDsThatWereNumbers(t *testing.T) {
	for id, want := range map[string]string{
		"2026.3":                   "",
		"15-E03":                   "",
		"2026E03":                  "",
		"A1":                       "",
		"2E22":                     "held",
		"1,234":                    "held",
		"3.0":                      "held",
		"2.026E+10":                "refused",
		"20260316001.0":            "refused",
		"150104202603170006827008": "refused",
	} {
		g := readAll(t, write(t, "a.csv", "caseid,"+headings+"A,1,2,3,4\n\""+id+"\",1,2,3,4\n"), Options{Case: api.Case{
			CaseName:         "n",
			CaseIntroduction: "i",
			Illegality:       "v",
			Penalty:          "p",
			PenaltyDate:      "2026-03-16",
			PenaltyOrg:       "o",
		}})
		if g.err != nil || len(g.notes) > 0 != (want == "held") || len(g.problems) > 0 != (want == "refused") {
			t.Errorf("%s: %+v", id, g)
		}
		if want != "" {
			holds(t, id, append(g.notes, g.problems...), "第3行A列", "“"+id+"”")
		}
	}
}

// Many codes that each look doubtful are one remark with their number.
func TestDoubtIsToldOnce(t *testing.T) {
	g := readAll(t, write(t, "a.csv", headings+"2E22,U,L,E\n3E21,U,L,E\n4E22,U,L,E\n"), Options{Case: theCase})
	if len(g.notes) != 1 || len(g.problems) > 0 || len(g.rows) != 3 {
		t.Fatalf("%+v", g)
	}
	holds(t, "notes", g.notes, "第2行A列", "“2E22”", "本列共3个")
}

// All caseids of a file together show what none shows alone.
func TestCaseIDsOfAFileThatWereNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	for name, c := range map[string]struct {
		id    func(i int) string
		notes int
		err   string
	}{
		"true":     {func(int) string { return digitsOf(r, 18) }, 0, ""},
		"doubles":  {func(int) string { return double(digitsOf(r, 18)) }, 0, "第2行A列（案件编号 caseid）：20个长编号中有"},
		"zeros":    {func(int) string { return digitsOf(r, 15) + "000" }, 20, ""},
		"in order": {func(i int) string { return fmt.Sprintf("202603160000%04d", i+1) }, 0, ""},
	} {
		text := "caseid," + headings
		for i := range 20 {
			text += c.id(i) + ",1,2,3,4\n"
		}
		g := readAll(t, write(t, "a.csv", text), Options{Case: api.Case{
			CaseName:         "n",
			CaseIntroduction: "i",
			Illegality:       "v",
			Penalty:          "p",
			PenaltyDate:      "2026-03-16",
			PenaltyOrg:       "o",
		}})
		if len(g.notes) != c.notes || len(g.problems) > 0 || (g.err != nil) != (c.err != "") {
			t.Errorf("%s: notes %q, problems %q, error %v", name, g.notes, g.problems, g.err)
		}
		if g.err != nil {
			holds(t, name, []string{g.err.Error()}, c.err)
		}
	}
}
