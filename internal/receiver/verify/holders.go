package verify

import (
	"slices"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// holdersCompared is how many rows with one value a row is compared with at most, and how many rows of one case are
// read. Rows of cases that do not count are not included.
const holdersCompared = 64

// holders are the rows that have one value, in order of case and position. They are read only as far as needed.
type holders struct {
	v     *Verifier
	tx    intake.Tx
	kind  intake.KeyKind
	value string
	keys  []intake.Key // the first of each case
	next  int64        // the case from which the next page starts
	all   bool
	rows  map[intake.Key]api.Entity
}

// more reads the next page. A case whose rows may be cut off by the end of the page is read again with the next page.
func (h *holders) more() error {
	ks, err := h.tx.Holders(h.kind, h.value, h.next, holdersCompared)
	if err != nil {
		return err
	}
	if h.all = len(ks) < holdersCompared; !h.all {
		if h.next = ks[len(ks)-1].CaseNo; h.next == ks[0].CaseNo {
			h.next++
		} else {
			ks = slices.DeleteFunc(ks, func(k intake.Key) bool { return k.CaseNo == h.next })
		}
	}
	h.keys = append(h.keys, ks...)
	return nil
}

// inCase returns the first rows of one case.
func (h *holders) inCase(caseNo int64) ([]intake.Key, error) {
	ks, err := h.tx.Holders(h.kind, h.value, caseNo, holdersCompared)
	return slices.DeleteFunc(ks, func(k intake.Key) bool { return k.CaseNo != caseNo }), err
}

// before returns the first rows of earlier cases that count for a case of the window.
func (h *holders) before(caseNo int64) (ks []intake.Key, err error) {
	received := h.v.window.received(caseNo)
	for i := 0; len(ks) < holdersCompared; i++ {
		for i == len(h.keys) && !h.all {
			if err := h.more(); err != nil {
				return nil, err
			}
		}
		if i == len(h.keys) || h.keys[i].CaseNo >= caseNo {
			break
		}
		c, err := h.v.otherCase(h.tx, h.keys[i].CaseNo)
		if err != nil {
			return nil, err
		}
		if c.returned.IsZero() || c.returned.After(received) {
			ks = append(ks, h.keys[i])
		}
	}
	return ks, nil
}

// row returns the entity of a key, from the window or the store.
func (h *holders) row(k intake.Key) (api.Entity, error) {
	if e, ok := h.rows[k]; ok {
		return e, nil
	}
	i, ok := slices.BinarySearchFunc(h.v.window.rows, k, func(r intake.EntityRow, k intake.Key) int {
		if r.CaseNo != k.CaseNo {
			return int(r.CaseNo - k.CaseNo)
		}
		return r.Pos - k.Pos
	})
	if ok {
		return h.v.window.rows[i].Entity, nil
	}
	rows, err := h.tx.Entities(k.CaseNo, k.Pos, 1)
	if err != nil {
		return api.Entity{}, err
	}
	if len(rows) == 1 && rows[0].Pos == k.Pos { // otherwise a key without its row; the check of the store reports it
		h.rows[k] = rows[0].Entity
	}
	return h.rows[k], nil
}

// knownCase is the data of a case with which others were compared. Whether it was returned before another case came in
// does not change.
type knownCase struct {
	caseID, acceptID string
	returned         time.Time
}

// otherCase returns the data of a case, which is read once for each window.
func (v *Verifier) otherCase(tx intake.Tx, no int64) (knownCase, error) {
	if c, ok := v.window.known[no]; ok {
		return c, nil
	}
	c, err := tx.Case(no)
	if err != nil {
		return knownCase{}, err
	}
	if v.window.known == nil {
		v.window.known = make(map[int64]knownCase)
	}
	k := knownCase{c.CaseID, c.AcceptID, c.Returned}
	v.window.known[no] = k
	return k, nil
}
