package intake

import (
	"encoding/binary"
	"hash/maphash"

	"diaoxiao/api"
)

// ListCheck finds what repeats within one list, as the verifier does of a case that it has alone before it (rules 401, 402,
// 405), for a sender who wants to know beforehand. It keeps some hundred bytes for each entity. The zero value is ready.
type ListCheck struct {
	seed  maphash.Seed
	first [2]map[uint64]int32 // by credit code, by pripid: hash of the folded value → the first row that has it
	codes [][]byte            // pieces of what the rows have in the two members, each with its length
	at    []codeAt            // of each row
}

type codeAt struct{ piece, offset int32 }

// codePiece is the size of a piece in a long list.
const codePiece = 256 << 10

// Add takes the next row and calls add for each finding that it raises.
func (l *ListCheck) Add(e api.Entity, add func(field string, rule int, detail string)) {
	if l.first[0] == nil {
		l.seed, l.first = maphash.MakeSeed(), [2]map[uint64]int32{make(map[uint64]int32), make(map[uint64]int32)}
	}
	pos := len(l.at)
	l.keep(e)
	for i, value := range [...]string{FoldCode(e.UniscID), FoldCode(e.PripID)} {
		if value == "" || isPlaceholder(value) {
			continue
		}
		h := maphash.String(l.seed, value)
		first, found := l.first[i][h]
		if !found {
			l.first[i][h] = int32(pos)
			continue
		}
		l.compare(KeyKind(i)+ByUniscID, int(first), e, value, add)
	}
}

// compare raises what it means that e has a value in common with the row first.
func (l *ListCheck) compare(kind KeyKind, first int, e api.Entity, value string, add adder) {
	other := l.row(first)
	its := other.UniscID
	if kind == ByPripID {
		its = other.PripID
	}
	if FoldCode(its) != value {
		return // two values with one hash
	}
	rule, field, detail := judge(kind, EntityRow{Entity: e}, EntityRow{Entity: other}, PlaceInList(first))
	if rule != 0 {
		add(field, rule, detail)
	}
}

func (l *ListCheck) keep(e api.Entity) {
	need := 4 + len(e.UniscID) + len(e.PripID)
	last := len(l.codes) - 1
	if last < 0 || len(l.codes[last])+need > cap(l.codes[last]) {
		l.codes = append(l.codes, make([]byte, 0, max(need, min(1<<10<<len(l.codes), codePiece)))) // most lists are short
		last++
	}
	p := l.codes[last]
	l.at = append(l.at, codeAt{int32(last), int32(len(p))})
	p = binary.LittleEndian.AppendUint16(p, uint16(len(e.UniscID)))
	p = binary.LittleEndian.AppendUint16(p, uint16(len(e.PripID)))
	l.codes[last] = append(append(p, e.UniscID...), e.PripID...)
}

// row returns the two codes of an earlier row.
func (l *ListCheck) row(i int) api.Entity {
	p := l.codes[l.at[i].piece][l.at[i].offset:]
	u, n := int(binary.LittleEndian.Uint16(p)), int(binary.LittleEndian.Uint16(p[2:]))
	return api.Entity{UniscID: string(p[4 : 4+u]), PripID: string(p[4+u : 4+u+n])}
}
