package verify

import (
	"context"
	"fmt"
	"slices"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// duplicates raises the findings that need other rows: the same entity twice in one list, or in an earlier case, or one
// pripid with two credit codes. It records the earlier row as the counterpart. Only earlier rows count, so that the
// result does not depend on the time of the verification. A case that was returned before the later one came in does
// not count, because its sender was meant to send it again. A row is compared with the first row before it, and, for
// contradictions, with all rows before it; but only with the first contradiction, where more than holdersCompared rows
// of its own list, or of earlier cases, have its value.
func (v *Verifier) duplicates(ctx context.Context, repeated [][]intake.Key) error {
	for part := range slices.Chunk(repeated, batch) {
		err := v.claim.View(ctx, func(tx intake.Tx) error {
			for _, g := range part {
				if err := v.compareGroup(tx, g); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("look for duplicates: %w", err)
		}
	}
	return nil
}

// compareGroups compares the groups of a window whose keys are in place.
func (v *Verifier) compareGroups(tx intake.Tx, groups [][]intake.Key) error {
	repeated, err := v.window.repeatedOf(tx, groups)
	for _, g := range repeated {
		if err == nil {
			err = v.compareGroup(tx, g)
		}
	}
	return err
}

// groupKeys splits sorted keys into runs of one value, without the kinds and values whose repeats mean nothing.
func groupKeys(keys []intake.Key) (groups [][]intake.Key) {
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].Kind == keys[0].Kind && keys[n].Value == keys[0].Value {
			n++
		}
		if v := keys[0].Value; keys[0].Kind <= intake.ByPripID && v != "" && !rules.IsPlaceholder(v) {
			groups = append(groups, keys[:n])
		}
		keys = keys[n:]
	}
	return groups
}

// repeated are the groups of sorted keys whose value another row has, too. It needs the keys of all earlier rows to be
// in place, and does not mind those of the window.
func (v *Verifier) repeated(ctx context.Context, keys []intake.Key) (out [][]intake.Key, err error) {
	for part := range slices.Chunk(groupKeys(keys), batch) {
		err := v.claim.View(ctx, func(tx intake.Tx) error {
			found, err := v.window.repeatedOf(tx, part)
			out = append(out, found...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("look for repeated values: %w", err)
		}
	}
	return out, nil
}

// repeatedOf asks of the values that a single row of the window has whether others have them.
func (w *window) repeatedOf(tx intake.Tx, groups [][]intake.Key) (out [][]intake.Key, err error) {
	first := w.spans[0]
	found := make(map[intake.KeyKind]map[string]bool)
	for _, kind := range []intake.KeyKind{intake.ByUniscID, intake.ByPripID} {
		var values []string
		for _, g := range groups {
			if g[0].Kind == kind && len(g) == 1 {
				values = append(values, g[0].Value)
			}
		}
		if found[kind], err = tx.Repeated(kind, values, first.c.No, first.from); err != nil {
			return nil, err
		}
	}
	for _, g := range groups {
		if len(g) > 1 || found[g[0].Kind][g[0].Value] {
			out = append(out, g)
		}
	}
	return out, nil
}

// compareGroup compares the rows of a window that have one value with the rows before them.
func (v *Verifier) compareGroup(tx intake.Tx, g []intake.Key) error {
	h := &holders{v: v, tx: tx, kind: g[0].Kind, value: g[0].Value, rows: make(map[intake.Key]api.Entity)}
	var own, earlier []intake.Key // of the case of k
	for i, k := range g {
		if i == 0 || g[i-1].CaseNo != k.CaseNo {
			var err error
			if own, err = h.inCase(k.CaseNo); err != nil {
				return err
			}
			if earlier, err = h.before(k.CaseNo); err != nil {
				return err
			}
		}
		if err := h.raise(k, own, earlier); err != nil {
			return err
		}
	}
	return nil
}

// raise records the findings and counterparts of k with rows before it that have the same value, in its own list and in
// earlier cases. Where both give the same finding, the finding names the row in its own list.
func (h *holders) raise(k intake.Key, own, earlier []intake.Key) error {
	raised := make(map[int]bool)
	for n, rows := range [][]intake.Key{own, earlier} {
		if n == 0 {
			to, _ := slices.BinarySearchFunc(rows, k, intake.Key.Compare)
			rows = rows[:to]
		}
		met := 0
		for i, o := range rows {
			if i > 0 && h.kind != intake.ByPripID {
				break // the others give the same finding
			}
			rule, field, d, err := h.pair(k, o)
			if err != nil {
				return err
			}
			contradicts := rule == rules.PripIDOtherCreditCode
			if rule == 0 || i > 0 && !contradicts || contradicts && met > 0 && len(rows) == holdersCompared {
				continue
			}
			if contradicts {
				met++
			}
			w := &h.v.window
			w.others = append(
				w.others,
				intake.Counterpart{CaseNo: k.CaseNo, Pos: k.Pos, Rule: rule, OtherNo: o.CaseNo, OtherPos: o.Pos},
			)
			if !raised[rule] {
				raised[rule] = true
				w.findings = append(w.findings, intake.FindingRow{CaseNo: k.CaseNo,
					Finding: rules.Finding{Pos: k.Pos, Field: field, Rule: rule, Detail: d.Text()}})
			}
		}
	}
	return nil
}

// pair returns the rule, the field and the detail of the finding for k and o, which have the same value; rule 0: none.
func (h *holders) pair(k, o intake.Key) (rule int, field string, d rules.Detail, err error) {
	mine, err := h.row(k)
	if err != nil {
		return 0, "", d, err
	}
	its, err := h.row(o)
	if err != nil {
		return 0, "", d, err
	}
	where := rules.PlaceInList(o.Pos)
	if o.CaseNo != k.CaseNo {
		c, err := h.v.otherCase(h.tx, o.CaseNo)
		if err != nil {
			return 0, "", d, err
		}
		where = rules.PlaceInCase(c.caseID, c.acceptID, o.Pos)
	}
	field = memberOf[k.Kind]
	rule, d = rules.Shared(field, mine, its, k.CaseNo == o.CaseNo, where)
	return rule, field, d, nil
}

// memberOf is the member from which a kind of key is made.
var memberOf = map[intake.KeyKind]string{intake.ByUniscID: "uniscid", intake.ByPripID: "pripid"}
