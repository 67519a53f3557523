package api

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// The texts of a body are read without its list, and only where they stand before it and are right.
func TestReadTexts(t *testing.T) {
	texts := `"caseid":"1","casename":"二","caseintroduction":"三","illegality":"四","penalty":"五",` +
		`"penaltydate":"2026-11-16","penaltyorg":"七"`
	for body, want := range map[string]bool{
		"{" + texts + `,"penaltylist":[{"pripid":"1"`: true, // what follows is not looked at
		"{" + texts + `}`:                               true,
		`{"penaltylist":[],` + texts + `}`:              false,
		`{"caseid":"1","penaltylist":[]}`:               false,
		"{" + texts + `,"caseid":"1","penaltylist":[]}`: false,
		"{" + strings.Replace(texts, "2026-11-16", "2026-11-31", 1) + `,"penaltylist":[]}`: false,
		"": false,
	} {
		v, whole := ReadTexts(strings.NewReader(body))
		if whole != want || whole && (v.PenaltyOrg != "七" || v.CaseIntroduction != "三") {
			t.Errorf("%s: %+v, %v", body, v, whole)
		}
	}
	if _, whole := ReadTexts(io.MultiReader(
		strings.NewReader("{"+texts),
		iotest.ErrReader(io.ErrUnexpectedEOF),
	)); whole {
		t.Error("a body that broke off")
	}
}
