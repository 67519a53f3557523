package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

func TestParseRowNumbers(t *testing.T) {
	for text, want := range map[string]intake.RowNumbers{
		"":                "",
		" \n":             "",
		"19":              "19",
		"19, 22, 700-716": "19,22,700-716",
		"22、19；700至716":   "19,22,700-716",
		"第19条、第22条，第700条至第716条": "19,22,700-716",
		"１９，２２　７００－７１６":         "19,22,700-716",
		"3 - 5":       "3-5",
		"5,4,3":       "3-5",
		"1-3,2-9,10":  "1-10",
		"7,7":         "7",
		"1——2":        "1-2",
		"1～3":         "1-3",
		"19条和22条":     "19,22",
		"1\r\n2\r\n9": "1-2,9",
		"1000":        "1000",
		"1,,2":        "1-2",
		"007":         "7",
	} {
		got, err := intake.ParseRowNumbers(text, 1000)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"0", "1001", "5-3", "-3", "3-", "1-2-3", "三", "1.5", "+1", "1-+2", "99999999999999999999", "19行", "A19",
		"penaltylist[3]", "999-1001",
	} {
		if got, err := intake.ParseRowNumbers(text, 1000); !errors.Is(err, intake.ErrInvalid) ||
			!strings.Contains(err.Error(), "第1至1000条") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	var odd strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&odd, "%d,", 2*i+1)
	}
	for _, text := range []string{odd.String()[:7990], odd.String()} {
		if _, err := intake.ParseRowNumbers(strings.TrimRight(text, ","), 100000); !errors.Is(err, intake.ErrInvalid) ||
			!strings.Contains(err.Error(), "过多") {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
	if n := intake.RowNumbers("19,22,700-716").Count(); n != 19 {
		t.Errorf("%d rows", n)
	}
	if n := intake.RowNumbers("").Count(); n != 0 {
		t.Errorf("%d rows of none", n)
	}
}
