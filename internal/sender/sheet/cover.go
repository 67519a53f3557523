package sheet

import (
	"bytes"
	"cmp"
	"slices"
)

// maxCovers is how many merges are looked at in one row; as many columns are looked at of a sheet.
const maxCovers = maxColumns

// cover finds what stands below merged cells, where nobody sees it, while the rows of a list go by.
type cover struct {
	all    merges // those of columns that are used, by their first rows
	active []covering
}

// covering is a merge that the row in hand is part of, with what its first cell holds.
type covering struct {
	merge
	first []byte
}

func newCover(all merges, h head) *cover {
	used := slices.DeleteFunc(slices.Clone(all), func(m merge) bool {
		return !slices.ContainsFunc(h.column[:], func(i int) bool { return int(m.column) <= i && i <= int(m.lastColumn) })
	})
	slices.SortFunc(used, func(a, b merge) int { return cmp.Compare(a.row, b.row) })
	return &cover{all: used}
}

// advance goes on to a row.
func (c *cover) advance(l line) {
	if len(c.all)+len(c.active) == 0 {
		return
	}
	c.active = slices.DeleteFunc(c.active, func(m covering) bool { return int(m.lastRow) < l.row })
	for len(c.all) > 0 && int(c.all[0].row) <= l.row {
		m := covering{merge: c.all[0]}
		c.all = c.all[1:]
		if int(m.lastRow) < l.row || len(c.active) == maxCovers {
			continue
		}
		if int(m.row) == l.row && int(m.column) < len(l.cells) {
			m.first = bytes.Clone(l.cells[m.column].raw)
		}
		c.active = append(c.active, m)
	}
}

// hides returns the merge that hides a cell which says something else than the merge shows.
func (c *cover) hides(row, column int, in cell) (merge, bool) {
	for _, m := range c.active {
		inside := int(m.column) <= column && column <= int(m.lastColumn) && (int(m.row) != row || int(m.column) != column)
		if inside && !bytes.Equal(m.first, in.raw) {
			return m.merge, true
		}
	}
	return merge{}, false
}

// unseen are the problems of the cells of a row that are hidden by merges.
func (r *tableReader) unseen(l line) (problems []*Problem) {
	if r.cover == nil {
		return nil
	}
	r.cover.advance(l)
	for f, i := range r.head.column {
		if i < 0 || i >= len(l.cells) || isBlank(l.cells[i:i+1]) {
			continue
		}
		if m, ok := r.cover.hides(l.row, i, l.cells[i]); ok {
			problems = append(problems, fatal(field(f), r.at(l.row, field(f)), "单元格“"+brief(l.cells[i].raw)+"”被合并的单元格"+m.first()+"盖住，看不见", unmergeStep))
		}
	}
	return problems
}
