package verify

import (
	"math/bits"

	"diaoxiao/internal/acceptid"
)

// caseSet is a set of case numbers, with a bit for each number up to the highest.
type caseSet []uint64

func (s *caseSet) add(no int64) {
	if no < 1 || no > acceptid.MaxCaseNo {
		return // its acceptid is faulty already
	}
	for int64(len(*s)) <= no/64 {
		*s = append(*s, 0)
	}
	(*s)[no/64] |= 1 << (no % 64)
}

// remove removes no, and reports whether it was in the set.
func (s caseSet) remove(no int64) bool {
	if no < 1 || int64(len(s)) <= no/64 {
		return false
	}
	was := s[no/64]
	s[no/64] &^= 1 << (no % 64)
	return was != s[no/64]
}

// all yields the numbers in ascending order.
func (s caseSet) all(yield func(int64) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(int64(i*64 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}

// has reports whether no is in the set.
func (s caseSet) has(no int64) bool {
	return no >= 1 && int64(len(s)) > no/64 && s[no/64]&(1<<(no%64)) != 0
}
