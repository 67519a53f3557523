package casework

import (
	"sort"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// rowSet is rows of a list, counted from one: spans in ascending order that do not touch.
type rowSet []intake.RowSpan

// allRows is every row of a list.
func allRows(items int) rowSet { return rowSet{{From: 1, To: items}} }

// at is the first span that does not end before a row.
func (s rowSet) at(row int) int {
	return sort.Search(len(s), func(i int) bool { return s[i].To >= row })
}

// meets reports whether one of the rows from one to another, both included, is in the set.
func (s rowSet) meets(from, to int) bool {
	i := s.at(from)
	return i < len(s) && s[i].From <= to
}

func (s rowSet) has(row int) bool { return s.meets(row, row) }

// common is a row that is in both sets; 0: there is none.
func (s rowSet) common(o rowSet) int {
	for _, span := range o {
		if i := s.at(span.From); i < len(s) && s[i].From <= span.To {
			return max(s[i].From, span.From)
		}
	}
	return 0
}

// add appends rows that come after all others.
func (s *rowSet) add(from, to int) {
	if n := len(*s); n > 0 && (*s)[n-1].To+1 == from {
		(*s)[n-1].To = to
		return
	}
	*s = append(*s, intake.RowSpan{From: from, To: to})
}

func (s rowSet) count() (n int) {
	for _, span := range s {
		n += span.To - span.From + 1
	}
	return n
}

// decide returns the decisions on the firms of a case after those of the set were decided anew. Undecided removes.
func decide(caseNo int64, old []intake.FirmSpan, set rowSet, is intake.FirmSpan) (all []intake.FirmSpan) {
	put := func(s intake.FirmSpan, from, to int) {
		if s.From, s.To, s.CaseNo = from, to, caseNo; from > to || s.Decision == release.Undecided {
			return
		}
		if n := len(all); n > 0 && all[n-1].To+1 == from && alike(all[n-1], s) {
			all[n-1].To = to
			return
		}
		all = append(all, s)
	}
	for _, w := range set {
		for len(old) > 0 && old[0].To+1 < w.From {
			put(old[0], old[0].From, old[0].To)
			old = old[1:]
		}
		if len(old) > 0 && old[0].From < w.From-1 {
			put(old[0], old[0].From, w.From-2)
		}
		put(is, w.From-1, w.To-1)
		for len(old) > 0 && old[0].To < w.To {
			old = old[1:]
		}
		if len(old) > 0 && old[0].From < w.To {
			rest := old[0]
			rest.From = w.To
			old = append([]intake.FirmSpan{rest}, old[1:]...)
		}
	}
	for _, s := range old {
		put(s, s.From, s.To)
	}
	return all
}

// alike: the same was decided of both.
func alike(a, b intake.FirmSpan) bool {
	return a.Decision == b.Decision && a.Published == b.Published && a.ProposalNo == b.ProposalNo
}
