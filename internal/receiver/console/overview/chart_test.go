package overview

import (
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// Bars stay within the chart and stand in the proportion of their days, whatever came in; a day with anything can be
// seen.
func TestChart(t *testing.T) {
	for _, cases := range [][]int{nil, {0}, {1}, {0, 0, 0}, {1, 1_000_000}, {3, 7, 20, 0, 19}, make([]int, 30)} {
		var days []intake.DayIntake
		for i, n := range cases {
			days = append(days, intake.DayIntake{Day: fmt.Sprintf("2026-11-%02d", i+1),
				Intake: intake.Intake{Cases: n, Entities: int64(n) * 3}})
		}
		c := newChart(days)
		if len(c.Bars) != len(days) || c.Ticks[0].Text != "0" || c.Ticks[2].Y < 0 {
			t.Errorf("%v: %+v", cases, c)
		}
		for i, b := range c.Bars {
			if b.X < 0 || b.X+b.Width > c.Width || b.Y < 0 || b.Y+b.Height != c.Base ||
				(b.Height > 0) != (cases[i] > 0) {
				t.Errorf("%v: bar %d: %+v", cases, i, b)
			}
			for j, o := range c.Bars {
				if cases[i] > cases[j] && b.Height < o.Height {
					t.Errorf("%v: bar %d is lower than bar %d", cases, i, j)
				}
			}
		}
	}
	for n, want := range map[int]int{1: 2, 2: 2, 3: 4, 5: 10, 11: 20, 41: 100, 1_000_001: 2_000_000} {
		if got := roundUp(n); got != want {
			t.Errorf("%d: the scale ends at %d, want %d", n, got, want)
		}
	}
}
