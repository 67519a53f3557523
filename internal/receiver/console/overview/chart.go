package overview

import (
	"fmt"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/intake"
)

// chart is the intake of days as bars, drawn here: the pages get nothing from elsewhere.
type chart struct {
	Bars                []bar
	Ticks               []tick
	Width, Height, Base int
	Summary             string // for readers that cannot see it
}

// bar is one day.
type bar struct {
	X, Y, Width, Height int
	Title, Label        string
}

// tick is a line of the scale.
type tick struct {
	Y    int
	Text string
}

// newChart draws cases by day.
func newChart(days []intake.DayIntake) chart {
	const left, top, height, step = 56, 10, 150, 24
	c := chart{Width: left + step*len(days) + 8, Height: top + height + 28, Base: top + height}
	most := 1
	for _, d := range days {
		most = max(most, d.Cases)
	}
	most = roundUp(most)
	for i := range 3 {
		c.Ticks = append(c.Ticks, tick{c.Base - height*i/2, display.Count(most * i / 2)})
	}
	total := 0
	for i, d := range days {
		h := height * d.Cases / most
		if d.Cases > 0 {
			h = max(h, 2)
		}
		b := bar{X: left + step*i, Y: c.Base - h, Width: step - 6, Height: h,
			Title: fmt.Sprintf("%s：%s件，%s户", d.Day, display.Count(d.Cases), display.Count(d.Entities))}
		if i%5 == 0 || i == len(days)-1 {
			b.Label = d.Day[5:]
		}
		c.Bars = append(c.Bars, b)
		total += d.Cases
	}
	if n := len(days); n > 0 {
		c.Summary = fmt.Sprintf("%s至%s每日受理的案件，共%s件", days[0].Day, days[n-1].Day, display.Count(total))
	}
	return c
}

// roundUp is the next of 2, 4, 10, 20, 40, 100 …: half of each is a whole number.
func roundUp(n int) int {
	for p := 1; ; p *= 10 {
		for _, d := range []int{2, 4, 10} {
			if d*p >= n {
				return d * p
			}
		}
	}
}
