package statistics

import (
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/workday"
)

// Month is a calendar month of Beijing, yyyy-MM.
type Month string

const monthForm = "2006-01"

// MonthOf is the month that it is in Beijing at an instant.
func MonthOf(t time.Time) Month { return Month(t.In(beijingtime.Zone).Format(monthForm)) }

// ParseMonth reads a month. ErrInvalid: it is none.
func ParseMonth(s string) (Month, error) {
	t, err := time.ParseInLocation(monthForm, s, beijingtime.Zone)
	if err != nil || t.Year() < 2000 {
		return "", intake.Invalid("月份“%s”应为2026-11的形式", intake.Clip(s, 20))
	}
	return Month(s), nil
}

// Begin is the first instant of the month, End the first one after it.
func (m Month) Begin() time.Time {
	t, _ := time.ParseInLocation(monthForm, string(m), beijingtime.Zone)
	return t
}

// End is the first instant after the month.
func (m Month) End() time.Time { return m.Begin().AddDate(0, 1, 0) }

// Next is the month after it.
func (m Month) Next() Month { return MonthOf(m.End()) }

// Before is the month that many months earlier.
func (m Month) Before(months int) Month { return MonthOf(m.Begin().AddDate(0, -months, 0)) }

// LastDay is the last day of the month.
func (m Month) LastDay() string { return beijingtime.Day(m.End().AddDate(0, 0, -1)) }

// within is how many working days after the decision a penalty must be published: by the rule of the market
// regulators, and by the general rule of 双公示.
const (
	within7  = 7
	within20 = 20
)

// Final is the last day that counts for the month: twenty working days after its last day.
func (m Month) Final(c *workday.Calendar) workday.Day {
	return c.After(workday.DayOf(m.End().AddDate(0, 0, -1)), within20)
}

// Closes reports whether the month is over, so that its numbers are final: its Final day is over. guess is the year
// whose holidays would have to be known for that, 0 where all are.
func (m Month) Closes(c *workday.Calendar, now time.Time) (over bool, guess int) {
	final := m.Final(c)
	for y := m.Begin().Year(); y <= final.Year(); y++ {
		if !c.Known(y) {
			guess = y
		}
	}
	return workday.DayOf(now) > final, guess
}
