package page

import "strings"

// navItem is one entry of the menu.
type navItem struct {
	Path, Title string
	Here        bool
	Count       int // of what waits there
}

// nav lists the sections the officer may see.
func (q *Request) nav() (items []navItem) {
	here := strings.TrimPrefix(q.URL.Path, q.Prefix)
	for _, s := range q.sections() {
		item := navItem{Path: q.Link(s.path), Title: s.title,
			Here: here == s.path || strings.HasPrefix(here, s.path+"/")}
		if s.count != nil {
			item.Count = s.count(q)
		}
		items = append(items, item)
	}
	return items
}

// sections are those that the officer may see.
func (q *Request) sections() (may []section) {
	for _, s := range q.Site.sections {
		if q.Who.Role.May(s.right) {
			may = append(may, s)
		}
	}
	return may
}

// FirstSection is the path of the first section the officer may see, "" where there is none.
func (q *Request) FirstSection() string {
	for _, s := range q.sections() {
		return s.path
	}
	return ""
}
