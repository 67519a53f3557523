package page

import (
	"fmt"
	"strconv"

	"diaoxiao/internal/display"
)

// pageSizes are how many rows a page may have where the operator can choose.
var pageSizes = []int{20, PageRows, 100}

// PageSize is how many rows the query asks for on a page.
func (q *Request) PageSize() int {
	n, _ := strconv.Atoi(q.Field("rows"))
	for _, size := range pageSizes {
		if n == size {
			return n
		}
	}
	return PageRows
}

// Counted is the links of a page of a list whose rows are counted.
type Counted struct {
	Pager
	Total string // how many rows there are
	Page  string // which page it is, and of how many where that is known
	Sizes []SizeLink
}

// SizeLink is another number of rows for a page.
type SizeLink struct {
	Rows int
	Link string // "": that is the number now
}

// Counted says where the page is among total rows; more: there are more than that, or may be.
func (q *Request) Counted(p Pager, total int, more bool, unit string) Counted {
	c := Counted{Pager: p, Total: fmt.Sprintf("共%s%s", display.Count(total), unit)}
	size, at := q.PageSize(), q.pageNo()
	if more {
		c.Total += "以上"
	}
	pages := (total + size - 1) / size
	switch {
	case at == 0:
	case more || at > pages:
		c.Page = fmt.Sprintf("第%d页", at)
	default:
		c.Page = fmt.Sprintf("第%d/%d页", at, pages)
	}
	if c.Next != "" && at > 0 {
		c.Next += "&page=" + strconv.Itoa(at+1)
	}
	if c.Previous != "" && at > 1 {
		c.Previous += "&page=" + strconv.Itoa(at-1)
	}
	for _, n := range pageSizes {
		l := SizeLink{Rows: n}
		if n != size {
			v := q.Selection()
			v.Set("rows", strconv.Itoa(n))
			l.Link = q.URL.Path + "?" + v.Encode()
		}
		c.Sizes = append(c.Sizes, l)
	}
	return c
}

// pageNo is the number of the page, which its links carry; 0: not known.
func (q *Request) pageNo() int {
	if !q.PastFirst() {
		return 1
	}
	n, err := strconv.Atoi(q.Field("page"))
	if err != nil || n < 1 {
		return 0
	}
	return n
}
