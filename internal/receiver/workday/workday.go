// Package workday counts working days (工作日) by the calendar that the State Council's office announces year by year:
// days off for a holiday (休), and Saturdays and Sundays that are worked instead (班, 调休).
//
// The calendar is a text that an operator can edit, because the notice for a year comes out in November of the year
// before: the program cannot know it longer. In a year without a notice only weekends are off, so that a span over a
// holiday ends too early; Known tells such years, and whoever shows a span says so.
//
// The reason for it: a penalty is published within 20 working days of the day of the decision, that day not counted
// (市场监督管理行政处罚信息公示规定，国家市场监督管理总局令第45号，第九条): After(decided, 20) is the last day, Left(today, last) what is
// left of them.
package workday

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed calendar.txt
var text string

// Default returns the calendar that the program brings, calendar.txt of this package: the years for which a notice was
// out when the program was built. It is read anew by each call.
func Default() *Calendar {
	c, err := Parse(strings.NewReader(text))
	if err != nil {
		panic(fmt.Sprintf("workday: the embedded calendar: %v", err))
	}
	return c
}

// Calendar knows which days are worked. It does not change and may be used by many at once.
type Calendar struct {
	known   map[int]bool
	changes []change
}

// change is a day on which a notice and the week disagree. sum counts all such days up to and with this one: 1 for each
// of a weekend that is worked, -1 for each weekday that is off.
type change struct {
	day Day
	sum int
}

// Known reports whether the calendar has the notice for a year. Where it has not, only the weekends of that year are
// off.
func (c *Calendar) Known(year int) bool { return c.known[year] }

// Working reports whether a day is worked.
func (c *Calendar) Working(d Day) bool { return c.through(d) > c.through(d-1) }

// After returns the n-th working day after a day, which is itself not counted; the day itself if n is less than 1.
func (c *Calendar) After(d Day, n int) Day {
	for n > 0 {
		d++
		if c.Working(d) {
			n--
		}
	}
	return d
}

// Left returns how many working days are left on a day until a deadline, the deadline counted and the day not: 0 on the
// deadline itself, and n on the day of which the deadline is After(day, n). Once the deadline is over it is negative:
// the working days since then, today's included, and -1 already on the days off that follow the deadline.
func (c *Calendar) Left(from, deadline Day) int {
	left := c.through(deadline) - c.through(from)
	if from > deadline {
		return min(left, -1)
	}
	return left
}

// through is the number of working days up to and with a day, counted from a Monday of 1969, before which it is
// negative.
func (c *Calendar) through(d Day) int {
	weeks, weekday := d.week()
	n := 5*weeks + min(weekday+1, 5)
	i, found := slices.BinarySearchFunc(c.changes, d, func(c change, d Day) int { return int(c.day - d) })
	if found {
		i++
	}
	if i > 0 {
		n += c.changes[i-1].sum
	}
	return n
}
