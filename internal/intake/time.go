package intake

import "time"

// Beijing is the time zone of acceptids, of dates the operator reads and of penaltydate. China has had no other since 1991.
var Beijing = time.FixedZone("UTC+8", 8*60*60)

// Day is the calendar day of t in Beijing, yyyy-MM-dd.
func Day(t time.Time) string { return t.In(Beijing).Format(time.DateOnly) }
