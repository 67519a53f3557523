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

// Alive reports whether the session goes on at a time, by the policies.
func (v Visit) Alive(ps Policies, now time.Time) bool {
	return v.Ended.IsZero() && now.Before(v.Created.Add(time.Duration(ps[LifeHours])*time.Hour)) && now.Before(v.Seen.Add(ps.Minutes(IdleMinutes)))
}
