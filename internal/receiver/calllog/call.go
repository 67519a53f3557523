package calllog

import (
	"cmp"
	"context"
	"iter"
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

// EachCall is SearchCalls for all that a query selects, however many; Before, After and Limit do not count. It reads a
// page at a time, so it holds nothing up. After an error it ends.
func (d *Calls) EachCall(ctx context.Context, by intake.By, q intake.CallQuery) iter.Seq2[intake.Call, error] {
	q.Before, q.After, q.Limit = intake.CallKey{}, intake.CallKey{}, 1000
	return func(yield func(intake.Call, error) bool) {
		for {
			cs, err := d.SearchCalls(ctx, by, q)
			if err != nil {
				yield(intake.Call{}, err)
				return
			}
			for _, c := range cs {
				if !yield(c, nil) {
					return
				}
			}
			if len(cs) < q.Limit {
				return
			}
			q.Before = cs[len(cs)-1].Key()
		}
	}
}

// Call returns one call. ErrNotFound: there is none of that number, or it is no longer kept.
func (d *Calls) Call(ctx context.Context, by intake.By, no int64) (c intake.Call, err error) {
	err = d.desk.Look(ctx, by, intake.LookCalls, func(tx intake.Tx) error {
		c, err = tx.Call(no)
		return err
	})
	return c, err
}

// CaseOf returns the acceptid of the case that a call is about: the one that it was answered with, or the latest of its
// app under its caseid; "" where there is none.
func (d *Calls) CaseOf(ctx context.Context, by intake.By, c intake.Call) (acceptID string, err error) {
	if acceptID = c.AcceptID; acceptID != "" || c.AppID == 0 || c.CaseID == "" {
		return acceptID, nil
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		found, err := tx.LatestCase(c.AppID, c.CaseID)
		acceptID = found.AcceptID
		return intake.IgnoreMissing(err)
	})
	return acceptID, err
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
				es[i].Told, es[i].Cause = e.Told, e.Cause
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
