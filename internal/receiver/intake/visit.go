package intake

import (
	"time"
)

// Visit (在线会话) is one sign-in of an operator at the console.
type Visit struct {
	Token      TokenHash
	OperatorID int64
	Created    time.Time
	Seen       time.Time // to about a minute
	Ended      time.Time // zero: not ended
	Source     string    // network address
	Agent      string    // the browser, as it names itself
}

// Alive reports whether the visit goes on at a time, by the policies.
func (v Visit) Alive(ps Policies, now time.Time) bool {
	return v.Ended.IsZero() && now.Before(v.Created.Add(time.Duration(ps[LifeHours])*time.Hour)) &&
		now.Before(v.Seen.Add(ps.Minutes(IdleMinutes)))
}

// VisitTx reads and writes visits within a transaction.
type VisitTx interface {
	InsertVisit(Visit) error
	Visit(TokenHash) (Visit, error)
	Visits(operatorID int64) ([]Visit, error) // not ended, newest first; 0: everybody's
	TouchVisit(TokenHash, time.Time) error    // never to an earlier time
	EndVisit(TokenHash, time.Time) error
	EndVisits(operatorID int64, but TokenHash, at time.Time) error // all visits of the operator except but
	// deletes visits that began before forget, and links and grants that are over
	SweepVisits(now, forget time.Time) error
}
