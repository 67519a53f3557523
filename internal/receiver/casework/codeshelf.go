package casework

import (
	"sort"
	"strings"
	"sync"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// codeList is the folded codes of the list of a case, a line each. A list never changes, so neither does this.
type codeList struct {
	caseNo int64
	text   string
	starts []int // of the lines
}

// codeShelf keeps the codes of the cases that were searched last. It is safe for concurrent use.
type codeShelf struct {
	mu  sync.Mutex
	all []codeList // the one used last is the last
}

// shelfSize bounds the text of all codes on a shelf; a list of 100,000 takes some four million.
const shelfSize = 32 << 20

// of is the codes of a case, if they are there.
func (s *codeShelf) of(caseNo int64) (l codeList, ok bool) {
	if s == nil {
		return l, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, l := range s.all {
		if l.caseNo == caseNo {
			s.all = append(append(s.all[:i:i], s.all[i+1:]...), l)
			return l, true
		}
	}
	return l, false
}

// put keeps codes, and drops those that were not used for the longest time.
func (s *codeShelf) put(l codeList) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, l)
	size := 0
	for i := len(s.all) - 1; i >= 0; i-- {
		if size += len(s.all[i].text); size > shelfSize || i < len(s.all)-1 && s.all[i].caseNo == l.caseNo {
			s.all = append([]codeList(nil), s.all[i+1:]...)
			return
		}
	}
}

// codePage is how many entities are read at once for their codes.
const codePage = 4096

// codesOf is the codes of a case.
func (j *judge) codesOf(r intake.CaseRow) (codeList, error) {
	if l, ok := j.codes.of(r.No); ok {
		return l, nil
	}
	l := codeList{caseNo: r.No, starts: make([]int, 0, r.Items)}
	var text strings.Builder
	for from := 0; from < r.Items; from += codePage {
		rows, err := j.tx.Entities(r.No, from, codePage)
		if err != nil || len(rows) == 0 {
			return l, err
		}
		for _, e := range rows {
			l.starts = append(l.starts, text.Len())
			text.WriteString(rules.FoldCode(e.UniscID) + "\t" + rules.FoldCode(e.PripID) + "\n")
		}
	}
	if l.text = text.String(); len(l.starts) == r.Items {
		j.codes.put(l)
	}
	return l, nil
}

// codeSeeker finds firms by a part of a code.
type codeSeeker struct {
	codeList
	part string
}

func (s codeSeeker) seek(at int) (int, bool, error) {
	if at >= len(s.starts) {
		return 0, false, nil
	}
	found := strings.Index(s.text[s.starts[at]:], s.part)
	if found < 0 {
		return 0, false, nil
	}
	found += s.starts[at]
	return sort.Search(len(s.starts), func(i int) bool { return s.starts[i] > found }) - 1, true, nil
}

// byCode finds firms by a code or a part of one, as people type it, or by the number in the list.
func (j *judge) byCode(r intake.CaseRow, typed string) (seeker, error) {
	part := rules.FoldCode(typed)
	if part == "" {
		return none{}, nil
	}
	var found anyOf
	if ns, err := intake.ParseRowSet(part, r.Items); err == nil && ns.Count() == 1 {
		found = append(found, rowSet(ns.Spans()))
	}
	l, err := j.codesOf(r)
	return append(found, codeSeeker{l, part}), err
}
