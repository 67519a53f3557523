package calllog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// SearchCalls lists the calls that a query selects, newest first.
func (d *Calls) SearchCalls(ctx context.Context, by intake.By, q intake.CallQuery) (cs []intake.Call, err error) {
	err = d.desk.Look(ctx, by, intake.LookCalls, func(tx intake.Tx) error {
		cs, err = tx.Calls(q)
		return err
	})
	return cs, err
}

// mostErrors is how many groups CallErrors looks at: an address that makes up app keys must not fill the page.
const mostErrors = 5000

// CallErrors groups the failed calls from one time to another, which is not included, by app and code, the most
// frequent first. A call with two codes counts for each of them. Zero times do not bound.
func (d *Calls) CallErrors(ctx context.Context, by intake.By, from, to time.Time) (es []intake.CallErrors, err error) {
	err = d.desk.Look(ctx, by, intake.LookCalls, func(tx intake.Tx) error {
		es, err = tx.CallErrors(from, to, mostErrors)
		return err
	})
	return byCode(es), err
}

// byCode turns groups by list of codes into groups by code.
func byCode(lists []intake.CallErrors) (es []intake.CallErrors) {
	type group struct {
		app       int64
		key, code string
	}
	at := make(map[group]int)
	for _, e := range lists {
		for code := range strings.SplitSeq(e.Code, ",") {
			g := group{e.AppID, e.AppKey, code}
			e.Code = code
			i, known := at[g]
			if !known {
				at[g] = len(es)
				es = append(es, e)
				continue
			}
			if es[i].Count += e.Count; e.Last.Compare(es[i].Last) > 0 {
				es[i].Last, es[i].RequestID, es[i].Source = e.Last, e.RequestID, e.Source
			}
		}
	}
	slices.SortStableFunc(es, func(a, b intake.CallErrors) int {
		return cmp.Or(
			cmp.Compare(b.Count, a.Count),
			cmp.Compare(a.AppID, b.AppID),
			cmp.Compare(a.AppKey, b.AppKey),
			cmp.Compare(a.Code, b.Code),
		)
	})
	return es
}

// LastCalls returns the last call of each app that has called, by the app's id.
func (d *Calls) LastCalls(ctx context.Context, by intake.By) (map[int64]intake.Call, error) {
	last := make(map[int64]intake.Call)
	err := d.desk.Look(ctx, by, intake.LookCalls, func(tx intake.Tx) error {
		cs, err := tx.LastCalls()
		for _, c := range cs {
			last[c.AppID] = c
		}
		return err
	})
	return last, err
}
