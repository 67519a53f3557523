package api_test

import (
	"regexp"
	"testing"

	"diaoxiao/api"
)

// api/openapi.html is the description for people: whole in one file, without a script.
func TestPageIsPublished(t *testing.T) {
	text := published(t, "openapi.html")
	if m := regexp.MustCompile(`(?i)<script|<link|<img|src=|@import|url\(|https?://[a-z]+\.`).
		FindString(text); m != "" {
		t.Errorf("the page needs something from elsewhere: %q", m)
	}
	ids := make(map[string]bool)
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if ids[m[1]] {
			t.Errorf("the page has two places %s", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` href="#([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if !ids[m[1]] {
			t.Errorf("the page links to %s, which it does not have", m[1])
		}
	}
	for _, c := range api.Codes() {
		if !ids["c"+string(c.Code)] {
			t.Errorf("the page does not explain %s", c.Code)
		}
	}
	for _, c := range api.Calls() {
		if !ids[string(c)] {
			t.Errorf("the page does not show %s", c)
		}
	}
}
