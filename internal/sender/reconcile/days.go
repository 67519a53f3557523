package reconcile

import (
	"time"

	"diaoxiao/internal/beijingtime"
)

// Days is a span of days in Beijing, both included; each is the beginning of its day.
type Days struct{ From, To time.Time }

// have reports whether a moment is within; one that is not known is.
func (d Days) have(at time.Time) bool {
	return at.IsZero() || !at.Before(d.From) && at.Before(d.To.AddDate(0, 0, 1))
}

// wide is the span with a day more at either end.
func (d Days) wide() Days { return Days{d.From.AddDate(0, 0, -1), d.To.AddDate(0, 0, 1)} }

// String is "2026-11-01 至 2026-11-30".
func (d Days) String() string {
	return d.From.In(beijingtime.Zone).Format(time.DateOnly) + " 至 " + d.To.In(beijingtime.Zone).Format(time.DateOnly)
}
