package store

import (
	"encoding/binary"
	"math/bits"
)

// rowSet is a set of rows of one part.
type rowSet [partRows / 64]uint64

func (s *rowSet) add(kind int, rows []byte) {
	if kind == listDifferences {
		eachRow(rows, func(at int) { s[at/64] |= 1 << (at % 64) })
		return
	}
	for i := range min(len(rows)/8, len(s)) {
		s[i] |= binary.LittleEndian.Uint64(rows[8*i:])
	}
}

// and leaves the rows that are in both.
func (s *rowSet) and(other *rowSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

// each calls f for the rows from one on, until it returns false.
func (s *rowSet) each(from int, f func(at int) bool) {
	for i := max(0, from) / 64; i < len(s); i++ {
		word := s[i]
		if i == from/64 && from > 0 {
			word &= ^uint64(0) << (from % 64)
		}
		for ; word != 0; word &= word - 1 {
			if !f(64*i + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
