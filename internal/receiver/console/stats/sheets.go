package stats

import (
	"fmt"
	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/rules"
)

// figureHeads are the columns of all figures: a rate has its two numbers beside it, a span how many it is of.
func figureHeads() (hs []page.Head) {
	for _, f := range statistics.Figures() {
		switch f.Of(statistics.Part{Counts: statistics.NewCounts()}).Kind {
		case statistics.Rate, statistics.PerThousand:
			hs = append(hs, page.Head{Title: f.Title, Figure: true}, page.Head{Title: f.Title + "：分子", Number: true},
				page.Head{Title: f.Title + "：分母", Number: true})
		case statistics.Span:
			hs = append(hs, page.Head{Title: f.Title + "：中位数（天）", Number: true},
				page.Head{Title: f.Title + "：九成（天）", Number: true}, page.Head{Title: f.Title + "：个数", Number: true})
		default:
			hs = append(hs, page.Head{Title: fmt.Sprintf("%s（%s）", f.Title, f.Unit), Number: true})
		}
	}
	return hs
}

// figureCells are the cells of figureHeads.
func figureCells(p statistics.Part, final, byOrgan bool) (cells []string) {
	for _, f := range statistics.Figures() {
		v := f.Of(p)
		switch v.Kind {
		case statistics.Rate, statistics.PerThousand:
			text := v.String()
			if v.Small() {
				text = ""
			}
			cells = append(cells, text, strconv.Itoa(v.N), strconv.Itoa(v.Of))
		case statistics.Span:
			cells = append(cells, percentile(v.Days, 50), percentile(v.Days, 90), strconv.Itoa(v.Days.N()))
		default:
			text := strconv.Itoa(v.N)
			if f.NotFinal && final || f.NotByOrgan && byOrgan {
				text = ""
			}
			cells = append(cells, text)
		}
	}
	return cells
}

func percentile(d statistics.Days, percent int) string {
	days, ok := d.Percentile(percent)
	if !ok {
		return ""
	}
	return strconv.Itoa(days)
}

func monthSheet(lines []statistics.Line) page.List {
	var rows [][]string
	s := page.List{Title: "按月", Heads: append([]page.Head{{Title: "月份"}, {Title: "结账"}, {Title: "截至"}},
		figureHeads()...)}
	for _, l := range lines {
		p := statistics.Part{Counts: l.Counts, Refused: l.Refused}
		state := stateText(l)
		rows = append(rows, append([]string{string(l.Month), state[len("（") : len(state)-len("）")], l.AsOf},
			figureCells(p, l.Closed, false)...))
	}
	s.Rows = page.RowsOf(rows)
	return s
}

// versions are the numbers of a month: those it was closed with, and what they are corrected to.
func versions(r statistics.Report) []version {
	if r.Closed.IsZero() {
		return []version{{"未结", r.Numbers}}
	}
	vs := []version{{"已结", r.Numbers}}
	if r.Now != nil {
		vs = append(vs, version{"更正为", *r.Now})
	}
	return vs
}

type version struct {
	title string
	statistics.Numbers
}

// partHeads are the columns of the parts of a month.
func partHeads(title string) []page.Head {
	return append([]page.Head{{Title: title, Width: 32}, {Title: "结账"}}, figureHeads()...)
}

func appSheet(r statistics.Report) page.List {
	var rows [][]string
	s := page.List{Title: "按报送单位", Heads: partHeads("报送应用")}
	for _, v := range versions(r) {
		for _, p := range v.ByApp() {
			name := r.Apps[p.App]
			if p.App == 0 {
				name = unknownApp
			}
			rows = append(rows, append([]string{name, v.title}, figureCells(p, v.Final, false)...))
		}
	}
	s.Rows = page.RowsOf(rows)
	return s
}

// unknownApp names calls whose app is not known.
const unknownApp = "不能识别的应用"

func organSheet(r statistics.Report) page.List {
	var rows [][]string
	s := page.List{Title: "按机关", Heads: partHeads("处罚决定机关")}
	for _, v := range versions(r) {
		for _, p := range v.ByOrgan() {
			rows = append(rows, append([]string{p.Organ, v.title}, figureCells(p, v.Final, true)...))
		}
	}
	s.Rows = page.RowsOf(rows)
	return s
}

// ruleSheet is findings by rule, firms by verdict and refused calls by code.
func ruleSheet(r statistics.Report) page.List {
	var rows [][]string
	s := page.List{Title: "规则", Heads: []page.Head{{Title: "类别"}, {Title: "代码"}, {Title: "程度"},
		{Title: "名称", Width: 40}, {Title: "结账"}, {Title: "数量", Number: true}, {Title: "每千户"}}}
	for _, v := range versions(r) {
		sum := v.Summary()
		for _, no := range rules.All() {
			if n := sum.Findings[no.No]; n > 0 {
				rows = append(rows, []string{"核验提示（条）", strconv.Itoa(no.No), no.Severity.String(), no.Title,
					v.title, strconv.Itoa(n), sum.PerThousand(n).String()})
			}
		}
		for w := register.NotCompared; w < register.Stale; w++ {
			n := sum.Verdicts[int(w)]
			rows = append(rows, []string{"比对结论（户）", "", "", w.String(), v.title, strconv.Itoa(n),
				sum.PerThousand(n).String()})
		}
	}
	for _, c := range codeRows(r) {
		rows = append(rows, []string{"被拒调用（次）", c.Code, "", c.Meaning, "", strconv.Itoa(c.N), ""})
	}
	s.Rows = page.RowsOf(rows)
	return s
}

// closingWords say when a month is closed.
const closingWords = "月末后第20个工作日届满后自动结账：本月受理的案件都已到公示期限，数字截至该日，不再改变；" +
	"以后重新计算不同的，列为“更正为”。"

// formulaSheet is what each number means.
func formulaSheet(r statistics.Report) page.List {
	var rows [][]string
	s := page.List{Title: "口径", Heads: []page.Head{{Title: "指标", Width: 24}, {Title: "单位"},
		{Title: "口径", Width: 100, Wrap: true}}}
	for _, f := range statistics.Figures() {
		rows = append(rows, []string{f.Title, f.Unit, f.Formula})
	}
	rows = append(rows,
		[]string{"分母不足30", "", "只列分子和分母，不计算百分率、千分率。"},
		[]string{"结账", "", closingWords},
		[]string{"截至", "", r.AsOf})
	if !r.Closed.IsZero() {
		rows = append(rows, []string{"内容摘要（SHA-256）", "", fmt.Sprintf("%x", r.Digest)})
	}
	if r.CallsFrom != "" {
		rows = append(rows, []string{"被拒调用不完整", "", "调用记录只保留了" + r.CallsFrom + "以后的。"})
	}
	s.Rows = page.RowsOf(rows)
	return s
}
