package intake

import (
	"context"
	"fmt"
	"slices"

	"diaoxiao/internal/rules"
)

// A value held by very many entities is compared with the first of them only, and with the first of its own case.
const holdersCompared = 64

// duplicates raises the findings that need other rows: the same entity twice in one list, in an earlier case, or a pripid
// that stands beside another credit code. Only earlier rows count, so that the result does not depend on when it is made;
// a case that was returned before the later one came in does not count, because it was meant to be sent again.
func (v *Verifier) duplicates(ctx context.Context, keys []Key) error {
	groups := groupKeys(keys)
	for len(groups) > 0 {
		n := min(batch, len(groups))
		err := v.claim.View(ctx, func(tx Tx) error { return v.compareGroups(tx, groups[:n]) })
		if err != nil {
			return fmt.Errorf("look for duplicates: %w", err)
		}
		groups = groups[n:]
	}
	return nil
}

// groupKeys cuts sorted keys into runs of one value, without the kinds and values that cannot repeat wrongly.
func groupKeys(keys []Key) (groups [][]Key) {
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].Kind == keys[0].Kind && keys[n].Value == keys[0].Value {
			n++
		}
		if v := keys[0].Value; keys[0].Kind <= ByPripID && v != "" && !rules.IsPlaceholder(v) {
			groups = append(groups, keys[:n])
		}
		keys = keys[n:]
	}
	return groups
}

func (v *Verifier) compareGroups(tx Tx, groups [][]Key) error {
	for _, kind := range []KeyKind{ByUniscID, ByPripID} {
		var values []string
		for _, g := range groups {
			if g[0].Kind == kind {
				values = append(values, g[0].Value)
			}
		}
		held, err := tx.Holdings(kind, values)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if g[0].Kind == kind && repeats(g, held[g[0].Value]) {
				if err := v.compareGroup(tx, g); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// repeats reports whether a value of the window has more holders than one. A single holder in the store may be the very row
// in the window, when the case is verified again.
func repeats(g []Key, h Holding) bool {
	return len(g) > 1 || h.Count > 1 || h.Count == 1 && (h.CaseNo != g[0].CaseNo || h.Pos != g[0].Pos)
}

func (v *Verifier) compareGroup(tx Tx, g []Key) error {
	first, err := tx.Holders(g[0].Kind, g[0].Value, 0, holdersCompared)
	if err != nil {
		return err
	}
	first = slices.Concat(first, g[:min(len(g), holdersCompared)])
	slices.SortFunc(first, Key.compare)
	first = slices.Compact(first) // verified again, they are in the store and in the window
	first = first[:min(len(first), holdersCompared)]
	var own Key // the first holder of the case of k
	for _, k := range g {
		if own.CaseNo != k.CaseNo {
			if own, err = firstInCase(tx, k); err != nil {
				return err
			}
		}
		other, err := v.earlier(tx, k, first)
		if err != nil {
			return err
		}
		if err := v.raise(tx, k, own, other); err != nil {
			return err
		}
	}
	return nil
}

// firstInCase returns the first holder in the case of k, which is the first of the window: an earlier window may have one.
func firstInCase(tx Tx, k Key) (Key, error) {
	stored, err := tx.Holders(k.Kind, k.Value, k.CaseNo, 1)
	if err == nil && len(stored) > 0 && stored[0].CaseNo == k.CaseNo && stored[0].Pos < k.Pos {
		return stored[0], nil
	}
	return k, err
}

// earlier returns the first holder in an earlier case, or k where there is none.
func (v *Verifier) earlier(tx Tx, k Key, first []Key) (Key, error) {
	for _, o := range first {
		if o.CaseNo >= k.CaseNo {
			break
		}
		c, err := tx.Case(o.CaseNo)
		if err != nil {
			return k, err
		}
		if c.Returned.IsZero() || c.Returned.After(v.window.received(k.CaseNo)) {
			return o, nil
		}
	}
	return k, nil
}

// raise compares k with earlier holders of the same value and notes what that means. Where both mean the same, the one in its
// own list is told.
func (v *Verifier) raise(tx Tx, k Key, holders ...Key) error {
	raised := 0
	for _, o := range holders {
		if o == k {
			continue
		}
		rule, field, detail, err := v.pair(tx, k, o)
		if err != nil {
			return err
		}
		if rule != 0 && rule != raised {
			v.window.findings = append(v.window.findings, FindingRow{k.CaseNo, rules.Finding{Pos: k.Pos, Field: field, Rule: rule, Detail: detail}})
			raised = rule
		}
	}
	return nil
}

// pair says what it means that k and o have the same value.
func (v *Verifier) pair(tx Tx, k, o Key) (rule int, field, detail string, err error) {
	mine, err := v.row(tx, k)
	if err != nil {
		return 0, "", "", err
	}
	its, err := v.row(tx, o)
	if err != nil {
		return 0, "", "", err
	}
	where := rules.PlaceInList(o.Pos)
	if o.CaseNo != k.CaseNo {
		c, err := tx.Case(o.CaseNo)
		if err != nil {
			return 0, "", "", err
		}
		where = rules.PlaceInCase(c.CaseID, c.AcceptID, o.Pos)
	}
	field = memberOf[k.Kind]
	rule, detail = rules.Shared(field, mine.Entity, its.Entity, mine.CaseNo == its.CaseNo, where)
	return rule, field, detail, nil
}

// memberOf names the member that a kind of key is made from.
var memberOf = map[KeyKind]string{ByUniscID: "uniscid", ByPripID: "pripid"}

// row finds the entity of a key in the window or the store.
func (v *Verifier) row(tx Tx, k Key) (EntityRow, error) {
	i, ok := slices.BinarySearchFunc(v.window.rows, k, func(r EntityRow, k Key) int {
		if r.CaseNo != k.CaseNo {
			return int(r.CaseNo - k.CaseNo)
		}
		return r.Pos - k.Pos
	})
	if ok {
		return v.window.rows[i], nil
	}
	rows, err := tx.Entities(k.CaseNo, k.Pos, 1)
	if err == nil && (len(rows) == 0 || rows[0].Pos != k.Pos) {
		return EntityRow{CaseNo: k.CaseNo, Pos: k.Pos}, nil // a key without its row; the check of the store reports it
	}
	if err != nil {
		return EntityRow{}, err
	}
	return rows[0], nil
}
