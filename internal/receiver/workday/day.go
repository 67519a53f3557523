package workday

import (
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
)

// Day is a day of the calendar, counted from 1970-01-01, which is 0. Days are compared and counted as numbers.
type Day int

const secondsOfDay = 24 * 60 * 60

// ParseDay reads a day as yyyy-MM-dd. The error is in Chinese and quotes the text.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("“%s”不是日期，请按“2026-11-24”的样子填写", s)
	}
	return Day(t.Unix() / secondsOfDay), nil
}

// DayOf returns the day that it is in Beijing at an instant.
func DayOf(t time.Time) Day {
	days, _ := divide(int(t.Unix())+int(beijingtime.Offset/time.Second), secondsOfDay)
	return Day(days)
}

// Year returns the year of a day.
func (d Day) Year() int { return d.midnight().Year() }

// String writes a day as yyyy-MM-dd.
func (d Day) String() string { return d.midnight().Format(time.DateOnly) }

func (d Day) midnight() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// week returns how many whole weeks have passed since Monday 1969-12-29, and the day of the week, 0 for Monday to 6 for
// Sunday.
func (d Day) week() (weeks, weekday int) { return divide(int(d)+3, 7) }

func (d Day) weekend() bool {
	_, weekday := d.week()
	return weekday >= 5
}

// divide divides so that the rest is never negative.
func divide(n, by int) (quotient, rest int) {
	quotient, rest = n/by, n%by
	if rest < 0 {
		return quotient - 1, rest + by
	}
	return quotient, rest
}
