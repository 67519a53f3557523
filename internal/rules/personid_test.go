package rules_test

import (
	"fmt"
	"testing"

	"diaoxiao/internal/rules"
)

// The two examples printed in GB 11643-1999; nobody bears them.
const (
	personIDX = "11010519491231002X"
	personID4 = "440524188001010014"
)

func TestValidPersonID(t *testing.T) {
	for _, id := range []string{personIDX, personID4} {
		if !rules.ValidPersonID(id) {
			t.Errorf("%s does not pass", id)
		}
	}
	for id, why := range map[string]string{
		"110105194912310021": "check digit",
		"11010519491231002x": "lower case",
		"11010519491331002X": "month 13",
		"110105194902300024": "30 February",
		"990105194912310023": "no such province",
		"440524188001010015": "check digit",
		"1101051949123100":   "short",
		"91110000600037341L": "a credit code",
		"911522010783917502": "a credit code of digits",
		"":                   "empty",
	} {
		if rules.ValidPersonID(id) {
			t.Errorf("%s passes: %s", id, why)
		}
	}
}

// The standard's check notices every change of one digit.
func TestPersonIDNoticesOneDigit(t *testing.T) {
	for _, id := range []string{personIDX, personID4} {
		for i := range 17 {
			for c := byte('0'); c <= '9'; c++ {
				if b := []byte(id); b[i] != c {
					b[i] = c
					if rules.ValidPersonID(string(b)) {
						t.Errorf("%s passes", b)
					}
				}
			}
		}
	}
}

// Whatever the number, exactly the check character of ISO 7064 MOD 11-2 passes, and only on a day that exists.
func TestPersonIDCheckCharacter(t *testing.T) {
	for seq := range 200 {
		for _, day := range []string{"19491231", "20000229"} {
			countPasses(t, fmt.Sprintf("150105%s%03d", day, seq), 1)
		}
		countPasses(t, fmt.Sprintf("15010519000229%03d", seq), 0)
		countPasses(t, fmt.Sprintf("15010521000101%03d", seq), 0)
	}
}

func countPasses(t *testing.T, first17 string, want int) {
	t.Helper()
	passes := 0
	for _, c := range "0123456789X" {
		if id := first17 + string(c); rules.ValidPersonID(id) {
			passes++
			if !iso7064mod11_2(id) {
				t.Errorf("%s passes", id)
			}
		}
	}
	if passes != want {
		t.Errorf("%s: %d check characters pass, want %d", first17, passes, want)
	}
}

func TestMaskPersonID(t *testing.T) {
	for in, want := range map[string]string{
		personIDX: "110*************2X",
		"123456":  "123*56",
		"12345":   "*****",
		"张三":      "**",
		"":        "",
	} {
		if got := rules.MaskPersonID(in); got != want {
			t.Errorf("MaskPersonID(%q) = %q, want %q", in, got, want)
		}
	}
}
