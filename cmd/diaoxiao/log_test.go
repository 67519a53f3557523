package main

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

// What a sender writes cannot steer the terminal that shows the log, nor turn the direction of writing.
func TestLogIsPlain(t *testing.T) {
	log := new(fickleLog)
	s := serveWithLog(t, log)
	if _, err := s.Exchange(t.Context(), api.Receive, s.Token,
		[]byte(`{"caseid":"evil`+"\u009b31m\u0085\u202e\u200b\u007f"+`end."}`)); err != nil {
		t.Fatal(err)
	}
	log.await(t, "end.")
	if text := log.read(); strings.ContainsAny(text, "\u009b\u0085\u202e\u200b\u007f") ||
		!strings.Contains(text, `evil\\u009b31m\\u0085\\u202e\\u200b\\u007fend.`) {
		t.Errorf("%q", text[strings.Index(text, "evil"):])
	}
}
