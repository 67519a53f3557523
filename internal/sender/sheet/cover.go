package sheet

import (
	"bytes"
	"cmp"
	"slices"

	"diaoxiao/internal/grid"
)

// maxCovers is how many merges are looked at in one row; as many columns are looked at of a sheet.
const maxCovers = grid.MaxColumns

// cover finds what stands below merged cells, where nobody sees it, while the rows of a list go by.
type cover struct {
	all    grid.Merges // those of columns that are used, by their first rows
	active []covering
}

// covering is a merge that the row in hand is part of, with what its first cell holds.
type covering struct {
	grid.Merge
	first []byte
}

func newCover(all grid.Merges, h head) *cover {
	used := slices.DeleteFunc(slices.Clone(all), func(m grid.Merge) bool {
		return !slices.ContainsFunc(h.column[:], func(i int) bool {
			return int(m.Column) <= i && i <= int(m.LastColumn)
		})
	})
	slices.SortFunc(used, func(a, b grid.Merge) int { return cmp.Compare(a.Row, b.Row) })
	return &cover{all: used}
}

// advance goes on to a row.
func (c *cover) advance(l grid.Line) {
	if len(c.all)+len(c.active) == 0 {
		return
	}
	c.active = slices.DeleteFunc(c.active, func(m covering) bool { return int(m.LastRow) < l.Row })
	for len(c.all) > 0 && int(c.all[0].Row) <= l.Row {
		m := covering{Merge: c.all[0]}
		c.all = c.all[1:]
		if int(m.LastRow) < l.Row || len(c.active) == maxCovers {
			continue
		}
		if int(m.Row) == l.Row && int(m.Column) < len(l.Cells) {
			m.first = bytes.Clone(l.Cells[m.Column].Raw)
		}
		c.active = append(c.active, m)
	}
}

// hides returns the merge that hides a cell which says something else than the merge shows.
func (c *cover) hides(row, column int, in grid.Cell) (grid.Merge, bool) {
	for _, m := range c.active {
		inside := int(m.Column) <= column && column <= int(m.LastColumn) &&
			(int(m.Row) != row || int(m.Column) != column)
		if inside && !bytes.Equal(m.first, in.Raw) {
			return m.Merge, true
		}
	}
	return grid.Merge{}, false
}

// unseen are the problems of the cells of a row that are hidden by merges.
func (r *tableReader) unseen(l grid.Line) (problems []*Problem) {
	if r.cover == nil {
		return nil
	}
	r.cover.advance(l)
	for f, i := range r.head.column {
		if i < 0 || i >= len(l.Cells) || grid.IsBlank(l.Cells[i:i+1]) {
			continue
		}
		if m, ok := r.cover.hides(l.Row, i, l.Cells[i]); ok {
			problems = append(problems, fatal(
				field(f),
				r.at(l.Row, field(f)),
				"单元格“"+grid.Brief(l.Cells[i].Raw)+"”被合并的单元格"+m.First()+"盖住，看不见",
				grid.UnmergeStep,
			))
		}
	}
	return problems
}
