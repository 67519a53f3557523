package firms

import (
	"cmp"
	"slices"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
)

// stateCount is how many firms have a state.
type stateCount struct {
	page.Tag
	Rows int
}

// oddityCount is how many rows have an oddity, with the first of them.
type oddityCount struct {
	Title, Hint string
	Rows        int
	Samples     []register.Sample
}

// oddityHints say in Chinese what follows from what is odd about rows.
var oddityHints = map[register.Oddity]string{
	register.OddShared:   "不同的存续主体有同一统一社会信用代码；只凭该代码比对时为“一码多户”。",
	register.OddCheck:    "按原样收入；清单中的正确代码不会与之相同。",
	register.OddNoCode:   "只能以主体身份代码比对。",
	register.OddNoPripID: "只能以信用代码或注册号比对。",
	register.OddForm:     "已统一写法后收入。",
	register.OddState:    "按“状态不明”收入；可在状态对照表中补充后重新导入。",
	register.OddDate:     "该日期留空。",
}

// countsOf are the states and oddities of a report, the states with most rows first.
func countsOf(r register.Report) (states []stateCount, oddities []oddityCount) {
	for s, n := range r.States {
		if n > 0 {
			states = append(states, stateCount{page.FirmStateTag(s), n})
		}
	}
	slices.SortFunc(states, func(a, b stateCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Text, b.Text))
	})
	for _, o := range register.Oddities() {
		if n := r.Oddity[o]; n > 0 {
			oddities = append(oddities, oddityCount{o.Title(), oddityHints[o], n, samplesOf(r, o)})
		}
	}
	return states, oddities
}

func samplesOf(r register.Report, o register.Oddity) (ss []register.Sample) {
	for _, s := range r.Samples {
		if s.Oddity == o {
			ss = append(ss, s)
		}
	}
	return ss
}
