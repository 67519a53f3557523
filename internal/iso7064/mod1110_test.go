package iso7064_test

import (
	"testing"

	"diaoxiao/internal/iso7064"
)

// ISO 7064 gives 0794 with check digit 5 as the example of MOD 11,10.
func TestMod11_10(t *testing.T) {
	if c := iso7064.Mod11_10("0794"); c != '5' {
		t.Errorf("check digit of 0794 = %c, want 5", c)
	}
	for _, s := range []string{"", "12a", "１２", "12/", ":12"} {
		if c := iso7064.Mod11_10(s); c != 0 {
			t.Errorf("Mod11_10(%q) = %c", s, c)
		}
	}
}
