package grid

import (
	"math"
	"time"

	"diaoxiao/internal/beijingtime"
)

// nearMidnight is how far from midnight a time may be to be one that a program has missed.
const nearMidnight = 10 * time.Minute

// dayCell is a date as a cell: its day, and what is doubtful about it, as its format and its time show.
func dayCell(at time.Time, shown section) Cell {
	c := Cell{Kind: Date, Raw: at.AppendFormat(nil, time.DateOnly)}
	switch day := at.Truncate(24 * time.Hour); {
	case !shown.year:
		c.Odd = &Odd{Doubt: YearUnseen}
	case !shown.day || !shown.month:
		c.Odd = &Odd{Doubt: DayUnseen}
	case at != day:
		c.Odd = timed(at, day)
	}
	return c
}

// timed is what is doubtful about a date with a time. Midnight of Beijing is 16:00 of the day before in UTC.
func timed(at, day time.Time) *Odd {
	o := &Odd{Doubt: TimeOfDay, Seen: at.Format(time.TimeOnly)}
	clock := at.Sub(day)
	other := day
	switch {
	case 24*time.Hour-clock <= nearMidnight, (clock - 16*time.Hour).Abs() <= nearMidnight:
		other = day.AddDate(0, 0, 1)
	case clock <= nearMidnight:
		other = day.AddDate(0, 0, -1)
	}
	if other != day {
		o.Doubt, o.Other = OtherDay, other.Format(time.DateOnly)
	}
	return o
}

// isoCell is a date that a cell spells out (ISO 8601), false where it does not.
func isoCell(text string, shown section) (Cell, bool) {
	for _, form := range []string{
		time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05",
	} {
		if at, err := time.Parse(form, text); err == nil {
			return dayCell(at, shown), true
		}
		at, err := time.Parse(form+"Z07:00", text)
		if err != nil {
			continue
		}
		return zonedCell(at, shown), true
	}
	return Cell{}, false
}

// zonedCell is a date with a time zone: the day that is written, unless it is another one in Beijing.
func zonedCell(at time.Time, shown section) Cell {
	y, m, d := at.Date()
	written := time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
	c := dayCell(written, shown)
	if c.Odd != nil && (c.Odd.Doubt == YearUnseen || c.Odd.Doubt == DayUnseen) {
		return c
	}
	c.Odd = &Odd{Doubt: TimeOfDay, Seen: at.Format("15:04:05Z07:00")}
	there := at.In(beijingtime.Zone).Format(time.DateOnly)
	near := timed(written, written.Truncate(24*time.Hour))
	switch {
	case there != string(c.Raw):
		c.Odd.Doubt, c.Odd.Other = OtherDay, there
	case near.Doubt == OtherDay && written != written.Truncate(24*time.Hour):
		c.Odd.Doubt, c.Odd.Other = OtherDay, near.Other
	}
	return c
}

// serialCell is the date of a serial number, false where it has none.
func serialCell(n float64, base int, shown section) (Cell, bool) {
	day, ok := dayOf(n, base)
	if !ok {
		return Cell{}, false
	}
	seconds := math.Round((n - math.Floor(n)) * 24 * 60 * 60)
	at := day.Add(min(time.Duration(seconds), 24*60*60-1) * time.Second)
	c := dayCell(at, shown)
	switch {
	case c.Odd != nil:
	case base == 0 && n < 61:
		c.Odd = &Odd{Doubt: TooEarly}
	case base == 1904:
		c.Odd = &Odd{Doubt: Since1904}
	}
	return c, true
}

// dayOf is the day of a serial number. Spreadsheets count a 29 February 1900 that was none.
func dayOf(n float64, base int) (time.Time, bool) {
	switch {
	case !(n >= 0 && n < 2958466):
		return time.Time{}, false
	case base == 1904:
		return time.Date(1904, 1, 1+int(n), 0, 0, 0, 0, time.UTC), true
	case n < 1 || int(n) == 60:
		return time.Time{}, false
	case n < 60:
		return time.Date(1899, 12, 31+int(n), 0, 0, 0, 0, time.UTC), true
	}
	return time.Date(1899, 12, 30+int(n), 0, 0, 0, 0, time.UTC), true
}
