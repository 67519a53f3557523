package page

import (
	"net/url"
	"strconv"
	"strings"

	"diaoxiao/internal/rules"
)

// PageRows is how many rows a page of a list has.
const PageRows = 50

// Pager is the links to the pages beside the one shown, "" where there is none. A page begins at the key of a row, so
// that what comes in meanwhile moves nothing.
type Pager struct{ First, Previous, Next string }

// Pager makes the links of a page from the keys of its first and last row, and whether there are rows before and behind
// it. In the query they are before, the page that ends there, and after, the page that begins there.
func (q *Request) Pager(first, last string, before, behind bool) (p Pager) {
	if q.PastFirst() {
		p.First = q.PageAt("", "")
	}
	if before {
		p.Previous = q.PageAt("before", first)
	}
	if behind {
		p.Next = q.PageAt("after", last)
	}
	return p
}

// PastFirst reports whether another page than the first is asked for.
func (q *Request) PastFirst() bool { return q.Field("before") != "" || q.Field("after") != "" }

// PageAt is the same query at another page; key "" is the first.
func (q *Request) PageAt(side, key string) string {
	v := q.Selection()
	if key != "" {
		v.Set(side, key)
	}
	if len(v) == 0 {
		return q.URL.Path
	}
	return q.URL.Path + "?" + v.Encode()
}

// Selection is the query without what does not select: the page, the notice, and fields left empty.
func (q *Request) Selection() url.Values {
	v := q.URL.Query()
	for name, values := range v {
		switch {
		case name == "before", name == "after", name == "done", name == "print", name == "page", name == "pick",
			len(values) == 0, values[0] == "":
			v.Del(name)
		}
	}
	return v
}

// Cut makes a page of rows that were asked for with one more than PageRows, and its links.
func Cut[T any](q *Request, rows []T, key func(T) string) ([]T, Pager) {
	return CutAt(q, PageRows, rows, key)
}

// CutAt makes a page of so many rows, that were asked for with one more, and its links.
func CutAt[T any](q *Request, size int, rows []T, key func(T) string) ([]T, Pager) {
	more, back := len(rows) > size, q.Field("before") != ""
	if more && back {
		rows = rows[1:]
	} else if more {
		rows = rows[:size]
	}
	if len(rows) == 0 {
		return rows, q.Pager("", "", false, false)
	}
	before, behind := q.Field("after") != "", more
	if back {
		before, behind = more, true
	}
	return rows, q.Pager(key(rows[0]), key(rows[len(rows)-1]), before, behind)
}

// CutFrom makes a page of rows that are all there, and its links: after is how many rows are before the page.
func CutFrom[T any](q *Request, rows []T) ([]T, Pager) {
	from, err := strconv.Atoi(q.Field("after"))
	if err != nil || from < 0 || from >= len(rows) {
		from = 0
	}
	end := min(len(rows), from+q.PageSize())
	p := Pager{}
	if from > 0 {
		p.First = q.PageAt("", "")
		p.Previous = q.PageAt("after", strconv.Itoa(max(0, from-q.PageSize())))
	}
	if end < len(rows) {
		p.Next = q.PageAt("after", strconv.Itoa(end))
	}
	return rows[from:end], p
}

// EntityLink is everything known of an entity by one of its codes, "" where the value is none or masked.
func (q *Request) EntityLink(kind, value string) string {
	if value == "" || strings.Contains(value, "*") {
		return ""
	}
	return q.Link("/entities?") + url.Values{"kind": {kind}, "value": {value}}.Encode()
}

// Selecting is a path of the console with the query of this page.
func (q *Request) Selecting(path string) string {
	if v := q.Selection(); len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

// Query is the query string of one field.
func Query(field, value string) string { return url.Values{field: {value}}.Encode() }

// LooksLikeCode reports whether a text can be a code of a firm: fifteen letters and digits or more, however written.
func LooksLikeCode(text string) bool {
	code := rules.FoldCode(text)
	for _, r := range code {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return len(code) >= 15
}
