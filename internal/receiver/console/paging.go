package console

import (
	"strings"

	"net/url"
)

// pageRows is how many rows a page of a list has.
const pageRows = 50

// pager is the links to the pages beside the one shown, "" where there is none. A page begins at the key of a row, so
// that what comes in meanwhile moves nothing.
type pager struct{ First, Previous, Next string }

// pager makes the links of a page from the keys of its first and last row, and whether there are rows before and behind
// it. In the query they are before, the page that ends there, and after, the page that begins there.
func (q *request) pager(first, last string, before, behind bool) (p pager) {
	if q.pastFirst() {
		p.First = q.pageAt("", "")
	}
	if before {
		p.Previous = q.pageAt("before", first)
	}
	if behind {
		p.Next = q.pageAt("after", last)
	}
	return p
}

// pastFirst reports whether another page than the first is asked for.
func (q *request) pastFirst() bool { return q.field("before") != "" || q.field("after") != "" }

// pageAt is the same query at another page; key "" is the first.
func (q *request) pageAt(side, key string) string {
	v := q.selection()
	if key != "" {
		v.Set(side, key)
	}
	if len(v) == 0 {
		return q.URL.Path
	}
	return q.URL.Path + "?" + v.Encode()
}

// selection is the query without what does not select: the page, the notice, and fields left empty.
func (q *request) selection() url.Values {
	v := q.URL.Query()
	for name, values := range v {
		if name == "before" || name == "after" || name == "done" || name == "print" || len(values) == 0 || values[0] == "" {
			v.Del(name)
		}
	}
	return v
}

// cut makes a page of rows that were asked for with one more than pageRows, and its links.
func cut[T any](q *request, rows []T, key func(T) string) ([]T, pager) {
	more, back := len(rows) > pageRows, q.field("before") != ""
	if more && back {
		rows = rows[1:]
	} else if more {
		rows = rows[:pageRows]
	}
	if len(rows) == 0 {
		return rows, q.pager("", "", false, false)
	}
	before, behind := q.field("after") != "", more
	if back {
		before, behind = more, true
	}
	return rows, q.pager(key(rows[0]), key(rows[len(rows)-1]), before, behind)
}

// entityLink is everything known of an entity by one of its codes, "" where the value is none or masked.
func (q *request) entityLink(kind, value string) string {
	if value == "" || strings.Contains(value, "*") {
		return ""
	}
	return q.link("/entities?") + url.Values{"kind": {kind}, "value": {value}}.Encode()
}

// selecting is a path of the console with the query of this page.
func (q *request) selecting(path string) string {
	if v := q.selection(); len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}
