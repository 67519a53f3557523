package conformance

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
)

//go:embed page.html
var pageText string

// pageTemplate is parsed once; an error in it is found by the first test.
var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"beijing": func(t time.Time) string {
		return t.In(beijingtime.Zone).Format("2006-01-02 15:04:05") + "（北京时间）"
	},
	"took": func(r Report) string { return r.Ended.Sub(r.Began).String() },
	"class": func(o Outcome) string {
		return map[Outcome]string{Passed: "pass", Failed: "fail", NotOffered: "lack", NotTested: "skip"}[o]
	},
	"weight": func(q Requirement) string {
		return map[Requirement]string{Must: "必须", Should: "建议"}[q]
	},
	"outcomes": Outcomes,
	"count":    func(r Report, o Outcome) int { return r.Counts[o] },
	"short":    short,
}).Parse(pageText))

// short is a text in one line of a table.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 160 {
		return string(r[:160]) + "…"
	}
	return s
}

// WritePage writes the report as one self-contained page, to be read, printed and signed. It holds the report's JSON,
// by which Verify can tell whether the page was altered.
func (r Report) WritePage(w io.Writer) error { return pageTemplate.Execute(w, r) }
