package sheet

import (
	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// given is a case as the sheet 案件 has it.
type given struct {
	texts
	place [caseFields]Place
	odd   [caseFields]*grid.Odd // what is doubtful about its cells
	row   int

	strays []Problem // what holds it: cells beside its own
}

// book is the cases of the sheet 案件, packed: there may be as many as rows of a list.
type book struct {
	all   []packed
	byID  map[[16]byte]int32
	text  [][]byte          // of all, in blocks
	place [caseFields]Place // of each text; the row is that of the case, unless the one case has a row for each
	form  bool
	odds  map[int32][caseFields]*grid.Odd

	strays map[int32][]Problem
}

// packed is a case of a book.
type packed struct {
	row   int32
	texts [caseFields]struct{ at, len int32 } // in the blocks of the book
}

const bookBlock = grid.MaxText

func (b *book) len() int { return len(b.all) }

// add takes a case in unless its caseid is there; then it returns the row where.
func (b *book) add(c given) (first int, ok bool) {
	if b.byID == nil {
		b.byID = make(map[[16]byte]int32)
		b.odds = make(map[int32][caseFields]*grid.Odd)
		b.strays = make(map[int32][]Problem)
	}
	id, n := hashOf([]byte(c.texts[caseID])), int32(len(b.all))
	if i, there := b.byID[id]; there {
		return int(b.all[i].row), false
	}
	p := packed{row: int32(c.row)}
	for f, text := range c.texts {
		p.texts[f].at, p.texts[f].len = b.keep(text), int32(len(text))
	}
	b.byID[id], b.all, b.place = n, append(b.all, p), c.place
	if c.odd != [caseFields]*grid.Odd{} {
		b.odds[n] = c.odd
	}
	if len(c.strays) > 0 {
		b.strays[n] = c.strays
	}
	return 0, true
}

// keep puts a text behind the others and returns where it begins.
func (b *book) keep(text string) int32 {
	last := len(b.text) - 1
	if last < 0 || len(b.text[last])+len(text) > bookBlock {
		b.text = append(b.text, make([]byte, 0, bookBlock))
		last++
	}
	at := last*bookBlock + len(b.text[last])
	b.text[last] = append(b.text[last], text...)
	return int32(at)
}

// at is a case as it was added.
func (b *book) at(i int) given {
	p := b.all[i]
	g := given{place: b.place, odd: b.odds[int32(i)], row: int(p.row), strays: b.strays[int32(i)]}
	for f, t := range p.texts {
		if t.len > 0 {
			g.texts[f] = string(b.text[t.at/bookBlock][t.at%bookBlock:][:t.len])
		}
		if !b.form && g.place[f].Column != "" {
			g.place[f].Row = g.row
		}
	}
	return g
}

// lookUp returns what the sheet says of a case. Without the sheet nothing; a sheet with one case that has no caseid
// speaks of every case, and one with one case speaks of the rows without a caseid.
func (b *book) lookUp(key string) (given, bool) {
	if i, ok := b.byID[hashOf([]byte(key))]; ok {
		return b.at(int(i)), true
	}
	switch {
	case b.len() == 0:
		return given{}, true
	case b.len() == 1:
		if one := b.at(0); one.texts[caseID] == "" || api.Blank(key) {
			return one, true
		}
	}
	return given{}, false
}
