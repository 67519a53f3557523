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

// oddityTitles say in Chinese what is odd about rows, and what follows from it.
var oddityTitles = []struct {
	oddity      register.Oddity
	title, hint string
}{
	{register.OddShared, "重码", "不同的存续主体有同一统一社会信用代码；只凭该代码比对时为“一码多户”。"},
	{register.OddCheck, "信用代码校验位不符", "按原样收入；清单中的正确代码不会与之相同。"},
	{register.OddNoCode, "没有信用代码和注册号", "只能以主体身份代码比对。"},
	{register.OddNoPripID, "没有主体身份代码", "只能以信用代码或注册号比对。"},
	{register.OddForm, "代码含全角、小写或空格", "已统一写法后收入。"},
	{register.OddState, "登记状态不识别", "按“状态不明”收入；可在状态对照表中补充后重新导入。"},
	{register.OddDate, "日期不能识别", "该日期留空。"},
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
	for _, o := range oddityTitles {
		if n := r.Oddity[o.oddity]; n > 0 {
			oddities = append(oddities, oddityCount{o.title, o.hint, n, samplesOf(r, o.oddity)})
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
