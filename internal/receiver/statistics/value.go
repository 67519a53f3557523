package statistics

import (
	"fmt"

	"diaoxiao/internal/display"
)

// few: below this many a rate says little, and is not shown as one.
const few = 30

// Kind is what a number is.
type Kind int

// The kinds.
const (
	Number      Kind = iota + 1 // how many
	Rate                        // of a hundred
	PerThousand                 // of a thousand
	Span                        // how many days
)

// Value is one number of the statistics.
type Value struct {
	Kind
	N, Of int  // Of: of how many, of a rate
	Days  Days // of a span
}

// Small reports whether the value is of too few to be a rate.
func (v Value) Small() bool { return (v.Kind == Rate || v.Kind == PerThousand) && v.Of < few }

// String is the value as people read it: a rate of too few is shown as its two numbers, "" where there is nothing to
// count.
func (v Value) String() string {
	switch v.Kind {
	case Rate, PerThousand:
		if v.Of == 0 {
			return ""
		}
		if v.Small() {
			return v.Fraction()
		}
		return v.share()
	case Span:
		return v.span()
	}
	return display.Count(v.N)
}

// Fraction is what a rate is of: "3/12".
func (v Value) Fraction() string {
	return display.Count(v.N) + "/" + display.Count(v.Of)
}

// share is a rate, rounded half up to one place.
func (v Value) share() string {
	base, sign := 100, "%"
	if v.Kind == PerThousand {
		base, sign = 1000, "‰"
	}
	tenths := (2*v.N*base*10 + v.Of) / (2 * v.Of)
	return fmt.Sprintf("%s.%d%s", display.Count(tenths/10), tenths%10, sign)
}

// span is the median and the ninetieth percentile.
func (v Value) span() string {
	median, ok := v.Days.Percentile(50)
	if !ok {
		return ""
	}
	most, _ := v.Days.Percentile(90)
	return fmt.Sprintf("%d天／%d天", median, most)
}
