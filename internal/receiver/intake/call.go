package intake

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Call (调用记录) is one call of the interface, kept for those who help senders. It is written after its answer and may be
// lost with a crash; what must not be is in Attempt. It never holds a token, a secret or a value that was refused but
// the caseid.
type Call struct {
	No        int64
	At        time.Time // when it came
	Name      string    // "receiveCaseinfo"; the path of a request that names no call
	AppID     int64     // 0: not known
	AppKey    string    // of an app that is not known, what looked like one
	AppName   string    // where the app is known; filled in by reading
	Account   string
	CaseID    string
	AcceptID  string
	Outcome   string
	Codes     string // of a failure, "14000,14008"
	Status    int    // of HTTP
	Bytes     int64  // of the body
	Items     int
	Took      time.Duration
	RequestID string
	Source    string // network address
}

// Failed reports whether the caller was told of an error.
func (c Call) Failed() bool { return c.Codes != "" }

// Key is the call's place in time.
func (c Call) Key() CallKey { return CallKey{c.At, c.No} }

// CallKey orders calls by time; the zero value is none.
type CallKey struct {
	At time.Time
	No int64
}

// CallQuery selects calls. Zero fields do not select. All is quick but a RequestID, a CaseID or a Source that is rare,
// for which every call since From is looked at.
type CallQuery struct {
	From, To  time.Time // To not included
	AppID     int64
	Name      string
	Failed    bool
	Code      string // a single one of its codes
	RequestID string
	CaseID    string
	Source    string
	// Before and After turn pages: the newest before Before, or the oldest after After. Either comes newest first.
	Before, After CallKey
	Limit         int // 0: 1000
}

// CallErrors is how often one app met with one code.
type CallErrors struct {
	AppID                   int64  // 0: not known
	AppKey                  string // of an app that is not known, what looked like one
	AppName, Contact, Phone string // whom to call
	Code                    string
	Count                   int64
	Last                    CallKey // the last of them,
	RequestID, Source       string  // and that one's
}

// CallTx is the log of calls within a transaction.
type CallTx interface {
	PutCalls([]Call) error
	// PruneCalls deletes the oldest calls before a time, at most limit, and returns how many.
	PruneCalls(before time.Time, limit int) (int64, error)
	// PruneStrangers deletes the calls of apps that are not known but the newest keep, at most limit, and returns how
	// many.
	PruneStrangers(keep, limit int) (int64, error)
	// CallVolume is that of the first calls after one in order of their numbers, at most limit.
	CallVolume(after int64, limit int) (CallVolume, error)
	// PruneOldestCalls deletes the calls that are first by their numbers, at most limit, and returns what they took and
	// when the newest of them was made.
	PruneOldestCalls(limit int) (CallVolume, time.Time, error)
	Calls(CallQuery) ([]Call, error) // newest first
	// CallErrors has an element for each app and list of codes, which is its Code; the most frequent first, at most
	// limit.
	CallErrors(from, to time.Time, limit int) ([]CallErrors, error)
	LastCalls() ([]Call, error) // of each known app that has called
}

// SearchCalls lists the calls that a query selects, newest first.
func (d *Desk) SearchCalls(ctx context.Context, by By, q CallQuery) (cs []Call, err error) {
	err = d.look(ctx, by, LookCalls, func(tx Tx) error {
		cs, err = tx.Calls(q)
		return err
	})
	return cs, err
}

// mostErrors is how many groups CallErrors looks at: an address that makes up app keys must not fill the page.
const mostErrors = 5000

// CallErrors groups the failed calls from one time to another, which is not included, by app and code, the most
// frequent first. A call with two codes counts for each of them. Zero times do not bound.
func (d *Desk) CallErrors(ctx context.Context, by By, from, to time.Time) (es []CallErrors, err error) {
	err = d.look(ctx, by, LookCalls, func(tx Tx) error {
		es, err = tx.CallErrors(from, to, mostErrors)
		return err
	})
	return byCode(es), err
}

// byCode turns groups by list of codes into groups by code.
func byCode(lists []CallErrors) (es []CallErrors) {
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
			if es[i].Count += e.Count; e.Last.compare(es[i].Last) > 0 {
				es[i].Last, es[i].RequestID, es[i].Source = e.Last, e.RequestID, e.Source
			}
		}
	}
	slices.SortStableFunc(es, func(a, b CallErrors) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.AppID, b.AppID), cmp.Compare(a.AppKey, b.AppKey), cmp.Compare(a.Code, b.Code))
	})
	return es
}

func (k CallKey) compare(other CallKey) int {
	return cmp.Or(k.At.Compare(other.At), cmp.Compare(k.No, other.No))
}

// LastCalls returns the last call of each app that has called, by the app's id.
func (d *Desk) LastCalls(ctx context.Context, by By) (map[int64]Call, error) {
	last := make(map[int64]Call)
	err := d.look(ctx, by, LookCalls, func(tx Tx) error {
		cs, err := tx.LastCalls()
		for _, c := range cs {
			last[c.AppID] = c
		}
		return err
	})
	return last, err
}
