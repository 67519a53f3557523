package sheet

import (
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// maxAsides is how many rows of the sheet 案件 that are not used are named, and how many cells of one case.
const maxAsides = 20

// asides are what the sheet 案件 says besides the texts of its cases.
type asides struct {
	remarks []Problem
	headed  []string // the headings above the texts of a form
	begun   bool     // a text of the form was found
	first   int      // the first row that says anything
}

// formHeadings are the headings over the columns of a form: that of the template, and others that mean the same.
const formHeadings = "项目 字段 数据项 填写项 填写项目 名称 序号 内容 值 填写内容 填报内容 说明 填写说明 填写要求 要求 示例 备注"

// remark names a row that is not used.
func (a *asides) remark(at Place, text string) {
	if len(a.remarks) < maxAsides {
		a.remarks = append(a.remarks, Problem{Place: at, Text: text, Next: asideStep})
	}
}

const asideStep = "核对是否影响报送；无关的不必处理"

// besideText judges the cells of a row of a form that has texts: values are the columns of labels and texts.
func (b *caseSheet) besideText(l grid.Line, h head, at Place) {
	for i, c := range l.Cells {
		if c.Kind == grid.Text && api.Blank(c.Raw) || b.isOfForm(l, h, i) {
			continue
		}
		at.Column = grid.ColumnName(i)
		said := "“" + c.Shown() + "”不在“" + b.labelOf(h, i) + "”的填写位置，未使用"
		switch {
		case i < h.first() && digits(c.Raw) == len(c.Raw) && c.Kind != grid.Uncomputed:
		case i < h.first() || i < len(b.headed) && b.headed[i] != "":
			b.remark(at, said)
		case len(b.form.strays) < maxAsides:
			next := "核对“" + b.labelOf(h, i) + "”应为哪一个；无关的内容须删去"
			b.form.strays = append(b.form.strays, Problem{Place: at, Text: said, Next: next, Held: true})
		}
	}
}

// isOfForm reports whether a cell is a label, its text, the text once more in a merged cell, or an explanation of the
// template.
func (b *caseSheet) isOfForm(l grid.Line, h head, column int) bool {
	for f := range field(caseFields) {
		i := h.column[f]
		if i >= 0 && (column == i || column == i+1) {
			return true
		}
		if i < 0 || column < i {
			continue
		}
		value := l.Cells[min(i+1, len(l.Cells)-1)]
		if string(l.Cells[column].Raw) == caseHelp[f] || l.Cells[column].SameAs(value) {
			return true
		}
	}
	return false
}

// labelOf is the title of the text that stands left of a column, of the first one where there is none.
func (b *caseSheet) labelOf(h head, column int) (title string) {
	at := -1
	for f := range field(caseFields) {
		if i := h.column[f]; i >= 0 && (at < 0 || i < column && (i > at || at > column)) {
			at, title = i, fieldTable[f].title
		}
	}
	return title
}

// aside judges a row that has no text of the case.
func (b *caseSheet) aside(l grid.Line, at Place) {
	var said, heads []string
	for i, c := range l.Cells {
		heads = append(heads, "")
		if c.Kind == grid.Text && api.Blank(c.Raw) {
			continue
		}
		said = append(said, grid.ColumnName(i)+"列“"+c.Shown()+"”")
		if name := heading(c.Shown()); name != "" && slices.Contains(strings.Fields(formHeadings), name) {
			heads[i] = name
		}
	}
	named := len(slices.DeleteFunc(slices.Clone(heads), func(n string) bool { return n == "" }))
	above := b.head == nil && !b.begun
	switch {
	case above && len(said) == 1: // a title
	case above && named == len(said):
		b.headed = heads
	default:
		b.remark(at, "该行不是案件的内容，未使用："+listed(said))
	}
}

// besideCase judges the cells of a case in a table that stand below no heading.
func (b *caseSheet) besideCase(c *given, l grid.Line, at Place) {
	for i, in := range l.Cells {
		inSequence := i < b.head.first() && digits(in.Raw) == len(in.Raw) && in.Kind != grid.Uncomputed
		if b.head.hasName(i) || in.Kind == grid.Text && api.Blank(in.Raw) || inSequence || len(c.strays) == maxAsides {
			continue
		}
		at.Column = grid.ColumnName(i)
		said := "该列没有标题，此处却有内容“" + in.Shown() + "”，未使用"
		c.strays = append(c.strays, Problem{Place: at, Text: said, Next: strayStep, Held: true})
		b.bytes += grid.MaxName / 8
	}
}
