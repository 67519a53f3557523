package sheet

import (
	"fmt"
	"slices"
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// stray is a column without a heading that says something beside the rows of a case.
type stray struct {
	column, row int // row is the first of them
	n           int // cells
	text        string
}

// besides are those of one case. A remark that a person writes there may be meant for the row: 不报送.
type besides struct {
	columns []stray
	more    int // cells of other columns
}

// add takes in a cell.
func (s *besides) add(row, column int, text string) {
	i := slices.IndexFunc(s.columns, func(c stray) bool { return c.column == column })
	switch {
	case i >= 0:
		s.columns[i].n++
	case len(s.columns) < MaxProblems:
		s.columns = append(s.columns, stray{column, row, 1, text})
	default:
		s.more++
	}
}

// end is what holds the case, once for each column, and begins the next.
func (s *besides) end(at Place) (held []Problem) {
	for i, c := range s.columns {
		at.Row, at.Column = c.row, grid.ColumnName(c.column)
		text := "该列没有标题，此处却有内容“" + c.text + "”，未使用"
		if c.n > 1 {
			text += fmt.Sprintf("；本案该列共%d处", c.n)
		}
		if i == len(s.columns)-1 && s.more > 0 {
			text += fmt.Sprintf("；别的列还有%d处", s.more)
		}
		held = append(held, Problem{Place: at, Text: text, Next: strayStep, Held: true})
	}
	*s = besides{}
	return held
}

const strayStep = "核对是否影响报送：不报送的须删去整行，无关的删去这些内容，或给该列加标题"

// beside looks at the cells of the row in columns without a heading. In CSV, one beyond the headings is a problem
// already.
func (g *group) beside() {
	for i, c := range g.s.Cells {
		switch {
		case g.head.hasName(i) || c.Kind == grid.Text && api.Blank(c.Raw):
		case g.Strict && i >= len(g.head.names), g.isSequence(i, c):
		default:
			g.strays.add(g.s.Row, i, c.Shown())
		}
	}
}

// isSequence reports whether a cell left of all columns that are used counts the rows, as many lists do without a
// heading.
func (g *group) isSequence(column int, c grid.Cell) bool {
	if column >= g.head.first() || c.Kind != grid.Text && c.Kind != grid.Number || len(c.Raw) > 7 ||
		digits(c.Raw) != len(c.Raw) {
		return false
	}
	n, err := strconv.Atoi(string(c.Raw))
	before := g.counted[column]
	if len(g.counted) < grid.MaxColumns {
		g.counted[column] = n
	}
	return err == nil && (n == before+1 || n == g.s.Row-g.head.row || n == 1 && g.s.Row == g.c.Where.Row)
}

// first is the first column that is used.
func (h head) first() int {
	least := len(h.names)
	for _, i := range h.column {
		if i >= 0 {
			least = min(least, i)
		}
	}
	return least
}

// hasName reports whether a column has a heading.
func (h head) hasName(column int) bool {
	return column < len(h.names) && h.names[column] != "" || h.under[column]
}

// spread gives columns the headings that are merged over them: one from a row above, or one beside that is not used.
func (h *head) spread(t grid.Table, all grid.Merges) error {
	h.under = make(map[int]bool)
	in, err := t.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		l, err := in.Next()
		if err != nil || l.Row > h.row {
			return grid.IgnoreEOF(err)
		}
		for _, m := range all {
			i := int(m.Column)
			covers := int(m.Row) == l.Row && int(m.LastRow) >= h.row
			if covers && i < len(l.Cells) && !grid.IsBlank(l.Cells[i:i+1]) && !slices.Contains(h.column[:], i) {
				h.cover(m)
			}
		}
	}
}

func (h *head) cover(m grid.Merge) {
	for i := m.Column; i <= m.LastColumn && int(i) < grid.MaxColumns; i++ {
		h.under[int(i)] = true
	}
}
