package page

import (
	"encoding/hex"
	"html/template"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// functions are what templates may call.
func (s *Site) functions() template.FuncMap {
	return template.FuncMap{
		"link":     func(path string) string { return s.Prefix + path },
		"time":     Clock,
		"day":      func(t time.Time) string { return t.In(beijingtime.Zone).Format(time.DateOnly) },
		"plain":    display.Plain,
		"prose":    display.Prose,
		"mask":     Mask,
		"rowsText": RowsText,
		"codes":    CodeInfos,
		"count":    display.Count[int],
		"count64":  display.Count[int64],
		"hash":     func(t intake.TokenHash) string { return hex.EncodeToString(t[:]) },
		"browser":  Browser,
		"hex":      func(b []byte) string { return hex.EncodeToString(b) },
	}
}

// Clock is a time in Beijing, "" for none.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format(time.DateTime)
}

// ShortClock is a time in Beijing as lists show it: to the minute, with the year where it is not that of now.
func ShortClock(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = t.In(beijingtime.Zone), now.In(beijingtime.Zone)
	if t.Year() == now.Year() {
		return t.Format("01-02 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// Mask is a name as it is shown in lists, see rules.MaskName. A Mongolian name has no family name and is masked alike.
func Mask(name string) string { return rules.MaskName(name) }
