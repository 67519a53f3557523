package api_test

import (
	"testing"
	"unicode"

	"diaoxiao/api"
)

// invisible are White_Space and Default_Ignorable_Code_Point of Unicode, written out from its tables.
var invisible = [][2]rune{
	{0x9, 0xd}, {0x20, 0x20}, {0x85, 0x85}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029},
	{0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
	{0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},
	{0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3},
	{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
}

// S9
func TestBlank(t *testing.T) {
	want := make(map[rune]bool)
	for _, r := range invisible {
		for c := r[0]; c <= r[1]; c++ {
			want[c] = true
		}
	}
	for r := range rune(unicode.MaxRune + 1) {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		if got := api.Blank(string(r)); got != want[r] {
			t.Errorf("%U: blank %v", r, got)
		}
		if api.Blank([]byte(" "+string(r)+"\u3000")) != want[r] {
			t.Errorf("%U between spaces: blank %v", r, !want[r])
		}
	}
	if !api.Blank("") {
		t.Error("the empty string is not blank")
	}
}
