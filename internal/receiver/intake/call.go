package intake

import (
	"cmp"
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

// Compare orders keys by time, those of one time by number.
func (k CallKey) Compare(other CallKey) int {
	return cmp.Or(k.At.Compare(other.At), cmp.Compare(k.No, other.No))
}

// CallVolume is how many calls there are and about how many bytes they take.
type CallVolume struct {
	Rows, Bytes int64
	Last        int64 // the highest number among them
}
