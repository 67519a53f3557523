package statistics_test

import (
	"os"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/statistics"
)

// Days are counted to the middle and to nine of ten, and a rate of fewer than thirty is shown as two numbers.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		days        statistics.Days
		half, ninth int
	}{
		{statistics.Days{5: 1}, 5, 5},
		{statistics.Days{1: 1, 2: 1}, 1, 2},
		{statistics.Days{1: 1, 2: 1, 9: 1}, 2, 9},
		{statistics.Days{0: 9, 40: 1}, 0, 0},
		{statistics.Days{0: 8, 40: 2}, 0, 40},
		{statistics.Days{3: 50, 7: 50}, 3, 7},
	} {
		half, ok := c.days.Percentile(50)
		ninth, _ := c.days.Percentile(90)
		if !ok || half != c.half || ninth != c.ninth {
			t.Errorf("%v: %d and %d", c.days, half, ninth)
		}
	}
	if _, ok := (statistics.Days{}).Percentile(50); ok {
		t.Error("nothing has a middle")
	}
	for _, c := range []struct {
		statistics.Value
		want string
	}{
		{statistics.Value{Kind: statistics.Rate, N: 1, Of: 29}, "1/29"},
		{statistics.Value{Kind: statistics.Rate, N: 1, Of: 30}, "3.3%"},
		{statistics.Value{Kind: statistics.Rate, N: 1999, Of: 2000}, "100.0%"},
		{statistics.Value{Kind: statistics.Rate, N: 2, Of: 3000}, "0.1%"},
		{statistics.Value{Kind: statistics.Rate}, ""},
		{statistics.Value{Kind: statistics.PerThousand, N: 5, Of: 30}, "166.7‰"},
		{statistics.Value{Kind: statistics.Number, N: 1234567}, "1,234,567"},
		{statistics.Value{Kind: statistics.Span, Days: statistics.Days{3: 1}}, "3天／3天"},
	} {
		if got := c.String(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.Value, got, c.want)
		}
	}
}

// The document has the formulas of the program, word for word.
func TestFormulasInDocument(t *testing.T) {
	text, err := os.ReadFile("../../../docs/statistics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range statistics.Figures() {
		if row := "| " + f.Title + " | " + f.Unit + " | " + f.Formula + " |\n"; !strings.Contains(string(text), row) {
			t.Errorf("docs/statistics.md lacks %s", row)
		}
	}
}
