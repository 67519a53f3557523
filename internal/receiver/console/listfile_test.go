package console_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// table is the first sheet of a file as another library reads it.
type table struct {
	Name, Page, Foot string
	Rows             [][]any
	Frozen           int
	Filter           any
	Widths           []float64
}

// readTable has a library of node read a file that was downloaded.
func readTable(t *testing.T, library string, file answer) (r table) {
	t.Helper()
	if file.Status != 200 {
		t.Fatalf("%d %s", file.Status, text(file.Body))
	}
	name := filepath.Join(t.TempDir(), "file.xlsx")
	err := os.WriteFile(name, []byte(file.Body), 0o600)
	tools, pathErr := filepath.Abs("../../../.cache/npm/node_modules")
	c := exec.CommandContext(t.Context(), "node", "testdata/tables.cjs", library, name)
	c.Env = append(os.Environ(), "NODE_PATH="+tools)
	c.Stderr = t.Output()
	if err != nil || pathErr != nil {
		t.Fatal(err, pathErr)
	}
	out, err := c.Output()
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		t.Fatalf("%v; scripts/npm.sh installs what is missing", err)
	}
	return r
}

// nameOf is the name under which a browser saves a file.
func nameOf(t *testing.T, file answer) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(file.Header.Get("Content-Disposition"))
	if err != nil {
		t.Fatal(err)
	}
	return params["filename"]
}

// column are the values under a head, which is in the third row of a workbook.
func (r table) column(t *testing.T, head string) (values []any) {
	t.Helper()
	i := slices.Index(r.Rows[2], any(head))
	if i < 0 {
		t.Fatalf("no column %s in %v", head, r.Rows[2])
	}
	for _, row := range r.Rows[3:] {
		values = append(values, append(row, make([]any, i+1)...)[i])
	}
	return values
}

func is(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// twoCodes are rows that say two credit codes of one pripid, differing at the eighth and later characters.
func twoCodes() []api.Entity {
	return []api.Entity{
		{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓", EntType: "1151"},
		{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}}
}

// The lists of chosen cases leave in one file: each row has its case, findings their details, and the workbook is ready
// to be read and printed. The audit has each case.
func TestListsOfChosenCases(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	first := s.send(aCase("呼市监处罚〔2026〕1号", twoCodes()...))
	second := s.send(aCase("2026/11", manyEntities(3)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	clerk.post("/cases/"+second+"/reveal", "text", "核对公告名单")
	file := clerk.do("POST", "/cases/lists", form("kind", "xlsx", "acceptid", first, "acceptid", second))
	is(t, "name of the file", nameOf(t, file), "市场主体清单_2件案件_20261124-093000.xlsx")
	r := readTable(t, "exceljs", file)
	all := readTable(t, "exceljs",
		clerk.do("POST", "/cases/lists", form("kind", "xlsx", "all", "1", "acceptid", first)))
	is(t, "rows of all cases", len(all.Rows), len(r.Rows))
	is(t, "sheet", r.Name, "市场主体清单")
	is(t, "title", r.Rows[0], "[市场主体清单　2件案件]")
	wants(t, fmt.Sprint(r.Rows[1]), "导出人：业务员clerk（clerk）", "导出时间：2026-11-24 09:30:00", "选中的2件案件的清单")
	is(t, "acceptids", r.column(t, "受理号"), []string{first, first, second, second, second})
	is(t, "caseids", r.column(t, "案件编号"), []string{"呼市监处罚〔2026〕1号", "呼市监处罚〔2026〕1号", "2026/11", "2026/11", "2026/11"})
	is(t, "numbers", r.column(t, "清单序号"), []int{1, 2, 1, 2, 3})
	is(t, "names", r.column(t, "法定代表人"), []string{"阿***", "宋***", "阿拉坦仓", "阿拉坦仓", "阿拉坦仓"})
	for _, head := range []string{"受理号", "案件编号", "统一社会信用代码", "身份代码", "类型"} {
		for _, v := range r.column(t, head) {
			if _, isText := v.(string); !isText {
				t.Errorf("%s: %v is no text", head, v)
			}
		}
	}
	is(t, "gravest", r.column(t, "最重提示")[1], "严重")
	wants(t, fmt.Sprint(r.column(t, "核验提示")[1]), "严重：同一身份代码对应不同信用代码：本条“91150103MA0R9M0D7K”", "第8、12、14、15、16、17、18位不同")
	is(t, "rows in view", r.Frozen, 3)
	is(t, "filter", r.Filter, fmt.Sprintf("$A$3:$%c$8", 'A'+len(r.Rows[2])-1))
	is(t, "on paper", r.Page, "landscape 9 1 0 1:3")
	is(t, "foot", r.Foot, "&C第&P页，共&N页")
	if slices.Min(r.Widths) == slices.Max(r.Widths) {
		t.Errorf("all columns are %v wide", r.Widths[0])
	}
	trail := text(h.enter(intake.Auditor, "auditor").see("/audit"))
	for id, rows := range map[string]string{first: "2行；条件：选中的2件案件的清单，姓名遮盖",
		second: "3行；条件：选中的2件案件的清单，姓名完整"} {
		wants(t, strings.ReplaceAll(trail, " console:clerk ", " "), id+" xlsx，"+rows)
	}
}

// The list of a case that is not verified leaves as it was sent, and says that nobody has looked for doubts.
func TestListOfUnverified(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", twoCodes()...))
	clerk := h.enter(intake.Clerk, "clerk")
	r := readTable(t, "exceljs", clerk.do("POST", "/cases/lists", form("kind", "xlsx", "acceptid", id)))
	is(t, "names", r.column(t, "法定代表人"), []string{"阿***", "宋***"})
	is(t, "gravest", r.column(t, "最重提示"), []string{"尚未核验", "尚未核验"})
	if a := clerk.do("POST", "/cases/lists", form("kind", "xlsx")); a.Status != 400 ||
		!strings.Contains(text(a.Body), "没有选中案件") {
		t.Errorf("no case: %d", a.Status)
	}
	if a := clerk.do("POST", "/cases/lists", form("kind", "csv", "acceptid", "202611240000000999")); a.Status != 404 {
		t.Errorf("a case that is not there: %d", a.Status)
	}
}

// A program that guesses numbers in CSV, as spreadsheets do, takes no code for one; without the apostrophe in front a
// text is as it was sent. Counts and days are as they are.
func TestCodesInCSV(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	caseIDs := []string{"202611", "3/15", "1E5", "'2", "=1+1", "呼市监处罚〔2026〕1号", "MAR1", "12", "3月15日", "５"}
	for _, id := range caseIDs {
		s.send(aCase(id, manyEntities(1)...))
	}
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	file := clerk.do("POST", "/cases/export?sort=received&order=asc", form("kind", "csv"))
	is(t, "name of the file", nameOf(t, file), "案件_20261124-093000.csv")
	r := readTable(t, "sheetjs", file)
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\uFEFF"))).ReadAll()
	h.must(err)
	at := func(head string) int { return slices.Index(records[0], head) }
	for i, id := range caseIDs {
		guessed := r.Rows[i+1]
		if v, isText := guessed[at("案件编号")].(string); !isText || strings.TrimPrefix(v, "'") != id {
			t.Errorf("caseid %q: %v", id, guessed[at("案件编号")])
		}
		if v, isText := guessed[at("受理号")].(string); !isText || len(v) != 19 {
			t.Errorf("acceptid: %v", guessed[at("受理号")])
		}
		if guessed[at("户数")] != 1.0 || records[i+1][at("处罚决定日期")] != "2026-11-16" {
			t.Errorf("a count or a day is changed: %v", records[i+1])
		}
	}
	list := clerk.do("POST", "/cases/"+strings.TrimPrefix(records[1][at("受理号")], "'")+"/list", form("kind", "csv"))
	wants(t, list.Body, "'150104000022017071000000,阿***,'1151,")
	is(t, "name of the list", nameOf(t, list), "市场主体清单_202611_"+strings.TrimPrefix(records[1][at("受理号")], "'")+
		"_20261124-093000.csv")
	for _, row := range readTable(t, "sheetjs", list).Rows[1:] {
		for i, v := range row {
			if _, isNumber := v.(float64); isNumber && i != 2 {
				t.Errorf("column %d is the number %v", i, v)
			}
		}
	}
}
