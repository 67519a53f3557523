package grid

import (
	"fmt"
	"strings"
	"testing"
)

// A text longer than a block, none at all, and those at the ends of blocks.
func TestSharedStringsOfAllLengths(t *testing.T) {
	s := sharedStrings{parts: &parts{}}
	defer s.close()
	want := func(i int) string { return strings.Repeat("文", i*37%(3*stringBlock)) }
	const n = 2000
	for i := range n {
		if err := s.add([]byte(want(i)), i%3 == 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.flush(); err != nil || s.file == nil {
		t.Fatal(err, s.file)
	}
	for _, i := range []int{0, 1, n - 1, 5, n / 2, n - 2, 1, 0} {
		for k := range n {
			at := (i + k) % n
			if b, struck, err := s.at([]byte("x"), fmt.Sprint(at)); err != nil || struck != (at%3 == 0) ||
				string(b) != "x"+want(at) {
				t.Fatalf("%d: %d bytes, %v", at, len(b), err)
			}
		}
	}
	for _, index := range []string{"2000", "-1", "x", "", "99999999999"} {
		if _, _, err := s.at(nil, index); err == nil {
			t.Errorf("%q is there", index)
		}
	}
}
