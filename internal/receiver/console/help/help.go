// Package help is the pages on which operators look up what the console names: states, rules, error codes, types and
// keys. Each is made from the table that the program itself works by, so that none can be out of date.
package help

import (
	"embed"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// Pages are the pages of help, for everybody who is signed in.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Get("/help", intake.OwnVisit, statesPage),
		page.Get("/help/rules", intake.OwnVisit, rulesPage),
		page.Get("/help/codes", intake.OwnVisit, codesPage),
		page.Get("/help/types", intake.OwnVisit, typesPage),
	}}
}

// entry is a word of the console with what it means.
type entry struct{ Word, Class, Means string }

// statesData is the first page of help.
type statesData struct{ States, Holds, Outcomes []entry }

// stateMeanings are in the order of release.States.
var stateMeanings = []string{
	"案件已受理，核验尚未完成，稍后自动完成。",
	"没有严重提示和警示，与主体库比对一致；或者已由操作员核对一致。可以申请放行。",
	"存在下列暂缓原因之一，须与登记系统核对。核对一致后转为可放行；仍要放行的，须写明理由，由两人办理。",
	"已由两人办理放行，可以登记公示。",
	"已由两人决定不予公示。",
	"所在案件已退回报送单位，可以用原案件编号重新报送。",
}

// holdMeanings are in the order of their bits.
var holdMeanings = []string{
	"该户有严重提示，或者后来的案件与它矛盾：清单可能存在主体填报错误。",
	"案件本身有严重提示，涉及清单中的全部主体，须对案件核对无误。",
	"该户有警示。",
	"与主体库的比对结论不是一致。",
	"没有主体库，或者本案尚未与主体库比对。",
	"主体库数据截止日距今超过安全策略“主体库有效天数”。",
	"操作员核对的结果为不一致。",
	"操作员核对的结果为待查，须继续核实。",
}

func statesPage(*page.Request) (page.Answer, error) {
	var d statesData
	for i, s := range release.States() {
		d.States = append(d.States, entry{Word: s.String(), Means: stateMeanings[i]})
	}
	for i, means := range holdMeanings {
		for _, title := range release.Holds(1 << i).Titles() {
			d.Holds = append(d.Holds, entry{Word: title, Means: means})
		}
	}
	d.Outcomes = []entry{
		{release.Agrees.String(), "", "所报内容与登记系统一致。以后出现新的疑点时，须重新核对。"},
		{release.Differs.String(), "", "所报内容与登记系统不一致，一般应当退回或者不予公示。"},
		{release.Unclear.String(), "", "尚不能确定，须继续核实，可写明备注。"},
	}
	return page.View{Template: "help_states", Title: "帮助", Data: d}, nil
}

// ruleRow is a rule with how its severity is marked.
type ruleRow struct {
	rules.Rule
	Class string
}

func rulesPage(*page.Request) (page.Answer, error) {
	classes := map[rules.Severity]string{rules.Severe: "severe", rules.Warning: "warning", rules.Notice: "mild"}
	var rows []ruleRow
	for _, r := range rules.All() {
		rows = append(rows, ruleRow{r, classes[r.Severity]})
	}
	return page.View{Template: "help_rules", Title: "核验规则", Data: rows}, nil
}

func codesPage(*page.Request) (page.Answer, error) {
	return page.View{Template: "help_codes", Title: "错误代码", Data: api.Codes()}, nil
}

// typeRow is a type with the name of its group.
type typeRow struct {
	rules.EntType
	Group string
}

func typesPage(*page.Request) (page.Answer, error) {
	var rows []typeRow
	for _, t := range rules.EntTypes() {
		group, _ := rules.EntTypeByCode(t.Parent)
		rows = append(rows, typeRow{t, group.Name})
	}
	return page.View{Template: "help_types", Title: "主体类型", Data: rows}, nil
}
