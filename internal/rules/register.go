package rules

import "slices"

// The findings of the comparison with the register are made where the register is known. These methods make what they
// say.

// Words is the detail with words behind it.
func (d Detail) Words(s string) Detail { return d.words(s) }

// Value is the detail with a value behind it, of which the characters at the positions differ from the other value.
func (d Detail) Value(s string, differ ...int) Detail { return d.value(s, differ...) }

// DetailTwoFirms is the beginning of the detail of a finding of RegisterTwoFirms: pripid leads to the firm of that name
// and code, sent to others, whose names come behind it. It marks the positions at which the two codes differ.
func DetailTwoFirms(pripid, name, code, sent string) Detail {
	differ := difference(code, sent)
	own := words("身份代码").value(pripid).words("是").value(name)
	if code != "" {
		own = own.words("（").value(code, differ...).words("）")
	}
	if FoldCode(sent) != sent {
		differ = nil
	}
	return own.words("，报送的").value(sent, differ...).words("是")
}

// DetailBesideRegister is the detail of a finding that a code or a type is another one in the register: sent is what
// was sent, has what the register has. It names the positions at which the two differ, where they have one length.
func DetailBesideRegister(sent, has string) Detail {
	differ := difference(sent, has)
	if FoldCode(sent) == sent {
		return words("报送").value(sent, differ...).words("，主体库为").value(has, differ...).
			words(differenceText(differ)).at(differ)
	}
	return words("报送").value(sent).words("，主体库为").value(has, differ...).words(differenceText(differ)).at(differ)
}

// DetailNameBesideRegister is the same of a name of a person: what is between the first and the last characters that
// both have is where they differ.
func DetailNameBesideRegister(sent, has string) Detail {
	mine, its := apart([]rune(sent), []rune(has))
	return words("报送").value(sent, mine...).words("，主体库为").value(has, its...)
}

// apart is the positions of a and of b without what both begin with and end in.
func apart(a, b []rune) (ofA, ofB []int) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	endA, endB := len(a), len(b)
	for endA > n && endB > n && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	return between(n, endA), between(n, endB)
}

func between(from, to int) []int {
	positions := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		positions = append(positions, i)
	}
	return slices.Clip(positions)
}

// IsHiddenName reports whether a name is masked, or has lost a character on its way, so that it cannot confirm anybody:
// 张*, 张?, 张某, 张XX.
func IsHiddenName(name string) bool {
	n, last := 0, rune(0)
	some := false
	for _, r := range name {
		n++
		some = some || r == '某'
		switch {
		case r == '?' || r == '*' || r >= 0x80 && !isCommonHan(r) && isGarbled(r) && !isPrivate(r):
			return true
		case (r == 'X' || r == 'x') && isCommonHan(last):
			return true
		}
		last = r
	}
	return some && n <= 4
}

// isPrivate: a user-defined character may be the same on both sides.
func isPrivate(r rune) bool { return 0xe000 <= r && r <= 0xf8ff }
