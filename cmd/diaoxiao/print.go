package main

import (
	"encoding/json"
	"io"
	"time"

	"diaoxiao/internal/beijingtime"
)

// printJSON writes v as one line.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// beijing is a time for people.
func beijing(t time.Time) string { return t.In(beijingtime.Zone).Format("2006-01-02 15:04:05") }
