package intake

import (
	"crypto/sha256"
	"time"
)

// Outcome is how a receive call ended.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted" // 受理: a new case
	Repeated Outcome = "repeated" // 重复报送: the case was there, with the same values
	Refused  Outcome = "refused"  // 拒绝
)

// Attempt (报送记录) is one receive call of a known app. It is written in the transaction of its outcome, so the answer to
// a repeat is as durable as the first answer. It never holds a value that was
// refused, but for what NewTold lets pass of one that a message quotes.
type Attempt struct {
	No        int64
	At        time.Time
	AppID     int64
	Account   string
	CaseID    string // as sent; "" where it could not be read
	CaseNo    int64  // the case accepted or repeated; 0 otherwise
	Outcome   Outcome
	Codes     string // of a refusal, "14000,14008"
	Fields    string // of a refusal, the first offending paths
	Told      Told   // of a refusal
	Bytes     int64
	SHA256    [sha256.Size]byte
	RequestID string
	Source    string // network address the call came from
}

// AttemptTx reads and writes attempts within a transaction.
type AttemptTx interface {
	InsertAttempt(Attempt) error
	Attempts(AttemptFilter) ([]Attempt, error)
}

// AttemptFilter selects attempts in order of their numbers. Zero fields do not select.
type AttemptFilter struct {
	After  int64 // attempt number
	AppID  int64
	CaseID string // of the app; of a refused attempt only where it could be read
	Limit  int
}
