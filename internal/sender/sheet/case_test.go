package sheet

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

const allHeadings = "案件编号,案件名称,案由,违法行为,处罚内容,处罚决定日期,处罚决定机关," + headings

// without is theCase without its number.
func without() api.Case {
	c := theCase
	c.CaseID = ""
	return c
}

func TestCasesInColumns(t *testing.T) {
	g := readAll(t, write(t, "a.csv", allHeadings+
		"A1,案,由,违,罚,2026/3/16,局,P1,U1,L1,E1\nA1,,,,,,,P2,U2,L2,E2\nB2,案2,由,违,罚,2026-03-17,局,P3,U3,L3,E3\n"), Options{})
	if g.err != nil || len(g.problems) > 0 || len(g.cases) != 2 || len(g.cases[0].PenaltyList) != 2 ||
		len(g.cases[1].PenaltyList) != 1 {
		t.Fatalf("%+v", g)
	}
	first := g.cases[0]
	if first.PenaltyList = nil; textsOf(first) != textsOf(theCase) || g.cases[1].CaseName != "案2" ||
		g.cases[1].PenaltyDate != "2026-03-17" {
		t.Errorf("%+v", g.cases)
	}
}

// One number in several spellings is one case.
func TestRunsOfOneCase(t *testing.T) {
	g := readAll(
		t,
		write(t, "a.csv", "caseid,"+headings+"A1,1,1,1,1\n'A1,2,2,2,2\n=\"A1\",3,3,3,3\nA1\t,4,4,4,4\nA2,5,5,5,5\n"),
		Options{Case: without()},
	)
	if g.err != nil || len(g.problems) > 0 || len(g.cases) != 2 || len(g.cases[0].PenaltyList) != 4 ||
		len(g.cases[1].PenaltyList) != 1 {
		t.Errorf("%+v", g)
	}
}

func TestCaseNumbersThatDoNotHoldTogether(t *testing.T) {
	for _, c := range []struct {
		text string
		flag api.Case
		want []string
	}{
		{"A,1,2,3,4\nB,1,2,3,4\nA,1,2,3,4\n", without(), []string{"第4行A列", "“A”在第2行已出现过", "排序"}},
		{"A,1,2,3,4\n,1,2,3,4\n", without(), []string{"第3行A列", "没有案件编号，别的行却有"}},
		{",1,2,3,4\nA,1,2,3,4\n", without(), []string{"第2行A列", "没有案件编号，别的行却有"}},
		{"A1,1,2,3,4\nA2,1,2,3,4\n", theCase, []string{"第3行A列", "“A2”与命令行给出的“A1”不一致"}},
	} {
		readAll(t, write(t, "a.csv", "caseid,"+headings+c.text), Options{Case: c.flag}).refused(t, c.want...)
	}
}

func TestTextsThatContradict(t *testing.T) {
	g := readAll(
		t,
		write(t, "a.csv", "caseid,casename,"+headings+"A,甲,1,2,3,4\nA,乙,1,2,3,4\nA,甲,5,6,7,8\n"),
		Options{Case: without()},
	)
	holds(t, "problems", g.problems, "第2行B列（案件名称 casename）：“甲”与命令行给出的“案”不一致", "第3行B列（案件名称 casename）：“乙”与同一案件第2行的“甲”不一致")
	if len(g.rows) != 2 {
		t.Errorf("%d rows", len(g.rows))
	}
}

func TestTextsThatAreMissing(t *testing.T) {
	c := theCase
	c.Penalty, c.PenaltyOrg = "", ""
	g := readAll(t, write(t, "a.csv", headings+"1,2,3,4\n"), Options{Case: c})
	holds(t, "problems", g.problems, "第2行：没有处罚内容、处罚决定机关", "工作表“案件”", "命令行")
	if len(g.problems) != 1 {
		t.Errorf("%q", g.problems)
	}
}

func TestManyCases(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	b.WriteString("caseid," + headings)
	for i := range n {
		b.WriteString("A" + grid.ColumnName(i) + ",1,2,3,4\n")
	}
	g := readAll(t, write(t, "a.csv", b.String()), Options{Case: without()})
	if g.err != nil || len(g.problems) > 0 || len(g.cases) != n || len(g.rows) != n {
		t.Errorf("%d cases, %d rows, problems %q, error %v", len(g.cases), len(g.rows), g.problems, g.err)
	}
}
