package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"diaoxiao/internal/rules"
)

// casePos is the position of what is about a case itself, not about one of its entities.
const casePos = -1

// longestValue is how many bytes of a folded caseid stand in the index; the databases bound them, and folding can make
// a text longer.
const longestValue = 1000

// key is the search key of a case: its caseid as rules.FoldCaseID has it, among those of its app.
func (c Case) key() Key { return Key{ByCaseID, caseIDKey(c.AppID, c.CaseID), c.No, casePos} }

func caseIDKey(appID int64, caseID string) string {
	folded := rules.FoldCaseID(caseID)
	if len(folded) > longestValue {
		sum := sha256.Sum256([]byte(folded))
		folded = hex.EncodeToString(sum[:])
	}
	return strconv.FormatInt(appID, 10) + ":" + folded
}

// likeCases raises the finding on each case that begins in the window whose caseid differs from that of an earlier case
// of its app in how it is written alone. As with entities, a case that was returned before the later one came in does
// not count.
func (v *Verifier) likeCases(ctx context.Context) error {
	begun := v.window.begun()
	for len(begun) > 0 {
		n := min(batch, len(begun))
		if err := v.claim.View(ctx, func(tx Tx) error { return v.compareCaseIDs(tx, begun[:n]) }); err != nil {
			return fmt.Errorf("look for like caseids: %w", err)
		}
		begun = begun[n:]
	}
	return nil
}

// begun are the cases whose first part is in the window.
func (w *window) begun() (cs []Case) {
	for _, s := range w.spans {
		if s.from == 0 {
			cs = append(cs, s.c)
		}
	}
	return cs
}

func (v *Verifier) compareCaseIDs(tx Tx, cs []Case) error {
	var values []string
	seen := make(map[string]bool, len(cs))
	for _, c := range cs {
		if k := c.key(); !seen[k.Value] {
			seen[k.Value] = true
			values = append(values, k.Value)
		}
	}
	held, err := tx.Holdings(ByCaseID, values)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if h := held[c.key().Value]; h.CaseNo >= c.No {
			continue // the first of its kind
		}
		other, err := firstLike(tx, c)
		if err != nil {
			return err
		}
		if other.No != 0 {
			v.window.findings = append(v.window.findings, FindingRow{c.No, rules.Finding{Pos: casePos, Field: "caseid", Rule: rules.LikeCaseID,
				Detail: rules.DetailLikeCaseID(c.CaseID, other.CaseID, other.AcceptID).Text()}})
			v.window.others = append(v.window.others, Counterpart{c.No, casePos, rules.LikeCaseID, other.No, casePos})
		}
	}
	return nil
}

// firstLike is the first earlier case that counts against c; its No is 0 where there is none.
func firstLike(tx Tx, c Case) (Case, error) {
	for k := (Key{Kind: ByCaseID, Value: c.key().Value}); ; {
		ks, err := tx.Holders(k.Kind, k.Value, k.CaseNo, holdersCompared)
		if err != nil {
			return Case{}, err
		}
		for _, k = range ks {
			if k.CaseNo >= c.No {
				return Case{}, nil
			}
			other, err := tx.Case(k.CaseNo)
			if err != nil && err != ErrNotFound {
				return Case{}, err
			}
			if err == nil && countsAgainst(other, c) {
				return other, nil
			}
		}
		if len(ks) < holdersCompared {
			return Case{}, nil
		}
		k.CaseNo++
	}
}

func countsAgainst(other, c Case) bool {
	return other.AppID == c.AppID && rules.IsLikeCaseID(other.CaseID, c.CaseID) && (other.Returned.IsZero() || other.Returned.After(c.Received))
}

// likeCaseIDs is how many caseids LikeCaseIDs returns at most.
const likeCaseIDs = 20

// LikeCaseIDs returns the caseids, of cases of one app, 0: of any, that differ from caseID in how they are written
// alone, in the order in which they were first received. They are there once their cases are verified.
func (d *Desk) LikeCaseIDs(ctx context.Context, by By, appID int64, caseID string) (ids []string, err error) {
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
		apps, err := tx.Apps()
		if err != nil {
			return err
		}
		ids, err = likeIn(tx, apps, appID, caseID)
		return err
	})
	return ids, err
}

func likeIn(tx Tx, apps []App, appID int64, caseID string) (ids []string, err error) {
	seen := map[string]bool{caseID: true}
	for _, a := range apps {
		if appID != 0 && a.ID != appID {
			continue
		}
		ks, err := tx.Holders(ByCaseID, caseIDKey(a.ID, caseID), 0, holdersCompared)
		if err != nil {
			return nil, err
		}
		for _, k := range ks {
			c, err := tx.Case(k.CaseNo)
			if err != nil && err != ErrNotFound {
				return nil, err
			}
			if err == nil && !seen[c.CaseID] && len(ids) < likeCaseIDs {
				seen[c.CaseID] = true
				ids = append(ids, c.CaseID)
			}
		}
	}
	return ids, nil
}
