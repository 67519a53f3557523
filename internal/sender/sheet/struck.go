package sheet

import (
	"diaoxiao/internal/grid"
	"fmt"
)

// struckOut is what holds a case for contents that are struck out: told once, with the first row.
type struckOut struct {
	Problem
	rows int
}

// crossedOut looks at the cells of the row that are used.
func (g *group) crossedOut() {
	for f, i := range g.head.column {
		if i < 0 || i >= len(g.s.Cells) || !g.s.Cells[i].Struck || grid.IsBlank(g.s.Cells[i:i+1]) {
			continue
		}
		if g.struck.rows++; g.struck.rows == 1 {
			g.struck.Problem = struckProblem(field(f), g.at(g.s.Row, field(f)), g.s.Cells[i])
		}
		return
	}
}

func struckProblem(f field, at Place, c grid.Cell) Problem {
	return Problem{Place: at, Field: fieldTable[f].name, Text: "“" + c.Shown() + "”有删除线，却会一并报送",
		Next: "核对是否应当报送：不报送的删去整行，应报送的去掉删除线", Held: true}
}

// end is what holds the case, nothing where no row is struck out, and begins the next.
func (s *struckOut) end() (held []Problem) {
	if s.rows > 1 {
		s.Text += fmt.Sprintf("；本案共%d行", s.rows)
	}
	if s.rows > 0 {
		held = append(held, s.Problem)
	}
	*s = struckOut{}
	return held
}
