package casework

import (
	"math"
	"slices"
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

// seek implements seeker.
func (s rowSet) seek(at int) (int, bool, error) {
	i := s.at(at + 1)
	if i == len(s) {
		return 0, false, nil
	}
	return max(at, s[i].From-1), true, nil
}

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

// decide returns the decisions on the firms of a case after those of the set were decided anew: is returns the new
// decision in place of an old one, or of none. Undecided removes.
func decide(
	caseNo int64,
	was []intake.FirmSpan,
	set rowSet,
	is func(intake.FirmSpan) intake.FirmSpan,
) (all []intake.FirmSpan) {
	old := slices.Clone(was)
	put := func(s intake.FirmSpan, from, to int) {
		if s.CaseNo, s.From, s.To = caseNo, from, to; s.Decision == release.Undecided {
			return
		}
		if n := len(all); n > 0 && all[n-1].To+1 == from && alike(all[n-1], s) {
			all[n-1].To = to
			return
		}
		all = append(all, s)
	}
	// upTo takes the old decisions before a position away.
	upTo := func(pos int, f func(s intake.FirmSpan, from, to int)) {
		for len(old) > 0 && old[0].From < pos {
			f(old[0], old[0].From, min(old[0].To, pos-1))
			if old[0].To >= pos {
				old[0].From = pos
				return
			}
			old = old[1:]
		}
	}
	for _, w := range set {
		at := w.From - 1
		upTo(at, put)
		upTo(w.To, func(s intake.FirmSpan, from, to int) {
			if from > at {
				put(is(intake.FirmSpan{}), at, from-1)
			}
			put(is(s), from, to)
			at = to + 1
		})
		if at < w.To {
			put(is(intake.FirmSpan{}), at, w.To-1)
		}
	}
	upTo(math.MaxInt, put)
	return all
}

// always is a decision whatever was decided before.
func always(s intake.FirmSpan) func(intake.FirmSpan) intake.FirmSpan {
	return func(intake.FirmSpan) intake.FirmSpan { return s }
}

// alike: the same was decided of both.
func alike(a, b intake.FirmSpan) bool {
	return a.Decision == b.Decision && a.Published == b.Published && a.ProposalNo == b.ProposalNo
}
