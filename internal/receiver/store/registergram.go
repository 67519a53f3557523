package store

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/rules"
)

// Firms are found by a part of their names by an index of our own, which is the same on every engine: for each two
// characters that follow each other (gram), the rows whose names have them. Rows are indexed in parts of partRows
// numbers, so that memory is bounded and everything is written in order; several lists are a row of register_gram.

// partRows is how many numbers of rows a part spans.
const partRows = 1 << 18

// blockBytes is from which size on no further list comes into a row of register_gram.
const blockBytes = 1800

// gramOf is two characters as a number.
func gramOf(a, b rune) int64 { return int64(a)<<21 | int64(b) }

// foldFirmName is the form in which names of firms are searched: as names of people, and without letter case and
// shapes of brackets.
func foldFirmName(s string) string {
	return strings.Map(foldFirmRune, rules.FoldName(s))
}

func foldFirmRune(r rune) rune {
	switch r {
	case '[', '{', '〔', '【', '〈', '《', '「', '『', '〖':
		return '('
	case ']', '}', '〕', '】', '〉', '》', '」', '』', '〗':
		return ')'
	}
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// gramsOf are the grams of a folded name, each once.
func gramsOf(to []int64, folded string) []int64 {
	before := rune(-1)
	for _, r := range folded {
		if before >= 0 {
			to = append(to, gramOf(before, r))
		}
		before = r
	}
	slices.Sort(to)
	return slices.Compact(to)
}

// gramPart is the part of the index that is being gathered: of each gram a list of rows.
type gramPart struct {
	first int // the first number of a row
	lists map[int64]*gramList
	grams []int64 // of a name
}

// gramList is a list of rows of one part, as differences while that is shorter than bits.
type gramList struct {
	kind int
	rows []byte
	last int
}

func (p *gramPart) reset(first int) { p.first, p.lists = first, make(map[int64]*gramList) }

// add adds a row, by its number within the part, to the list of a gram.
func (p *gramPart) add(gram int64, at int) {
	l := p.lists[gram]
	if l == nil {
		l = &gramList{last: -1}
		p.lists[gram] = l
	}
	if l.kind == listBits {
		l.rows[at/8] |= 1 << (at % 8)
		return
	}
	l.rows = binary.AppendUvarint(l.rows, uint64(at-l.last))
	if l.last = at; len(l.rows) >= partRows/8 {
		l.kind, l.rows = listBits, setBits(l.rows)
	}
}

// addName adds the name of a row to the index.
func (w *registerWriter) addName(rowNo int, name string) error {
	if rowNo >= w.grams.first+partRows {
		if err := w.putPart(); err != nil {
			return err
		}
		w.grams.reset(rowNo)
	}
	w.grams.grams = gramsOf(w.grams.grams[:0], foldFirmName(name))
	for _, g := range w.grams.grams {
		w.grams.add(g, rowNo-w.grams.first)
	}
	return nil
}

// putPart puts the part that was gathered.
func (w *registerWriter) putPart() error {
	blocks := w.grams.blocks()
	return w.Put(gramTable, len(blocks), func(i int, to []any) []any {
		return append(to, w.Under, w.grams.first, blocks[i].gram, blocks[i].lists)
	})
}

// gramBlock is a row of register_gram: the lists of some grams, from one on.
type gramBlock struct {
	gram  int64
	lists []byte
}

func scanBlock(scan func(...any) error) (b gramBlock, err error) {
	err = scan(&b.gram, &b.lists)
	return b, err
}

// blocks are all lists of the part, in order of their grams.
func (p *gramPart) blocks() (all []gramBlock) {
	var before int64
	for _, gram := range slices.Sorted(maps.Keys(p.lists)) {
		if n := len(all); n == 0 || len(all[n-1].lists) >= blockBytes {
			all, before = append(all, gramBlock{gram: gram}), gram
		}
		b := &all[len(all)-1]
		b.lists = appendList(b.lists, gram-before, p.lists[gram])
		before = gram
	}
	return all
}

// Kinds of lists.
const (
	listDifferences = 0
	listBits        = 1 // a bit for each row of the part: never longer than partRows/8 bytes
)

// appendList adds a list to a block: how far its gram is from the one before, its kind and length, and what it has.
func appendList(block []byte, step int64, l *gramList) []byte {
	block = binary.AppendUvarint(block, uint64(step))
	block = binary.AppendUvarint(block, uint64(len(l.rows))<<1|uint64(l.kind))
	return append(block, l.rows...)
}

// setBits turns differences into bits.
func setBits(rows []byte) []byte {
	b := make([]byte, partRows/8)
	eachRow(rows, func(at int) { b[at/8] |= 1 << (at % 8) })
	return b
}

// errGrams: the index of names is not as it was written.
var errGrams = errors.New("the index of names of the register is damaged")

// eachRow calls f for each row of a list of differences.
func eachRow(rows []byte, f func(at int)) {
	for at := -1; len(rows) > 0; {
		d, n := binary.Uvarint(rows)
		at += int(d)
		if n <= 0 || at < 0 || at >= partRows {
			return
		}
		f(at)
		rows = rows[n:]
	}
}

// eachList calls f for each list of a block, until it returns false.
func eachList(gram int64, block []byte, f func(gram int64, kind int, rows []byte) bool) error {
	for len(block) > 0 {
		step, n := binary.Uvarint(block)
		if n <= 0 {
			return errGrams
		}
		size, m := binary.Uvarint(block[n:])
		block = block[max(n+m, n):]
		if m <= 0 || size>>1 > uint64(len(block)) {
			return errGrams
		}
		gram += int64(step)
		if !f(gram, int(size&1), block[:size>>1]) {
			return nil
		}
		block = block[size>>1:]
	}
	return nil
}

// resumePart takes the last part of a base back where it has room for more rows, so that many small imports of changes
// do not make many small parts.
func (w *registerWriter) resumePart() error {
	first, err := engine.Value[int](w, "SELECT COALESCE(MAX(part), 0) FROM register_gram WHERE snapshot = $1", w.Under)
	if err != nil || first+partRows <= w.last+1 {
		w.grams.reset(w.last + 1)
		return err
	}
	w.grams.reset(first)
	blocks, err := engine.List(w, scanBlock, "SELECT gram, lists FROM register_gram WHERE snapshot = $1 AND part = $2",
		w.Under, first)
	for _, b := range blocks {
		err = errors.Join(err, eachList(b.gram, b.lists, func(gram int64, kind int, rows []byte) bool {
			var set rowSet
			set.add(kind, rows)
			set.each(0, func(at int) bool { w.grams.add(gram, at); return true })
			return true
		}))
	}
	if err != nil {
		return err
	}
	_, err = w.Exec("DELETE FROM register_gram WHERE snapshot = $1 AND part = $2", w.Under, first)
	return err
}
