package intake

import "time"

// StatCase is what the statistics (统计) need of one accepted case.
type StatCase struct {
	No, AppID          int64
	Organ, PenaltyDate string
	Items, Revision    int
	Received, Returned time.Time
	Verified           bool
	// Ready is how many firms of the list nobody decided on and nothing holds, whatever the age of the register; Clear
	// is how many there are besides whom only a register that is too old holds.
	Ready, Clear int
	Snapshot     int64 // of the register, with which the case was last compared; 0: with none
}

// StatSpan is firms of one case on which two persons decided the same.
type StatSpan struct {
	CaseNo    int64
	Firms     int
	Withheld  bool   // 不予公示; otherwise they are released
	Published string // the day, yyyy-MM-dd; "": not published
	Decided   time.Time
}

// StatCount is a number of findings of a rule, or of firms with a verdict, in one case.
type StatCount struct {
	CaseNo  int64
	Kind, N int
}

// StatRepeats is how often an app sent cases of an organ once more.
type StatRepeats struct {
	AppID int64
	Organ string
	N     int
}

// StatRefusals is how many calls of an app were refused with a list of codes. AppID 0: the app is not known.
type StatRefusals struct {
	AppID int64
	Codes string // "14000,14008"
	N     int
}

// StatMonth is the numbers of one month as they are stored. The numbers of a closed month never change.
type StatMonth struct {
	Month    string // yyyy-MM
	AsOf     string // the last day that counts, yyyy-MM-dd
	At       time.Time
	LastNo   int64 // the last event on a case that was known; 0 of a closed month
	Digest   [32]byte
	Total    string
	Contents string
}

// StatTx reads what statistics are made of, and reads and writes their numbers, within a transaction. Times to are not
// included, case numbers are.
type StatTx interface {
	// StatCases lists cases after a number, in order, that were received in that time, at most limit.
	StatCases(after int64, from, to time.Time, limit int) ([]StatCase, error)
	StatSpans(from, to int64) ([]StatSpan, error)
	StatFindings(from, to int64) ([]StatCount, error) // by rule
	StatVerdicts(from, to int64) ([]StatCount, error) // by stored verdict
	StatRepeats(from, to time.Time) ([]StatRepeats, error)
	StatRefusals(from, to time.Time) ([]StatRefusals, error)
	OldestCall() (CallKey, error)                                        // ErrNotFound
	FirstReceived() (time.Time, error)                                   // of all cases; ErrNotFound
	StatSize(from, to time.Time, most int) (cases, firms int, err error) // of the first most cases of that time
	// CasesWithEvents lists the times at which those cases were received that have an event after a number, and returns
	// the last number.
	CasesWithEvents(after int64) (received []time.Time, last int64, err error)

	InsertStatMonth(StatMonth) error           // ErrExists
	StatMonth(month string) (StatMonth, error) // of a closed month; ErrNotFound
	StatMonths() ([]StatMonth, error)          // closed, in order, without Contents
	PutStatNow(StatMonth) error                // replaces
	StatNow(month string) (StatMonth, error)   // ErrNotFound
	StatNows() ([]StatMonth, error)            // in order, without Contents
}
