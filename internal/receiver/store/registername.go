package store

import (
	"errors"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
)

// FirmsByName implements intake.RegisterTx.
func (t registerTx) FirmsByName(snapshot int64, part string, after, n int) (firms []register.Firm, err error) {
	s := nameSearch{folded: foldFirmName(part), after: after, most: n}
	s.grams = gramsOf(nil, s.folded)
	if len(s.grams) == 0 {
		return nil, intake.ErrShortName
	}
	err = t.rowsOf(snapshot, func(r registerRows) error { s.registerRows = r; return s.run() })
	return s.found, err
}

// nameSearch is one search for a part of a name.
type nameSearch struct {
	registerRows
	folded      string
	grams       []int64
	after, most int
	found       []register.Firm
}

func (s *nameSearch) run() error {
	first, err := engine.Value[int](s, "SELECT COALESCE(MAX(part), 0) FROM register_gram WHERE snapshot = $1 "+
		"AND part <= $2", s.under, s.after+1)
	for err == nil && len(s.found) < s.most {
		if err = s.search(first); err == nil {
			first, err = engine.Value[int](s, "SELECT part FROM register_gram WHERE snapshot = $1 AND part > $2 "+
				"ORDER BY part LIMIT 1", s.under, first)
		}
	}
	if errors.Is(notFound(err), intake.ErrNotFound) {
		return nil // that was the last part
	}
	return err
}

// search looks into one part.
func (s *nameSearch) search(first int) error {
	rows, err := s.candidates(first)
	if err != nil || rows == nil {
		return err
	}
	var numbers []int
	rows.each(s.after+1-first, func(at int) bool {
		if numbers = append(numbers, first+at); len(numbers) == holdingValues {
			err = s.check(numbers)
			numbers = numbers[:0]
		}
		return err == nil && len(s.found) < s.most
	})
	if err == nil && len(s.found) < s.most && len(numbers) > 0 {
		err = s.check(numbers)
	}
	return err
}

// candidates are the rows of a part whose names have all grams; nil: there are none.
func (s *nameSearch) candidates(first int) (*rowSet, error) {
	var all *rowSet
	for _, gram := range s.grams {
		set, err := s.having(first, gram)
		if err != nil || set == nil {
			return nil, err
		}
		if all == nil {
			all = set
		} else {
			all.and(set)
		}
	}
	return all, nil
}

// having are the rows of a part whose names have a gram; nil: there are none.
func (s *nameSearch) having(first int, gram int64) (set *rowSet, err error) {
	b, err := one(s, scanBlock, "SELECT gram, lists FROM register_gram WHERE snapshot = $1 AND part = $2 "+
		"AND gram <= $3 ORDER BY gram DESC LIMIT 1", s.under, first, gram)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = eachList(b.gram, b.lists, func(g int64, kind int, rows []byte) bool {
		if g == gram {
			set = new(rowSet)
			set.add(kind, rows)
		}
		return g < gram
	})
	return set, err
}

// check adds the firms of rows whose names have the part.
func (s *nameSearch) check(numbers []int) error {
	args := make([]any, holdingValues+1)
	args[0] = s.under
	for i, n := range numbers {
		args[1+i] = n
	}
	firms, err := s.list(firmColumns+"WHERE f.snapshot = $1 AND f.row_no IN ("+parameters(2, holdingValues)+
		") ORDER BY f.row_no", args...)
	for _, f := range firms {
		if len(s.found) < s.most && strings.Contains(foldFirmName(f.Name), s.folded) {
			s.found = append(s.found, f)
		}
	}
	return err
}
