package credential

import (
	"strings"
	"testing"
)

// A stored text is either refused, or is the one text of a hash that costs no more than is sane. It is parsed here and
// not through Verify, which would take 64 MiB for each that is good.
func FuzzParse(f *testing.F) {
	good := hash{today, []byte("0123456789abcdef"), make([]byte, 32)}.String()
	f.Add(good)
	f.Add(strings.Replace(good, "m=65536", "m=4294967295", 1))
	f.Add(strings.Replace(good, "p=1", "p=+1", 1))
	f.Add("$argon2id$v=19$m=,t=,p=$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parse(s)
		if err != nil {
			return
		}
		if h.String() != s {
			t.Errorf("%q is taken for %q", s, h)
		}
		if h.memory > 256<<10 || h.passes > 10 || h.lanes > 4 || h.memory < 19<<10 || h.passes < 1 || h.lanes < 1 {
			t.Errorf("%q asks for %+v", s, h.cost)
		}
	})
}

// The list holds what passwords are cut down to, or an entry would never be found.
func TestNotoriousAreStems(t *testing.T) {
	for i, s := range notorious {
		if !isNotorious(s) || s != strings.ToLower(s) || !isLetter(rune(s[len(s)-1])) && !isNotorious(s+"1") {
			t.Errorf("%q is never found", s)
		}
		if i > 0 && notorious[i-1] == s {
			t.Errorf("%q stands twice", s)
		}
	}
	if len(notorious) > 40 {
		t.Errorf("%d entries: a list to be read stays short", len(notorious))
	}
}
