package conformance

import (
	"regexp"
	"strings"

	"diaoxiao/docs"
)

// Clause is a clause of the document with something to demand, or a decision of docs/divergences.md.
type Clause struct {
	No    string `json:"no"`
	Title string `json:"title"`
	Text  string `json:"text,omitempty"` // of a decision: the question, or the contradiction, and how it is read
}

// Clauses lists all clauses of the document from chapter 2 on and all decisions, in order. Each has at least one check.
func Clauses() []Clause {
	clauses := []Clause{
		{No: "2.1", Title: "接口组成"},
		{No: "2.2", Title: "REST风格"},
		{No: "2.3", Title: "错误信息结构"},
		{No: "2.4", Title: "调用流程"},
		{No: "3.1", Title: "安全会话接口"},
		{No: "3.1.1", Title: "登录"},
		{No: "3.1.2", Title: "退出登录"},
		{No: "3.2", Title: "接收批量吊销信息"},
		{No: "4.1", Title: "吊销市场主体清单"},
		{No: "5.1", Title: "错误码定义"},
	}
	for _, row := range decision.FindAllStringSubmatch(docs.Divergences(), -1) {
		clauses = append(clauses, Clause{
			No:    row[1],
			Title: titleOf(row[1], plainText(row[2])),
			Text:  textOf(row[1], plainText(row[2]), plainText(row[3])),
		})
	}
	return clauses
}

// decision is a row of the tables of docs/divergences.md: number, question, answer.
var decision = regexp.MustCompile(`(?m)^\| ([CS]\d+) \| (.+?) \| (.+?) \|$`)

// titles are short names of the decisions about contradictions, which the table describes at length.
var titles = map[string]string{
	"C1": "登录应答的写法",
	"C2": "受理号的写法",
	"C3": "错误信息的成员",
	"C4": "12002 的说明",
	"C5": "请求方法",
	"C6": "登录的参数",
	"C7": "注销的请求和应答",
}

func titleOf(no, question string) string {
	if t, ok := titles[no]; ok {
		return t
	}
	return question
}

// textOf is a decision in one sentence.
func textOf(no, question, answer string) string {
	if strings.HasPrefix(no, "C") {
		return "规范前后不一：" + question + "。读法：" + answer
	}
	return "规范没有写明：" + question + "。读法：" + answer
}

var (
	link       = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	backquotes = strings.NewReplacer("`", "", "本系统", "接收方", "  ", " ")
)

// plainText is a cell without its markup.
func plainText(cell string) string { return backquotes.Replace(link.ReplaceAllString(cell, "$1")) }

// Group is the results of one clause.
type Group struct {
	Clause
	Results []Result
}

// Groups are the results by clause, in order, without empty ones.
func (r Report) Groups() (groups []Group) {
	for _, c := range Clauses() {
		g := Group{Clause: c}
		for _, res := range r.Results {
			if res.Clause() == c.No {
				g.Results = append(g.Results, res)
			}
		}
		if len(g.Results) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Basis is the sentence of the decision that a check belongs to; "" for a clause of the document.
func (r Report) Basis(res Result) string {
	for _, c := range r.Clauses {
		if c.No == res.Clause() {
			return c.Text
		}
	}
	return ""
}
