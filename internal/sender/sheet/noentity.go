package sheet

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// noEntity is the problem of a row that is no entity but a part of the form: headings once more, as on every printed
// page, or a total.
func (r *tableReader) noEntity(l grid.Line) *Problem {
	headings := 0
	for i, c := range l.Cells {
		if !mayBeForm(c) || r.plain.has(c.Raw) {
			continue
		}
		heading, total := isHeading(string(c.Raw)), isTotal(c.Raw)
		if heading {
			headings++
		}
		switch {
		case headings > 2:
			return r.part(l, "该行是重复的标题行", "删去该行后重试")
		case total && r.isAside(l, i):
			return r.part(l, "该行是“"+grid.Brief(bytes.TrimSpace(c.Raw))+"”行，不是市场主体", "删去该行后重试")
		case !heading && !total:
			r.plain.add(c.Raw)
		}
	}
	return nil
}

// mayBeForm is the first look: whether a cell can be a heading or a total at all.
func mayBeForm(c grid.Cell) bool {
	if c.Kind != grid.Text || len(c.Raw) == 0 || len(c.Raw) > 120 {
		return false
	}
	b := c.Raw[0]
	return b >= 0x80 || isLetter(b) || b == ' ' || b == '*' || b == '"'
}

// plainTexts are texts that are neither a heading nor a total: most cells repeat one of a row above.
type plainTexts map[string]struct{}

// maxPlain bounds how many texts are remembered.
const maxPlain = 1024

func (p plainTexts) has(text []byte) bool {
	_, ok := p[string(text)]
	return ok
}

func (p plainTexts) add(text []byte) {
	if len(p) == maxPlain {
		clear(p)
	}
	p[string(text)] = struct{}{}
}

func isHeading(text string) bool {
	h := heading(text)
	_, ok := fieldHeaded(h)
	_, instead := insteadOf[h]
	return ok || instead
}

func (r *tableReader) part(l grid.Line, text, next string) *Problem {
	at := r.Place
	at.Row = l.Row
	return &Problem{Place: at, Text: text, Next: next, Fatal: true}
}

var totalForm = regexp.MustCompile(`^(本页|本表|全部|以上)?(合计|总计|小计|共计|累计|总数|总户数|户数合计|合计户数)([:：]?[0-9一二三四五六七八九十百千万零,，` +
	`.]*(户|家|个|条|件|行|户次)?)$|^共[:：]?[0-9一二三四五六七八九十百千万]+(户|家|个|条|件|行)`)

// isTotal looks at the first byte before it looks closer.
func isTotal(b []byte) bool {
	switch b[0] {
	case 0xe5, 0xe6, 0xe7, 0xe4, ' ', 0xe3:
	default:
		return false
	}
	s := strings.Map(func(r rune) rune {
		if isOutOfSight(r) || r == '\u3000' {
			return -1
		}
		return r
	}, string(b))
	return totalForm.MatchString(s)
}

// isAside reports whether a cell is not the name or the type of an entity that has its codes.
func (r *tableReader) isAside(l grid.Line, column int) bool {
	for f := pripID; f <= uniscID; f++ {
		i := r.head.column[f]
		if i == column {
			return true
		}
		if i >= 0 && i < len(l.Cells) && (l.Cells[i].Kind != grid.Text ||
			bytes.ContainsAny(l.Cells[i].Raw, "0123456789") && len(l.Cells[i].Raw) >= 13) {
			return false
		}
	}
	return true
}

// isEmpty reports whether the row says something, but nothing of an entity: a number in sequence that was filled down.
func (g *group) isEmpty() bool {
	for f := pripID; f <= entType; f++ {
		if c := g.s.cell(&g.head, f); c.Kind != grid.Text || !api.Blank(c.Raw) ||
			mergedAway(g.Table, f, g.at(g.s.Row, f), g.head.column[f]) != nil {
			return false
		}
	}
	return true
}

// shown is the first text of the row.
func (g *group) shown() string {
	for _, c := range g.s.Cells {
		if !api.Blank(c.Raw) {
			return grid.Brief(c.Raw)
		}
	}
	return ""
}

// blankRows is a run of rows without an entity.
type blankRows struct {
	first, last, n int
	text           string
}

func (b *blankRows) add(row int, text string) {
	if b.n++; b.n == 1 {
		b.first, b.text = row, text
	}
	b.last = row
}

// end is the problem of the run, if there is one, and begins the next.
func (b *blankRows) end(at Place) []*Problem {
	run := *b
	if *b = (blankRows{}); run.n == 0 {
		return nil
	}
	at.Row = run.first
	p := &Problem{Place: at, Text: "该行没有市场主体的内容，只有“" + run.text + "”", Next: "删去该行，或补全四项内容后重试", Fatal: true}
	if run.n > 1 {
		p.Text = fmt.Sprintf("第%d行至第%d行共%d行没有市场主体的内容，只有序号之类，首行为“%s”", run.first, run.last, run.n, run.text)
		p.Next = "删去这些行，或补全四项内容后重试"
	}
	return []*Problem{p}
}
