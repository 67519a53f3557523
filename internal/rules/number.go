package rules

import "strings"

// Harm says how sure it is that a code has been a number on its way: a spreadsheet, a script or a column of a database
// took its digits for a quantity, and the last of them are lost.
type Harm uint8

// The degrees of harm. Certain is what no true code is, or fewer than one of a million; Likely is what a person should
// look at.
const (
	Unharmed Harm = iota
	Likely
	Certain
)

// NumberHarm judges one code, a pripid or a uniscid, as it was sent: the harm, and in Chinese what shows it. For a
// clean code it does not allocate. Anything that only a whole list shows is for [Doubles].
func NumberHarm(code string) (Harm, string) {
	if AllDigits(code) {
		return digitsHarm(code)
	}
	if isUnlikeNumber(code) {
		return Unharmed, ""
	}
	n := readNumber(code)
	switch {
	case n.form == noNumber:
		return Unharmed, ""
	case n.form == shortExponent || n.form == inThousands && n.separator == ' ':
		return Likely, n.form.String()
	}
	return Certain, n.form.String()
}

// CaseIDHarm judges a caseid, which offices number as they like: 2026.3, 15-E03 and 1,234 are theirs.
func CaseIDHarm(caseid string) (Harm, string) {
	if AllDigits(caseid) {
		h, what := digitsHarm(caseid)
		if h == Certain && what == trailingZeros {
			h = Likely
		}
		return h, what
	}
	if isUnlikeNumber(caseid) {
		return Unharmed, ""
	}
	n := readNumber(caseid)
	if h := n.caseIDHarm(); h != Unharmed {
		return h, n.form.String()
	}
	return Unharmed, ""
}

// caseIDHarm: where few digits are before the mark that makes a number, an office may have written it.
func (n number) caseIDHarm() Harm {
	const many = 9
	switch n.form {
	case noNumber:
		return Unharmed
	case withExponent:
		return unless(n.plain && !n.plus)
	case withFraction:
		switch {
		case strings.Trim(n.fraction, "0") != "" || n.fraction == "":
			return Unharmed // 2026.3, 2026.
		case len(n.whole) < many:
			return Likely
		}
	case withSign:
		return unless(len(n.whole) < many)
	case inThousands:
		return unless(n.groups < 3 || n.separator != ',')
	case shortExponent:
		return Likely
	}
	return Certain
}

// unless is certain harm, but where it is doubtful.
func unless(doubtful bool) Harm {
	if doubtful {
		return Likely
	}
	return Certain
}

// numberForm is how a text shows that it is a number.
type numberForm uint8

const (
	noNumber      numberForm = iota
	withExponent             // 1.50104E+23
	shortExponent            // 2E22, which a code may be
	withFraction             // 1130.0
	withSign                 // -9223372036854775808
	inThousands              // 150,104,000,022
	withUnit                 // ￥150104, 150104%
	notFinite                // Infinity
)

// String says it in Chinese.
func (f numberForm) String() string {
	return [...]string{"", "写成了科学记数", "形如科学记数", "带小数", "带正负号", "带千分位", "带货币符号或百分号", "不是数值（无穷大或非数）"}[f]
}

// number is a text read as a number.
type number struct {
	form            numberForm
	whole, fraction string // digits
	plain           bool   // the exponent stands behind a whole number
	plus            bool   // it has a plus sign
	groups          int    // of thousands
	separator       rune
}

// isUnlikeNumber reports cheaply that a text is no number in any spelling: it has a letter that none has, or an
// ideograph.
func isUnlikeNumber(s string) bool {
	digits := false
	if strings.HasPrefix(s, "1.#") || strings.HasPrefix(s, "-1.#") {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		digits = digits || '0' <= c && c <= '9'
		switch {
		case digits && (c == '_' || 'F' <= c && c <= 'W' || c == 'A' || c == 'B' || c == 'C' || c == 'Y' || c == 'Z'):
			return true
		case digits && ('f' <= c && c <= 'w' || c == 'a' || c == 'b' || c == 'c' || c == 'y' || c == 'z'):
			return true
		case 0xe4 <= c && c <= 0xe9: // most of Chinese
			return true
		}
	}
	return len(s) > 80
}

var numberFolder = strings.NewReplacer(
	"−", "-", "﹣", "-", "–", "-", "—", "-", "’", "'", "\u00a0", " ", "\u202f", " ", "\u2009", " ", "×", "x", "⁰", "0",
	"¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9", "⁺", "+", "⁻", "-", "￥",
	"¥",
)

// foldNumber brings a text into the letters that numbers are read in.
func foldNumber(s string) string {
	s = numberFolder.Replace(strings.Map(HalfWidth, s))
	s = strings.Map(func(r rune) rune {
		if r != ' ' && isBlank(r) {
			return -1
		}
		return r
	}, s)
	return strings.ToUpper(strings.Trim(s, " '"))
}

// readNumber reads a text as a number, if it is one that is more than digits.
func readNumber(raw string) (n number) {
	s := foldNumber(raw)
	if isNotFinite(s) {
		n.form = notFinite
		return n
	}
	bare := strings.TrimRight(strings.TrimLeft(s, "¥$€ "), "% ")
	unit := bare != s
	s = bare
	sign := s != "" && (s[0] == '-' || s[0] == '+')
	if sign {
		s = strings.TrimLeft(s[1:], " ")
	}
	if !n.read(s) {
		return number{}
	}
	switch {
	case n.form != noNumber:
	case sign:
		n.form = withSign
	case unit:
		n.form = withUnit
	}
	return n
}

// isNotFinite: what programs write for a number that is none. NaN alone may be typed where there is nothing to type.
func isNotFinite(s string) bool {
	s = strings.TrimLeft(s, "+-")
	switch s {
	case "INFINITY", "INF", "∞", "NAN", "NAN(IND)", "NAN(SNAN)", "QNAN", "#INF", "#NAN":
		return true
	}
	return strings.HasPrefix(s, "1.#INF") || strings.HasPrefix(s, "1.#IND") || strings.HasPrefix(s, "1.#QNAN") ||
		strings.HasPrefix(s, "1.#J")
}

// read takes an unsigned number of folded text. Anything that is only digits is a number without a form.
func (n *number) read(s string) bool {
	if n.thousands(s) {
		return true
	}
	n.whole, s = cutDigits(s)
	if n.whole == "" {
		return false
	}
	point := s != "" && (s[0] == '.' || s[0] == ',')
	comma := point && s[0] == ','
	if point {
		n.fraction, s = cutDigits(s[1:])
	}
	if s == "" {
		if point {
			n.form = withFraction
		}
		return !comma // 12,5 may be two things
	}
	return n.exponent(s, point)
}

// exponent takes E+23 and its like, behind a number with a point or without.
func (n *number) exponent(s string, point bool) bool {
	s = strings.TrimLeft(s, " ")
	power := false
	for _, mark := range [...]string{"X10^", "*10^", "X10", "*10**", "E", "D"} {
		rest, ok := strings.CutPrefix(s, mark)
		if ok {
			power, s = mark != "E" && mark != "D", rest
			break
		}
		if mark == "D" {
			return false
		}
	}
	rest := strings.TrimLeft(s, " ")
	signed := rest != "" && (rest[0] == '+' || rest[0] == '-')
	n.plain, n.plus = !point && !power, signed && rest[0] == '+'
	marked := point || power || signed || len(rest) < len(s)
	if signed {
		rest = strings.TrimLeft(rest[1:], " ")
	}
	if digits, more := cutDigits(rest); digits == "" || len(digits) > 4 || more != "" {
		return false
	}
	switch {
	case marked:
		n.form = withExponent
	case len(n.whole) == 1 && len(rest) <= 3:
		n.form = shortExponent
	}
	return true
}

// thousands takes digits in groups of three: 150,104,000,022, with or without decimals.
func (n *number) thousands(s string) bool {
	first, rest := cutDigits(s)
	if len(first) == 0 || len(first) > 3 || first == "0" || rest == "" || !strings.ContainsRune(",' .", rune(rest[0])) {
		return false
	}
	n.separator, n.groups, n.whole = rune(rest[0]), 1, first
	for rest != "" && rune(rest[0]) == n.separator {
		group, more := cutDigits(rest[1:])
		if len(group) != 3 {
			break
		}
		n.groups, n.whole, rest = n.groups+1, n.whole+group, more
	}
	if n.groups < 2 || n.groups == 2 && n.separator != ',' || rest != "" && rest[0] != '.' {
		*n = number{}
		return false
	}
	if rest != "" {
		n.fraction, rest = cutDigits(rest[1:])
	}
	n.form = inThousands
	return rest == ""
}

func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}
