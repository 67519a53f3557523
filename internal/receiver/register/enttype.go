package register

import (
	"diaoxiao/internal/rules"
)

// distance is how far two types are from each other.
type distance int8

const (
	notKnown distance = iota // one of them is in no table, so there is nothing to say
	equal                    // the same, or one is the group of the other
	near                     // of one family, such as 1130 and 1151
	apart
)

// nearness compares two types, each a code or a name. A name may be that of several codes; the nearest counts.
func nearness(a, b string) distance {
	if a == b {
		return equal
	}
	ofA, ofB := codesOf(a), codesOf(b)
	best := notKnown
	for _, x := range ofA {
		for _, y := range ofB {
			if d := between(x, y); best == notKnown || d < best {
				best = d
			}
		}
	}
	return best
}

func between(a, b string) distance {
	switch {
	case a == b || isHousehold(a) && isHousehold(b) || isWithin(a, b) || isWithin(b, a):
		return equal
	case a[:2] == b[:2]:
		return near
	}
	return apart
}

// isHousehold: Guangdong has a code of its own for individual households.
func isHousehold(code string) bool { return code == "9500" || code == "9999" }

// isWithin reports whether group is a, or a group that a is in.
func isWithin(a, group string) bool {
	for a != "" {
		if a == group {
			return true
		}
		t, _ := rules.EntTypeByCode(a)
		a = t.Parent
	}
	return false
}

// codesOf are the codes that a type may be, none where it is in no table. Extracts write the code, the name, or the
// code before the name.
func codesOf(text string) []string {
	if _, ok := rules.EntTypeByCode(text); ok {
		return []string{text}
	}
	types := rules.EntTypesByName(text)
	if len(types) == 0 {
		return codesOfText(rules.FoldCode(text))
	}
	if types[0].Name == "其他" { // the end of every family
		return nil
	}
	codes := make([]string, len(types))
	for i, t := range types {
		codes[i] = t.Code
	}
	return append(codes, oldNames[text]...)
}

// codesOfText takes a folded text that is no name of the table.
func codesOfText(folded string) []string {
	if len(folded) < 4 || !rules.AllDigits(folded[:4]) {
		return oldNames[rules.FoldEntTypeName(folded)]
	}
	if len(folded) == 4 || folded[4] >= 0x80 || folded[4] == '(' {
		if _, ok := rules.EntTypeByCode(folded[:4]); ok {
			return []string{folded[:4]}
		}
	}
	return nil
}

// entTypeWords is the name of a type that was sent as a code, in brackets.
func entTypeWords(text string) string {
	if t, ok := rules.EntTypeByCode(rules.FoldCode(text)); ok {
		return "（" + t.Name + "）"
	}
	return ""
}
