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
	first [2]firstRows // by credit code, by pripid
	codes [][]byte     // pieces of what the rows have in the two members, each with its length
	at    []codeAt     // of each row
}

type codeAt struct{ piece, offset, pos int32 }

// codePiece is the size of a piece in a long list.
const codePiece = 256 << 10

// Add takes the next row, which stands at pos, and calls add for each finding that it raises.
func (l *ListCheck) Add(pos int, e api.Entity, add func(field string, rule int, detail string)) {
	if len(l.at) == 0 {
		l.seed = maphash.MakeSeed()
	}
	row := len(l.at)
	l.keep(pos, e)
	for i, value := range [...]string{FoldCode(e.UniscID), FoldCode(e.PripID)} {
		if value == "" || isPlaceholder(value) {
			continue
		}
		if first := l.first[i].add(maphash.String(l.seed, value), row); first != row {
			l.compare(KeyKind(i)+ByUniscID, first, e, value, add)
		}
	}
}

// firstRows finds the first row with a hash: a table with open addressing, in a third of the time of a map.
type firstRows struct {
	slots []firstRow
	used  int
}

type firstRow struct {
	hash uint64
	row  int32 // plus one; 0: free
}

// add returns the first row that was added with hash, which is row itself where there was none.
func (f *firstRows) add(hash uint64, row int) int {
	if 2*f.used >= len(f.slots) {
		f.grow()
	}
	s := f.slot(hash)
	if s.row == 0 {
		*s = firstRow{hash, int32(row) + 1}
		f.used++
	}
	return int(s.row) - 1
}

// slot is where hash stands or would stand.
func (f *firstRows) slot(hash uint64) *firstRow {
	mask := uint64(len(f.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &f.slots[i]; s.row == 0 || s.hash == hash {
			return s
		}
	}
}

func (f *firstRows) grow() {
	old := f.slots
	f.slots = make([]firstRow, max(16, 4*len(old)))
	for _, s := range old {
		if s.row != 0 {
			*f.slot(s.hash) = s
		}
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
	rule, field, detail := judge(kind, EntityRow{Entity: e}, EntityRow{Entity: other}, PlaceInList(int(l.at[first].pos)))
	if rule != 0 {
		add(field, rule, detail)
	}
}

func (l *ListCheck) keep(pos int, e api.Entity) {
	need := 4 + len(e.UniscID) + len(e.PripID)
	last := len(l.codes) - 1
	if last < 0 || len(l.codes[last])+need > cap(l.codes[last]) {
		l.codes = append(l.codes, make([]byte, 0, max(need, min(1<<10<<len(l.codes), codePiece)))) // most lists are short
		last++
	}
	p := l.codes[last]
	l.at = append(l.at, codeAt{int32(last), int32(len(p)), int32(pos)})
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
