package extract

import (
	"bytes"
	"fmt"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// headRows is how many of the first rows are looked at for headings; maxHeading bounds the bytes of one.
const (
	headRows   = 20
	maxHeading = 256
	// leastKnown is how many known headings a row of headings has.
	leastKnown = 2
)

// head is the row of the headings of a table.
type head struct {
	row   int
	names []string
	words []word // of names; the zero value: not known
	known int
	cols  [fields][]int // the columns of each field, in the order in which they count
	width int           // columns up to the last heading
}

// headOf reads a row as headings.
func headOf(l grid.Line) head {
	h := head{row: l.Row}
	for i, c := range l.Cells {
		heading := string(bytes.TrimSpace(c.Raw[:min(len(c.Raw), maxHeading)]))
		if api.Blank(heading) {
			heading = ""
		}
		w, ok := wordOf(heading)
		if ok = ok && heading != ""; !ok {
			w = word{}
		}
		h.names, h.words = append(h.names, heading), append(h.words, w)
		if ok {
			h.known++
		}
		if heading != "" {
			h.width = i + 1
		}
	}
	h.choose()
	return h
}

// choose takes columns for the fields: those of the group instead only where there is no other.
func (h *head) choose() {
	for i, w := range h.words {
		if w.group > 0 && w.group != instead {
			h.cols[w.field] = append(h.cols[w.field], i)
		}
	}
	var others [fields][]int
	for i, w := range h.words {
		if w.group == instead && len(h.cols[w.field]) == 0 {
			others[w.field] = append(others[w.field], i)
		}
	}
	for f, cols := range others {
		h.cols[f] = append(h.cols[f], cols...)
	}
}

// findHead returns the row of the first rows of a table that has most headings. first are the texts of the first row
// that is not blank, for messages.
func findHead(t grid.Table) (best head, first []string, err error) {
	err = t.EachFirst(headRows, func(l grid.Line) {
		h := headOf(l)
		if len(first) == 0 {
			first = h.listed(func(int) bool { return true })
		}
		if h.known > best.known {
			best = h
		}
	})
	return best, first, err
}

// listed names the headings that are wanted, with their columns.
func (h *head) listed(want func(i int) bool) (all []string) {
	for i, n := range h.names {
		if n != "" && want(i) {
			all = append(all, grid.ColumnName(i)+"列“"+grid.Brief(n)+"”")
		}
	}
	return all
}

const headingStep = "改正标题；可用的标题见 docs/register.md，先检查（命令行加 --dry-run），看各列被当作什么"

// check adds what is wrong with the headings.
func (h *head) check(at grid.Place, f *findings) {
	at.Row = h.row
	for k := range fields {
		if i, j, twice := h.twice(k); twice {
			f.refuse(fatal(at, fmt.Sprintf("%s列“%s”和%s列“%s”都是%s", grid.ColumnName(i), grid.Brief(h.names[i]),
				grid.ColumnName(j), grid.Brief(h.names[j]), k.title()), "保留一列，把另一列删去或改名"))
		}
	}
	var missing []string
	for _, k := range []field{name, state, legal} {
		if len(h.cols[k]) == 0 {
			missing = append(missing, k.title())
		}
	}
	switch {
	case h.has(mark) && !h.has(pripID):
		missing = append(missing, pripID.title()+"（有变更标记的文件按它更新）")
	case !h.has(pripID) && !h.has(uniscID):
		missing = append(missing, pripID.title()+"或"+uniscID.title())
	}
	if missing != nil {
		f.refuse(fatal(at, "标题缺少 "+strings.Join(missing, "、")+"；已有 "+
			brief(h.listed(func(int) bool { return true })), headingStep))
	}
}

func (h *head) has(f field) bool { return len(h.cols[f]) > 0 }

// twice finds two columns of one field that contradict each other.
func (h *head) twice(f field) (i, j int, ok bool) {
	for n, i := range h.cols[f] {
		for _, j := range h.cols[f][n+1:] {
			if h.words[i].group == h.words[j].group {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// columns say what each column is taken for.
func (h *head) columns() (all []Column) {
	for i, n := range h.names {
		if n == "" {
			continue
		}
		c := Column{Letter: grid.ColumnName(i), Heading: grid.Brief(n)}
		for f, cols := range h.cols {
			for _, col := range cols {
				if col == i {
					c.Taken = field(f).title()
				}
			}
		}
		all = append(all, c)
	}
	return all
}

// absent are the fields that no column is taken for.
func (h *head) absent() (all []string) {
	for f := range mark {
		if !h.has(f) {
			all = append(all, f.title())
		}
	}
	return all
}

// brief joins what people read, not too much of it.
func brief(words []string) string {
	const most = 20
	if len(words) > most {
		return strings.Join(words[:most], "、") + fmt.Sprintf(" 等%d列", len(words))
	}
	return strings.Join(words, "、")
}

// swallowed reports whether a text has as many separators as a row: quotes that do not match make one cell of several
// rows.
func (h *head) swallowed(b []byte) bool {
	for _, sep := range []byte(",\t;|") {
		if bytes.Count(b, []byte{sep}) >= h.width-1 {
			return true
		}
	}
	return false
}

// used are the columns that are taken for a field.
func (h *head) used() map[int]bool {
	all := make(map[int]bool)
	for _, cols := range h.cols {
		for _, i := range cols {
			all[i] = true
		}
	}
	return all
}
