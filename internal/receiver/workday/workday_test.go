package workday_test

import (
	"testing"
	"time"

	"diaoxiao/internal/receiver/workday"

	"pgregory.net/rapid"
)

func day(t *testing.T, s string) workday.Day {
	t.Helper()
	d, err := workday.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Twenty working days, counted by hand in the notices.
func TestSpansOverHolidays(t *testing.T) {
	for _, c := range []struct{ decided, last, over string }{
		{"2026-11-03", "2026-12-01", "four weeks without a holiday"},
		{"2026-11-07", "2026-12-04", "decided on a Saturday"},
		{"2026-02-06", "2026-03-12", "春节 with two Saturdays worked"},
		{"2026-09-14", "2026-10-16", "中秋节 and 国庆节 with a Sunday and a Saturday worked"},
		{"2026-04-20", "2026-05-20", "劳动节 with a Saturday worked"},
		{"2025-09-19", "2025-10-23", "国庆节 of eight days with a Sunday and a Saturday worked"},
		{"2025-12-15", "2026-01-13", "元旦, from year to year"},
		{"2026-12-21", "2027-01-18", "into a year without a notice: weekends only"},
	} {
		if got := workday.Default().After(day(t, c.decided), 20); got != day(t, c.last) {
			t.Errorf("20 working days after %s, %s: %v, want %s", c.decided, c.over, got, c.last)
		}
	}
}

func TestDaysLeft(t *testing.T) {
	c := workday.Default()
	for _, x := range []struct {
		today string
		left  int
	}{
		{"2026-09-14", 20},
		{"2026-10-09", 6},  // Friday before a Saturday that is worked
		{"2026-10-15", 1},  // tomorrow is the last day
		{"2026-10-16", 0},  // Friday, the last day
		{"2026-10-17", -1}, // Saturday: over, though no working day has passed
		{"2026-10-18", -1},
		{"2026-10-19", -1},
		{"2026-10-20", -2},
	} {
		if got := c.Left(day(t, x.today), day(t, "2026-10-16")); got != x.left {
			t.Errorf("on %s %d days are left, want %d", x.today, got, x.left)
		}
	}
}

// Worked weekends give back no more than the holidays took: a year of a notice has as many working days as it has days
// that are neither a weekend nor one of the legal holidays (全国年节及纪念日放假办法: 11 days until 2024, 13 since 2025).
func TestWorkingDaysOfYears(t *testing.T) {
	c := workday.Default()
	for year, want := range map[string]int{"2024": 366 - 104 - 11, "2025": 365 - 104 - 13, "2026": 365 - 104 - 13} {
		if got := c.Left(day(t, year+"-01-01")-1, day(t, year+"-12-31")); got != want {
			t.Errorf("%s has %d working days, want %d", year, got, want)
		}
	}
}

func TestYearsOfTheDefaultCalendar(t *testing.T) {
	c := workday.Default()
	for year, known := range map[int]bool{2023: false, 2024: true, 2025: true, 2026: true, 2027: false} {
		if c.Known(year) != known {
			t.Errorf("year %d: known %v", year, c.Known(year))
		}
	}
}

// From any day, also one that nobody meant, the counts agree with going from day to day.
func TestAfterAndLeftAgree(t *testing.T) {
	c := workday.Default()
	from, to := int(day(t, "2023-12-01")), int(day(t, "2027-02-01"))
	rapid.Check(t, func(t *rapid.T) {
		d := workday.Day(rapid.OneOf(rapid.IntRange(from, to), rapid.IntRange(-719528, 2932896)).Draw(t, "day"))
		n := rapid.IntRange(0, 300).Draw(t, "n")
		last := c.After(d, n)
		if c.Left(d, last) != n {
			t.Errorf("%d working days after %v is %v, until which %d are left", n, d, last, c.Left(d, last))
		}
		if n > 0 && !c.Working(last) {
			t.Errorf("%v, the end of %d days after %v, is not worked", last, n, d)
		}
		if over := c.Left(last, d); n > 0 && over != -n {
			t.Errorf("on %v, %d working days after %v, %d are left", last, n, d, over)
		}
		worked := 0
		for x := d + 1; x <= last; x++ {
			if c.Working(x) {
				worked++
			}
		}
		if worked != n {
			t.Errorf("%d days are worked after %v up to %v, want %d", worked, d, last, n)
		}
	})
}

func TestDays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := workday.Day(rapid.IntRange(-719528, 2932896).Draw(rt, "day"))
		if back := day(t, d.String()); back != d {
			rt.Errorf("%v is read back as %v", d, back)
		}
		noon, _ := time.Parse(time.RFC3339, d.String()+"T12:00:00+08:00")
		for _, h := range []time.Duration{-12 * time.Hour, 0, 12*time.Hour - 1} {
			if got := workday.DayOf(noon.Add(h).UTC()); got != d {
				rt.Errorf("at %v it is %v in Beijing", noon.Add(h), got)
			}
		}
		if weekday := noon.Weekday(); d.Year() < 2024 &&
			workday.Default().Working(d) == (weekday == time.Saturday || weekday == time.Sunday) {
			rt.Errorf("%v, a %v: working is %v", d, weekday, !workday.Default().Working(d))
		}
	})
	for _, s := range []string{"", "2026-2-3", "2026-02-30", "26-02-03", "2026/02/03", "2026-02-03 "} {
		if d, err := workday.ParseDay(s); err == nil {
			t.Errorf("%q is read as %v", s, d)
		}
	}
}
