package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/rules"
)

// RowNumbers are numbers of rows of a list, counted from one: spans in ascending order that do not touch, such as
// 19,22,700-716. "" is no rows.
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
	if len(text) > 4*maxRowNumbers {
		return "", tooManyRowNumbers()
	}
	var spans []RowSpan
	for _, part := range strings.FieldsFunc(spacedSpans(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		s, ok := parseRowSpan(part)
		if !ok || s.From < 1 || s.To < s.From || s.To > items {
			return "", invalid("涉及的条目“%s”不是清单中的条目：本案清单为第1至%d条，写作“19、22、700-716”", Clip(part, 20), items)
		}
		spans = append(spans, s)
	}
	return RowNumbersOf(spans)
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
	ns := RowNumbers(strings.Join(texts, ","))
	if len(ns) > maxRowNumbers {
		return "", tooManyRowNumbers()
	}
	return ns, nil
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

// Count is the number of rows.
func (ns RowNumbers) Count() (n int) {
	for _, s := range ns.Spans() {
		n += s.To - s.From + 1
	}
	return n
}
