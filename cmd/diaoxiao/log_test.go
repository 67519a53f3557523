package main

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

// The log escapes control and direction characters in the text of a sender, so that the text cannot control a terminal
// that shows the log.
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
