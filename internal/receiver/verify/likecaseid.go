package verify

import (
	"context"
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// likeCases raises the finding on each case that begins in the window and whose caseid differs from that of an earlier
// case of its app only in its spelling. As with entities, a case that was returned before the later one came in does
// not count.
func (v *Verifier) likeCases(ctx context.Context) error {
	begun := v.window.begun()
	for len(begun) > 0 {
		n := min(batch, len(begun))
		if err := v.claim.View(ctx, func(tx intake.Tx) error { return v.compareCaseIDs(tx, begun[:n]) }); err != nil {
			return fmt.Errorf("look for like caseids: %w", err)
		}
		begun = begun[n:]
	}
	return nil
}

// begun are the cases whose first part is in the window.
func (w *window) begun() (cs []intake.Case) {
	for _, s := range w.spans {
		if s.from == 0 {
			cs = append(cs, s.c)
		}
	}
	return cs
}

func (v *Verifier) compareCaseIDs(tx intake.Tx, cs []intake.Case) error {
	var values []string
	seen := make(map[string]bool, len(cs))
	for _, c := range cs {
		if k := c.SearchKey(); !seen[k.Value] {
			seen[k.Value] = true
			values = append(values, k.Value)
		}
	}
	held, err := tx.Holdings(intake.ByCaseID, values)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if h := held[c.SearchKey().Value]; h.CaseNo >= c.No {
			continue // the first of its kind
		}
		other, err := firstLike(tx, c)
		if err != nil {
			return err
		}
		if other.No != 0 {
			v.window.findings = append(v.window.findings, intake.FindingRow{
				CaseNo: c.No,
				Finding: rules.Finding{Pos: intake.CasePos, Field: "caseid", Rule: rules.LikeCaseID,
					Detail: rules.DetailLikeCaseID(c.CaseID, other.CaseID, other.AcceptID).Text()},
			})
			v.window.others = append(v.window.others, intake.Counterpart{CaseNo: c.No, Pos: intake.CasePos,
				Rule: rules.LikeCaseID, OtherNo: other.No, OtherPos: intake.CasePos})
		}
	}
	return nil
}

// firstLike is the first earlier case that counts for c; its No is 0 where there is none.
func firstLike(tx intake.Tx, c intake.Case) (intake.Case, error) {
	for k := (intake.Key{Kind: intake.ByCaseID, Value: c.SearchKey().Value}); ; {
		ks, err := tx.Holders(k.Kind, k.Value, k.CaseNo, holdersCompared)
		if err != nil {
			return intake.Case{}, err
		}
		for _, k = range ks {
			if k.CaseNo >= c.No {
				return intake.Case{}, nil
			}
			other, err := tx.Case(k.CaseNo)
			if err != nil && err != intake.ErrNotFound {
				return intake.Case{}, err
			}
			if err == nil && countsAgainst(other, c) {
				return other, nil
			}
		}
		if len(ks) < holdersCompared {
			return intake.Case{}, nil
		}
		k.CaseNo++
	}
}

func countsAgainst(other, c intake.Case) bool {
	return other.AppID == c.AppID && rules.IsLikeCaseID(other.CaseID, c.CaseID) &&
		(other.Returned.IsZero() || other.Returned.After(c.Received))
}
