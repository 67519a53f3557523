package page

import (
	"net/url"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// Fields is what was filled in in the fields of a query.
type Fields url.Values

// Q is the value of a field.
func (a Fields) Q(name string) string { return url.Values(a).Get(name) }

// Choice is one of several to choose from.
type Choice struct{ Value, Title string }

// MinuteForm is how a browser writes a time of the day.
const MinuteForm = "2006-01-02T15:04"

// Minute reads a time in Beijing; a day alone is its midnight, "" the zero time.
func Minute(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{MinuteForm, "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, beijingtime.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, intake.Invalid("“%s”不是时间，应为2026-03-15 09:30的形式", s)
}

// Midnight is the beginning of the day of t in Beijing.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(beijingtime.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijingtime.Zone)
}
