package register_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// tables are the tables of docs/verdicts.md by their first heading.
func tables(t *testing.T) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/verdicts.md")
	if err != nil {
		t.Fatal(err)
	}
	all, heading := map[string][][]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch cells := strings.Split(strings.Trim(line, "|"), "|"); {
		case !strings.HasPrefix(line, "|"):
			heading = ""
		case strings.HasPrefix(line, "|--"):
		case heading == "":
			heading = strings.TrimSpace(cells[0])
			for all[heading] != nil {
				heading += "2"
			}
		default:
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			all[heading] = append(all[heading], cells)
		}
	}
	return all
}

// The rules of docs/verdicts.md are those of the program, with their severities and titles.
func TestRulesInVerdicts(t *testing.T) {
	listed := 0
	for _, row := range tables(t)["次序"] {
		no, _ := strconv.Atoi(row[1])
		if r, ok := rules.ByNo(no); !ok || r.Severity.String() != row[2] || r.Title != row[3] {
			t.Errorf("%v: %+v", row, r)
		}
		listed++
	}
	for _, r := range rules.All() {
		if r.No > 800 {
			listed--
		}
	}
	if listed != 0 {
		t.Errorf("%d rules too many", listed)
	}
}

// The examples of docs/verdicts.md come out as it says.
func TestExamplesInVerdicts(t *testing.T) {
	a := register.Firm{RowNo: 1, PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Name: "甲公司",
		Legal: "乌云其木格", EntType: "1130", State: register.Live}
	b := register.Firm{RowNo: 2, PripID: "B", UniscID: code1, Name: "乙公司", State: register.Live}
	sent := api.Entity{PripID: a.PripID, UniscID: a.UniscID, Legal: a.Legal, EntType: a.EntType}
	said := func(e api.Entity, firms ...register.Firm) string {
		r := register.Match(e, "2026-03-16", lookUp(firms, register.KeysOf(e)), func(string, int, rules.Detail) {})
		return fmt.Sprintf("%s（%d", r.Verdict, r.Rule)
	}
	all := tables(t)
	for _, row := range all["报送的身份代码"] {
		e := api.Entity{PripID: row[0], UniscID: row[1], Legal: row[2], EntType: "1130"}
		if got := said(e, a, b); !strings.HasPrefix(row[3], strings.TrimSuffix(got, "（0")) {
			t.Errorf("%v: %s", row, got)
		}
	}
	words := map[string]string{"相同": "一致（0", "不比对": "一致（0", "不同": "不一致（806", "略有出入": "不一致（813"}
	for _, row := range all["报送"] {
		e, f := sent, a
		e.Legal, f.Legal = row[0], row[1]
		if got := said(e, f); got != words[row[2]] {
			t.Errorf("%v: %s", row, got)
		}
	}
	words["不同"] = "不一致（807"
	for _, row := range all["报送2"] {
		e, f := sent, a
		e.EntType, f.EntType = row[0], row[1]
		if got := said(e, f); got != words[row[2]] {
			t.Errorf("%v: %s", row, got)
		}
	}
	if len(all["报送的身份代码"]) < 9 || len(all["报送"]) < 17 || len(all["报送2"]) < 9 {
		t.Error("docs/verdicts.md has lost examples")
	}
}
