package intake

import (
	"cmp"
	"time"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/rules"
)

// Call (调用记录) is one call of the interface, recorded for staff who help senders. It is written after its answer and may
// be lost with a crash; an Attempt holds what must not be lost. It never holds a token, a secret or a refused value
// other than the caseid, and what a message quotes of one only as NewTold lets it pass.
type Call struct {
	No        int64
	At        time.Time // when it came
	Name      string    // "receiveCaseinfo"; the path of a request that names no call
	AppID     int64     // 0: not known
	AppKey    string    // of an app that is not known, what looked like one
	AppName   string    // where the app is known; filled in when read
	Account   string
	CaseID    string
	AcceptID  string
	Outcome   string
	Codes     string // of a failure, "14000,14008"
	Told      Told   // of a failure
	Cause     Cause  // of a caller that was not let in
	Status    int    // of HTTP
	Bytes     int64  // of the body
	Items     int
	Took      time.Duration
	RequestID string
	Source    string // network address
}

// Failed reports whether the caller got an error.
func (c Call) Failed() bool { return c.Codes != "" }

// Key is the position of the call in the order of time.
func (c Call) Key() CallKey { return CallKey{c.At, c.No} }

// CallKey orders calls by time; the zero value is no call.
type CallKey struct {
	At time.Time
	No int64
}

// CallQuery selects calls. Zero fields do not select. A query for a rare RequestID, CaseID, AcceptID or Source reads
// each call since From; all others are quick.
type CallQuery struct {
	From, To  time.Time // To not included
	AppID     int64
	Name      string
	Failed    bool
	Code      string // a single one of its codes
	RequestID string
	CaseID    string // a part of it, as rules.FoldCaseID compares
	AcceptID  string
	Source    string
	// Before and After turn pages: the newest calls before Before, or the oldest after After. The newest call comes
	// first either way.
	Before, After CallKey
	Limit         int // 0: 1000
}

// About is the query for calls about a case, by its acceptid or a part of its caseid; "" does not select.
func (q CallQuery) About(number string) CallQuery {
	if id := rules.FoldCode(number); isAcceptID(id) {
		q.AcceptID = id
	} else {
		q.CaseID = number
	}
	return q
}

func isAcceptID(s string) bool {
	_, ok := acceptid.CaseNo(s)
	return ok
}

// CallErrors is how often one app got one code.
type CallErrors struct {
	AppID                   int64  // 0: not known
	AppKey                  string // of an app that is not known, what looked like one
	AppName, Contact, Phone string // the app's contact
	Code                    string
	Count                   int64
	Last                    CallKey // the last of these calls,
	RequestID, Source       string  // its request and source,
	Told                    Told    // what it was told,
	Cause                   Cause   // and why it was not let in
}

// CallTx reads and writes the log of calls within a transaction.
type CallTx interface {
	PutCalls([]Call) error
	// PruneCalls deletes the oldest calls before a time, at most limit, and returns their number.
	PruneCalls(before time.Time, limit int) (int64, error)
	// PruneStrangers deletes the calls of unknown apps except the newest keep, at most limit, and returns their number.
	PruneStrangers(keep, limit int) (int64, error)
	// CallVolume is the volume of the calls with numbers above after, in order of their numbers, at most limit.
	CallVolume(after int64, limit int) (CallVolume, error)
	// PruneOldestCalls deletes the calls with the lowest numbers, at most limit, and returns their volume and the time
	// of the newest of them.
	PruneOldestCalls(limit int) (CallVolume, time.Time, error)
	Call(no int64) (Call, error)     // ErrNotFound
	Calls(CallQuery) ([]Call, error) // newest first
	// CallErrors returns an element for each app and list of codes, which is its Code; the most frequent first, at most
	// limit.
	CallErrors(from, to time.Time, limit int) ([]CallErrors, error)
	LastCalls() ([]Call, error) // of each known app that has called
}

// Compare orders keys by time, and keys of the same time by number.
func (k CallKey) Compare(other CallKey) int {
	return cmp.Or(k.At.Compare(other.At), cmp.Compare(k.No, other.No))
}

// CallVolume is a number of calls and about how many bytes they take.
type CallVolume struct {
	Rows, Bytes int64
	Last        int64 // the highest number among them
}
