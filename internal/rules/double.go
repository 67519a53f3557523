package rules

import (
	"math"
	"math/bits"
	"strings"
)

// Signs in digits alone that they were a number.
const (
	trailingZeros = "末尾多位全是0，有效数字不足"
	exactDouble   = "恰为双精度浮点数的展开"
	exactFloat    = "恰为单精度浮点数的展开"
	saturated     = "是整数类型的上限或下限"
)

// Of true codes, chance leaves fewer than these in each with so odd a value: beyond the first it is certain, beyond the
// second likely.
const (
	certainOdds = 1e-6
	likelyOdds  = 1e-4
)

// shortestNumber is the number of digits from which on a code may have lost some: a registration number has 13.
const shortestNumber = 13

// digitsHarm judges a code of digits by itself.
func digitsHarm(s string) (Harm, string) {
	switch {
	case isSaturated(s):
		return Certain, saturated
	case len(s) < shortestNumber:
		return Unharmed, ""
	}
	if zeros := countZeros(s); zeros >= 4 {
		switch significant := len(s) - zeros; {
		case significant < 12: // every program keeps more: a filler, or the first number of a region
		case len(s) >= 22 && zeros >= 7 && significant <= 17:
			return Certain, trailingZeros
		case len(s) >= 19 && significant <= 15:
			return Likely, trailingZeros
		}
	}
	if !isEvenly(s) {
		return Unharmed, ""
	}
	b := sizesOf(s)
	what := exactDouble
	if b.single < b.double {
		what = exactFloat
	}
	switch odds := min(b.double, b.single); {
	case odds <= certainOdds:
		return Certain, what
	case odds <= likelyOdds:
		return Likely, what
	}
	return Unharmed, ""
}

// isSaturated: where a number was too large, a conversion to an integer leaves the largest there is, and a double after
// it may round it.
func isSaturated(s string) bool {
	switch len(s) {
	case 10:
		return s == "2147483647" || s == "2147483648" || s == "4294967295" || s == "4294967296"
	case 16:
		return s == "9007199254740991" || s == "9007199254740992" || s == "9007199254740993" || s == "9007199254740990"
	case 19:
		return s == "9223372036854775807" || s == "9223372036854775808" || s == "9223372036854775800" ||
			s == "9223372036854776000" ||
			s == "9223372036854770000" || s == "9223372036854774784" || s == "9223372036854780000"
	case 20:
		return s == "18446744073709551615" || s == "18446744073709551616" || s == "18446744073709552000" ||
			s == "18446744073709600000" ||
			s == "18446744073709551600" || s == "18446744073709549568"
	case 38, 39:
		return s == "340282346638528859811704183484516925440" || s == "170141183460469231731687303715884105727" ||
			s == "340282366920938463463374607431768211455" || s == "99999999999999999999999999999999999999"
	}
	return false
}

func countZeros(s string) int { return len(s) - len(strings.TrimRight(s, "0")) }

// isEvenly is a cheap look at the last eight digits: whether 256 divides the number.
func isEvenly(s string) bool {
	if (s[len(s)-1]-'0')&1 != 0 {
		return false
	}
	last := 0
	for _, c := range []byte(s[len(s)-8:]) {
		last = last*10 + int(c-'0')
	}
	return last&255 == 0
}

// sizes is what a number is to the base of two.
type sizes struct {
	// the odds that a number of its size is exactly a float64, a float32; 1 where it is none, or any of its size is
	double, single float64
	surplus        int // bits that are zero beyond those that a float64 of its size must have zero
}

// sizesOf reads up to 38 digits; of longer ones nothing is known.
func sizesOf(s string) sizes {
	b := sizes{double: 1, single: 1}
	if len(s) > 38 {
		return b
	}
	var high, low uint64
	for i := 0; i < len(s); i++ {
		over, product := bits.Mul64(low, 10)
		sum, carry := bits.Add64(product, uint64(s[i]-'0'), 0)
		high, low = high*10+over+carry, sum
	}
	size, zero := bits.Len64(low), bits.TrailingZeros64(low)
	if high > 0 {
		size = 64 + bits.Len64(high)
	}
	if low == 0 {
		zero = 64 + bits.TrailingZeros64(high)
	}
	const double, single = 53, 24
	if size > double && size-zero <= double {
		b.double, b.surplus = math.Ldexp(1, double-size), zero-(size-double)
	}
	if size > single && size-zero <= single {
		b.single = math.Ldexp(1, single-size)
	}
	return b
}

// doubleOdds is the part of the numbers of n digits that begin as s does which are exactly a float64, without reading
// them whole.
func doubleOdds(s string) float64 {
	if len(s) < 16 || len(s) > 38 {
		return 1
	}
	lead := float64(s[0]-'0')*1000 + float64(s[1]-'0')*100 + float64(s[2]-'0')*10 + float64(s[3]-'0')
	_, size := math.Frexp(lead * math.Pow10(len(s)-4))
	return math.Ldexp(1, min(0, 53-size))
}
