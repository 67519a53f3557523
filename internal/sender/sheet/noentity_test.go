package sheet

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

// Parts of the form are refused with their row; entities whose names are like them are not.
func TestPartsOfTheForm(t *testing.T) {
	top := "序号,pripid,uniscid,legal,enttype\n1,P,U,L,E\n"
	for row, want := range map[string]string{
		"序号,pripid,uniscid,legal,enttype":     "重复的标题行",
		"序号,身份代码,信用代码,法定代表人,企业类型":             "重复的标题行",
		"序号,企业类型,身份代码,统一社会信用代码,经营者":           "重复的标题行",
		"序 号,主体身份代码,统一社会 信用代码,法定代表人（负责人）*,类型": "重复的标题行",
		"合计,2,,,":     "“合计”行",
		",合计,,,":      "“合计”行",
		"合 计：,,,2,":   "行，不是市场主体",
		"总计2户,,,,":    "“总计2户”行",
		",小计,2,x,x":   "“小计”行",
		"共计,P,U,L,E":  "“共计”行",
		"共2户,,,,":     "“共2户”行",
		",共 12 户,,,":  "行，不是市场主体",
		"本页合计,1,1,1,": "“本页合计”行",
		"总户数：12,,,,":  "行，不是市场主体",
	} {
		g := readAll(t, write(t, "a.csv", top+row+"\n2,P2,U2,L,E\n"), Options{Case: theCase})
		if len(g.problems) != 1 || len(g.rows) != 2 {
			t.Errorf("%s: problems %q, error %v", row, g.problems, g.err)
			continue
		}
		holds(t, row, g.problems, "a.csv 第3行：", want)
	}
	for _, row := range []string{
		"1,150104000022017071732290,91150104MA0N967166,共计,1151",
		"2,150104000022017071732290,91150104MA0N967166,合计商贸有限公司,1151",
		"3,150104000022017071732290,91150104MA0N967166,共青,1151",
		"4,150104000022017071732290,91150104MA0N967166,小计,类型",
	} {
		if g := readAll(t, write(t, "a.csv", top+row+"\n"), Options{Case: theCase}); g.err != nil ||
			len(g.problems) > 0 || len(g.rows) != 2 {
			t.Errorf("%s: %+v", row, g)
		}
	}
	g := readAll(
		t,
		write(t, "a.csv", "caseid,"+headings+"A,1,2,3,4\ncaseid,pripid,uniscid,legal,enttype\nA,1,2,3,4\n"),
		Options{},
	)
	g.refused(t, "a.csv 第3行：该行是重复的标题行")
	g = readAll(t, write(t, "a.csv", "caseid,"+headings+"A,1,2,3,4\n合计,1,,,\n"), Options{})
	g.refused(t, "a.csv 第3行：该行是“合计”行")
}

// Rows with a number in sequence and nothing else are one problem for each run of them.
func TestNumbersInSequenceAreOneProblem(t *testing.T) {
	g := readAll(t, write(t, "a.csv", "序号,pripid,uniscid,legal,enttype\n1,P,U,L,E\n2,,,,\n3,　,,,\n4,P,U,L,E\n"+
		strings.Repeat("9,,,,\n", 115)), Options{Case: theCase})
	if len(g.problems) != 2 || len(g.rows) != 2 {
		t.Fatalf("%+v", g)
	}
	holds(t, "problems", g.problems, "第3行至第4行共2行", "首行为“2”", "第6行至第120行共115行")
	g = readAll(t, write(t, "a.csv", "备注,pripid,uniscid,legal,enttype\nx,P,U,L,E\n待补,,,,\n"), Options{Case: theCase})
	if len(g.problems) != 1 {
		t.Fatalf("%+v", g)
	}
	holds(t, "problems", g.problems, "第3行：该行没有市场主体的内容，只有“待补”")
}

// Headings of registers and of forms, with what nobody sees in them; one that stands in for another is told, and gives
// way to it.
func TestHeadingsOfRegisters(t *testing.T) {
	for _, h := range []string{
		"主体身份代码,统一社会信用代码,经营者,企业（机构）类型", "市场主体身份代码,统一社会信用代码,负责人,市场主体类型", "PRIPID,UNISCID,LEREP,ENTTYPE",
		"身份代码,信用代码,投资人,登记类型", "身份代码,统一社会信用代码（注册号）,经营者姓名,类型代码", "主体身份代码,统一社会信用代码,法人,主体类型",
		"主体身份代码,统一社会信用代码,执行事务合伙人,主体类型", "\u2060主体身份代码\u200e,\u00ad统一社会信用代码\ufe0f,\ufeff经营者,主体\u200d类型",
		"'主体身份代码,'统一社会信用代码,'法定代表人,'类型",
	} {
		g := readAll(t, write(t, "a.csv", h+"\nP,U,L,E\n"), Options{Case: theCase})
		if g.clean(t, api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"}); len(g.notes) > 0 {
			t.Errorf("%s: %q", h, g.notes)
		}
	}
	g := readAll(t, write(t, "a.csv", "主体身份代码,注册号,法定代表人,类型\nP,U,L,E\n"), Options{Case: theCase})
	g.clean(t, api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"})
	holds(t, "notes", g.notes, "第1行B列", "没有“统一社会信用代码”列，以“注册号”列代替")
	g = readAll(t, write(t, "a.csv", "主体身份代码,注册号,经营者,法定代表人,类型,信用代码\nP,N,X,L,E,U\n"), Options{Case: theCase})
	g.clean(t, api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"})
	holds(t, "notes", g.notes, "未使用：注册号、经营者")
	readAll(t, write(t, "a.csv", "主体身份代码,信用代码,经营者,投资人,类型\nP,U,X,L,E\n"), Options{Case: theCase}).
		refused(t, "“经营者”与“投资人”是同一项")
}

// Anything that exporters put around a text is taken off in every column, with one remark for each; what is in it
// stays.
func TestArtefactsInEveryColumn(t *testing.T) {
	row := []string{"A1", "案", "由", "违", "罚", "2026-03-16", "局", "P1", "U1", "张三", "1151"}
	all := "caseid,casename,caseintroduction,illegality,penalty,penaltydate,penaltyorg," + headings
	for name, wrap := range map[string]func(string) string{
		"tabs":            func(s string) string { return "\t" + s + "\t" },
		"apostrophe":      func(s string) string { return "'" + s },
		"formula":         func(s string) string { return `="` + s + `"` },
		"tab and formula": func(s string) string { return "\t=\"" + s + "\"" },
		"blank and quote": func(s string) string { return ` "` + s + `" ` },
	} {
		var cells []string
		for _, s := range row {
			cells = append(cells, wrap(s))
		}
		g := readAll(t, write(t, "a.csv", all+strings.Join(cells, ",")+"\n"), Options{})
		g.clean(t, api.Entity{PripID: "P1", UniscID: "U1", Legal: "张三", EntType: "1151"})
		if len(g.cases) != 1 || g.cases[0].CaseID != "A1" || g.cases[0].PenaltyDate != "2026-03-16" ||
			g.cases[0].PenaltyOrg != "局" || len(g.notes) < 11 {
			t.Errorf("%s: %+v", name, g)
		}
	}
	g := readAll(
		t,
		write(t, "a.csv", headings+"P,U,'Abd al-Rahman,E\nP,U,O'Neill,E\nP,U, 张三 ,E\n"),
		Options{Case: theCase},
	)
	g.clean(
		t,
		api.Entity{PripID: "P", UniscID: "U", Legal: "'Abd al-Rahman", EntType: "E"},
		api.Entity{PripID: "P", UniscID: "U", Legal: "O'Neill", EntType: "E"},
		api.Entity{PripID: "P", UniscID: "U", Legal: " 张三 ", EntType: "E"},
	)
	readAll(t, write(t, "a.csv", headings+"P, \"91,X\",张三,E\n"), Options{Case: theCase}).
		clean(t, api.Entity{PripID: "P", UniscID: "91,X", Legal: "张三", EntType: "E"})
	for _, date := range []string{
		"2026-03-16 ", " 2026-03-16", "2026-03-16\u00a0", "\u200b2026-03-16", "2026/3/16\t", "2026年3月16日　",
		"\"2026-03-16\r\n\"",
	} {
		g := readAll(t, write(t, "a.csv", "penaltydate,"+headings+date+",1,2,张三,4\n"), Options{Case: api.Case{
			CaseID:           "A",
			CaseName:         "n",
			CaseIntroduction: "i",
			Illegality:       "v",
			Penalty:          "p",
			PenaltyOrg:       "o",
		}})
		if len(g.cases) != 1 || g.cases[0].PenaltyDate != "2026-03-16" || len(g.notes) == 0 {
			t.Errorf("%q: %+v", date, g)
		}
	}
}

// Anything that nobody sees in a text of the case is remarked on; the text goes as it is.
func TestStraysInTexts(t *testing.T) {
	for text, want := range map[string]string{
		"停业案":       "",
		"停业案 ":      "U+0020",
		"停业\u200b案": "U+200B",
		"停业案\u00a0": "U+00A0",
		"\ufeff停业案": "U+FEFF",
		"停业\u202e案": "U+202E",
		"一、停业　二、失联": "",
		"第一段\n第二段":  "",
		"停业案\n":     "U+000A",
	} {
		g := readAll(t, write(t, "a.csv", "casename,"+headings+"\""+text+"\",1,2,3,4\n"), Options{Case: api.Case{
			CaseID:           "A",
			CaseIntroduction: "i",
			Illegality:       "v",
			Penalty:          "p",
			PenaltyDate:      "2026-03-16",
			PenaltyOrg:       "o",
		}})
		if len(g.cases) != 1 || g.cases[0].CaseName != text || len(g.notes) > 0 != (want != "") {
			t.Errorf("%q: %+v", text, g)
		} else if want != "" {
			holds(t, text, g.notes, "第2行A列（案件名称 casename）", want)
		}
	}
}

// The errors of formulas in every spelling, and texts that begin as they do.
func TestFaultsOfEveryProgram(t *testing.T) {
	for _, v := range []string{
		"#FIELD!", "#BUSY!", "#GETTING_DATA", "#BLOCKED!", "#CONNECT!", "#EXTERNAL!", "#UNKNOWN!", "#PYTHON!", "#N/A!",
		"#NAME?", "#name?", " #N/A ", "＃REF！", "#ERROR!", "#TIMEOUT!", "Err:502", "err:508", "#ERR:504", "错误:502",
		"错误：504", "#错误", "#错误!", "#DIV/0!", "###",
	} {
		if g := readAll(t, write(t, "a.csv", headings+"1,2,"+v+",4\n"), Options{Case: theCase}); len(g.problems) != 1 ||
			len(g.rows) != 0 {
			t.Errorf("%s: %+v", v, g)
		} else {
			holds(t, v, g.problems, "第2行C列", "错误值")
		}
	}
	for _, v := range []string{"#1", "#张三", "Error Chen", "错误", "Err", "#A!B", "张#N/A"} {
		readAll(t, write(t, "a.csv", headings+"1,2,"+v+",4\n"), Options{Case: theCase}).
			clean(t, api.Entity{PripID: "1", UniscID: "2", Legal: v, EntType: "4"})
	}
}

// Text under the name of a workbook is read; pages are refused without sending anybody to a spreadsheet.
func TestTextUnderOtherNames(t *testing.T) {
	tabs := strings.ReplaceAll(headings+"150104000022017071732290,U,张三,E\n", ",", "\t")
	for name, text := range map[string]string{
		"a.xls": tabs,
		"b.xls": gbk(tabs),
		"c.et":  strings.ReplaceAll(tabs, "\t", ","),
	} {
		g := readAll(t, write(t, name, text), Options{Case: theCase})
		g.clean(t, api.Entity{PripID: "150104000022017071732290", UniscID: "U", Legal: "张三", EntType: "E"})
		holds(t, name, g.notes, "内容却是文本", "不要用 Excel 打开后另存")
	}
	for name, text := range map[string]string{
		"a.xls":  "<table>",
		"b.xls":  "\ufeff<?xml version=\"1.0\"?>",
		"c.xls":  "MIME-Version: 1.0\n",
		"d.xlsx": headings + "1,2,3,4\n",
		"e.csv":  "<html>",
	} {
		g := readAll(t, write(t, name, text), Options{Case: theCase})
		g.refused(t, "原系统重新导出", "不要用 Excel 或 WPS 打开后另存")
	}
}
