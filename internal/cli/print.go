package cli

import (
	"encoding/json"
	"io"
	"time"

	"diaoxiao/internal/beijingtime"
)

// PrintJSON writes v as one line.
func PrintJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// Beijing is a time for people.
func Beijing(t time.Time) string { return t.In(beijingtime.Zone).Format("2006-01-02 15:04:05") }

// Since is how long ago t was, for people.
func Since(t time.Time) string { return time.Since(t).Round(time.Millisecond).String() }
