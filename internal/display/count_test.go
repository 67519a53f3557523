package display

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0:       "0",
		12:      "12",
		999:     "999",
		1000:    "1,000",
		1234567: "1,234,567",
		-1000:   "-1,000",
		-100:    "-100",
	} {
		if got := Count(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
