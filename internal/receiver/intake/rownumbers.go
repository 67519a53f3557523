package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/rules"
)

// RowNumbers are numbers of rows of a list, counted from one: spans in ascending order that do not touch, such as
// 19,22,700-716. "" is no rows. Those that a reason names are short, see RowNumbersOf; exact sets are not.
type RowNumbers string

// RowSpan is consecutive rows, from the first to the last.
type RowSpan struct{ From, To int }

// maxRowNumbers is the longest text of RowNumbers, in bytes.
const maxRowNumbers = 2000

// rowSigns maps the signs that people write between numbers of rows to their meanings.
var rowSigns = strings.NewReplacer(
	"、", ",", ";", ",", "\n", ",", "\r", ",", "\t", " ", "\u00a0", " ", "\u3000", " ", "\u2011", "-", "\u2212", "-",
	"——", "-", "—", "-", "–", "-", "~", "-", "至", "-", "到", "-", "和", ",", "第", "", "条", "", "户", "", "。", "",
)

// ParseRowNumbers reads the text of an operator, such as “19、22，第700至716条”, for a list of so many items. ErrInvalid
// where a part of it is not plainly rows of that list.
func ParseRowNumbers(text string, items int) (RowNumbers, error) {
	spans, err := parseRowSpans(text, items, 4*maxRowNumbers)
	if err != nil {
		return "", err
	}
	return RowNumbersOf(spans)
}

// maxRowSet is the longest text of ParseRowSet, in bytes: every second row of the longest list fits.
const maxRowSet = 1 << 20

// ParseRowSet is ParseRowNumbers for an exact set of rows, which may be long.
func ParseRowSet(text string, items int) (RowNumbers, error) {
	spans, err := parseRowSpans(text, items, maxRowSet)
	return JoinRows(spans), err
}

func parseRowSpans(text string, items, most int) (spans []RowSpan, err error) {
	if len(text) > most {
		return nil, tooManyRowNumbers()
	}
	for _, part := range strings.FieldsFunc(spacedSpans(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		s, ok := parseRowSpan(part)
		if !ok || s.From < 1 || s.To < s.From || s.To > items {
			return nil, invalid("涉及的条目“%s”不是清单中的条目：本案清单为第1至%d条，写作“19、22、700-716”", Clip(part, 20), items)
		}
		spans = append(spans, s)
	}
	return spans, nil
}

// spacedSpans folds the signs. Blanks around a hyphen do not split a span.
func spacedSpans(text string) string {
	text = rowSigns.Replace(strings.Map(rules.HalfWidth, text))
	for _, wide := range []string{" -", "- "} {
		for strings.Contains(text, wide) {
			text = strings.ReplaceAll(text, wide, "-")
		}
	}
	return text
}

func parseRowSpan(part string) (s RowSpan, ok bool) {
	from, to, wide := strings.Cut(part, "-")
	if !wide {
		to = from
	}
	var err error
	if s.From, err = strconv.Atoi(from); err != nil || from[0] == '+' {
		return s, false
	}
	s.To, err = strconv.Atoi(to)
	return s, err == nil && to[0] != '+'
}

// RowNumbersOf sorts and joins spans. ErrInvalid: the text would be too long.
func RowNumbersOf(spans []RowSpan) (RowNumbers, error) {
	ns := JoinRows(spans)
	if len(ns) > maxRowNumbers {
		return "", tooManyRowNumbers()
	}
	return ns, nil
}

// JoinRows is RowNumbersOf without a limit, for exact sets of rows.
func JoinRows(spans []RowSpan) RowNumbers {
	slices.SortFunc(spans, func(a, b RowSpan) int { return cmp.Compare(a.From, b.From) })
	var merged []RowSpan
	for _, s := range spans {
		if n := len(merged); n > 0 && s.From <= merged[n-1].To+1 {
			merged[n-1].To = max(merged[n-1].To, s.To)
			continue
		}
		merged = append(merged, s)
	}
	texts := make([]string, len(merged))
	for i, s := range merged {
		if texts[i] = strconv.Itoa(s.From); s.To > s.From {
			texts[i] += "-" + strconv.Itoa(s.To)
		}
	}
	return RowNumbers(strings.Join(texts, ","))
}

func tooManyRowNumbers() error {
	return invalid("涉及的条目过多（合并相邻的以后不超过%d字节）；只写有代表性的，其余在理由中说明", maxRowNumbers)
}

// Spans returns the rows, span by span.
func (ns RowNumbers) Spans() (spans []RowSpan) {
	for part := range strings.SplitSeq(string(ns), ",") {
		if s, ok := parseRowSpan(part); ok {
			spans = append(spans, s)
		}
	}
	return spans
}

// Set is a function that reports whether a row is among them.
func (ns RowNumbers) Set() (has func(row int) bool) {
	spans := ns.Spans()
	return func(row int) bool {
		i, _ := slices.BinarySearchFunc(spans, row, func(s RowSpan, row int) int { return cmp.Compare(s.To, row) })
		return i < len(spans) && spans[i].From <= row
	}
}

// Count is the number of rows.
func (ns RowNumbers) Count() (n int) {
	for _, s := range ns.Spans() {
		n += s.To - s.From + 1
	}
	return n
}
