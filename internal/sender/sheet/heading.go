package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// headRows is how far down the heading row is looked for: above it may stand a title, the bureau, blank rows.
const headRows = 10

// maxHeading bounds what is kept of a heading, in bytes.
const maxHeading = 1000

// head is the heading row of a table.
type head struct {
	row     int
	column  [fields]int  // of each field, -1 where there is none
	names   []string     // the headings as they stand
	known   int          // how many of them are fields
	twice   [2]int       // two columns of one field, if twice[1] > 0
	instead [fields]bool // the column is one that is taken for the field
	under   map[int]bool // columns below a heading that is merged over them
}

// findHead returns the row of the first rows of a table that has most headings; known is 0 where there is none. first
// are the texts of the first row that is not blank, for messages.
func findHead(t grid.Table) (best head, first []string, err error) {
	best = headOf(grid.Line{})
	err = t.EachFirst(headRows, func(l grid.Line) {
		h := headOf(l)
		if first == nil && len(h.named()) > 0 {
			first = h.named()
		}
		if h.known > best.known {
			best = h
		}
	})
	return best, first, err
}

func headOf(l grid.Line) head {
	h := head{row: l.Row}
	for f := range h.column {
		h.column[f] = -1
	}
	for i, c := range l.Cells {
		name := string(bytes.TrimSpace(c.Raw[:min(len(c.Raw), maxHeading)]))
		if api.Blank(name) {
			name = ""
		}
		h.names = append(h.names, name)
		f, ok := fieldOf(name)
		switch {
		case !ok:
		case h.column[f] >= 0:
			h.twice = [2]int{h.column[f], i}
		default:
			h.column[f] = i
			h.known++
		}
	}
	h.fallBack()
	return h
}

// fallBack takes columns for fields that no heading names.
func (h *head) fallBack() {
	for i, name := range h.names {
		f, ok := insteadOf[heading(name)]
		switch {
		case !ok || h.column[f] >= 0 && !h.instead[f]:
		case h.instead[f]:
			h.twice = [2]int{h.column[f], i}
		default:
			h.column[f], h.instead[f] = i, true
			h.known++
		}
	}
}

// remarks are what the user should know of the headings.
func (h head) remarks(place Place) (all []Problem) {
	place.Row = h.row
	for f, instead := range h.instead {
		if at := place; instead && field(f) != legal {
			at.Column = grid.ColumnName(h.column[f])
			all = append(all, Problem{
				Place: at,
				Field: fieldTable[f].name,
				Text:  "没有“" + fieldTable[f].title + "”列，以“" + grid.Brief(h.names[h.column[f]]) + "”列代替",
				Next:  "有信用代码的主体应填信用代码；核对后再报送",
			})
		}
	}
	if names := h.unknown(); len(names) > 0 {
		all = append(all, Problem{Place: place, Text: "这些列不是接口的内容，未使用：" + listed(names)})
	}
	return all
}

// entities counts the headings of the list.
func (h head) entities() (n int) {
	for f := pripID; f <= entType; f++ {
		if h.column[f] >= 0 {
			n++
		}
	}
	return n
}

// hasCase reports whether the table has columns of the case.
func (h head) hasCase() bool { return h.known > h.entities() }

// named lists the headings with their columns.
func (h head) named() (all []string) {
	for i, n := range h.names {
		if n != "" {
			all = append(all, grid.ColumnName(i)+"列“"+grid.Brief(n)+"”")
		}
	}
	return all
}

// unknown lists the headings that are no field.
func (h head) unknown() (all []string) {
	for i, n := range h.names {
		if n != "" && !slices.Contains(h.column[:], i) {
			all = append(all, n)
		}
	}
	return all
}

const templateStep = "用 diaoxiao submit template 生成模板，照其标题填写"

// check tells what is wrong with the headings of a list.
func (h head) check(place Place, first []string) error {
	if h.entities() == 0 {
		text := fmt.Sprintf("前%d行中没有清单的标题行", headRows)
		if len(first) > 0 {
			text += "；首行为 " + listed(first)
		}
		return &Problem{Place: place, Text: text, Next: templateStep, Fatal: true}
	}
	place.Row = h.row
	if h.twice[1] > 0 {
		return &Problem{
			Place: place,
			Text: fmt.Sprintf("%s列和%s列的标题“%s”与“%s”是同一项", grid.ColumnName(h.twice[0]), grid.ColumnName(h.twice[1]),
				grid.Brief(h.names[h.twice[0]]), grid.Brief(h.names[h.twice[1]])),
			Next:  "保留一列，把另一列删去或改名",
			Fatal: true,
		}
	}
	var missing []string
	for f := pripID; f <= entType; f++ {
		if h.column[f] < 0 {
			missing = append(missing, fieldTable[f].title+"（"+fieldTable[f].name+"）"+h.guess(f))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &Problem{
		Place: place,
		Text:  "标题缺少 " + strings.Join(missing, "、") + "；已有 " + listed(h.named()),
		Next:  "改正标题，或" + templateStep,
		Fatal: true,
	}
}

// guess asks whether a heading that is like those of f was meant.
func (h head) guess(f field) string {
	best, score := "", 0.5
	for _, n := range h.unknown() {
		for w, g := range headingWords {
			if s := likeness([]rune(heading(n)), []rune(w)); g == f && s > score {
				best, score = n, s
			}
		}
	}
	if best == "" {
		return ""
	}
	return "，是否即“" + grid.Brief(best) + "”？"
}

// likeness is 1 for equal words and 0 for words without common characters: twice their longest common subsequence by
// the sum of their lengths.
func likeness(a, b []rune) float64 {
	if len(a) == 0 || len(a) > 50 {
		return 0
	}
	row := make([]int, len(b)+1)
	for _, x := range a {
		corner := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = corner + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			corner = above
		}
	}
	return 2 * float64(row[len(b)]) / float64(len(a)+len(b))
}

// listed joins what people read, not too much of it.
func listed(words []string) string {
	const most = 20
	if len(words) > most {
		return strings.Join(words[:most], "、") + fmt.Sprintf(" 等%d项", len(words))
	}
	return strings.Join(words, "、")
}
