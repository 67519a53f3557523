package stats

import (
	"fmt"
	"slices"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/statistics"
)

// chart is one number of each month as bars, drawn here: the pages get nothing from elsewhere. Each bar has its number
// above it, so that it can be read without colours.
type chart struct {
	Title               string
	Bars                []bar
	Width, Height, Base int
	Summary             string // for readers that cannot see it
}

// bar is one month.
type bar struct {
	X, Y, Width, Height, Middle int
	Text, Label                 string
}

const (
	chartHeight = 120
	chartTop    = 22
	barStep     = 62
	barWidth    = 36
)

// newChart draws months, the oldest first. height is how high a bar is, of most; text is what is written above it.
func newChart(title string, lines []statistics.Line, most int, of func(statistics.Line) (height int, text string),
) chart {
	c := chart{Title: title, Width: max(barStep*len(lines), barStep*4), Height: chartTop + chartHeight + 26,
		Base: chartTop + chartHeight, Summary: title}
	for i, l := range lines {
		n, text := of(l)
		h := 0
		if n > 0 {
			h = max(2, chartHeight*n/max(1, most))
		}
		x := barStep*i + (barStep-barWidth)/2
		c.Bars = append(c.Bars, bar{X: x, Y: c.Base - h, Width: barWidth, Height: h, Middle: x + barWidth/2, Text: text,
			Label: string(l.Month)[2:]})
		c.Summary += fmt.Sprintf("，%s %s", monthText(l.Month), text)
	}
	return c
}

// charts are those of the page; lines come the newest first.
func charts(lines []statistics.Line) []chart {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	cases, firms := 0, 0
	for _, l := range lines {
		cases, firms = max(cases, l.Cases), max(firms, l.Firms)
	}
	timely := statistics.FigureCalled("timely20")
	return []chart{
		newChart("各月受理案件（件）", lines, cases, func(l statistics.Line) (int, string) {
			return l.Cases, display.Count(l.Cases)
		}),
		newChart("各月市场主体（户）", lines, firms, func(l statistics.Line) (int, string) {
			return l.Firms, display.Count(l.Firms)
		}),
		newChart("各月及时率（20个工作日）", lines, 1000, func(l statistics.Line) (int, string) {
			v := timely.Of(statistics.Part{Counts: l.Counts})
			if v.Of == 0 {
				return 0, "—"
			}
			if v.Small() { // a number only
				return 0, v.Fraction()
			}
			return v.N * 1000 / v.Of, v.String()
		}),
	}
}
