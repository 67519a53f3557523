// Package beijingtime is the time of China: the zone of every day and hour that people and acceptids show.
package beijingtime

import "time"

// Offset is how far Beijing is ahead of UTC. China has had no other time since 1991. Before 1901 the offset was
// 8:05:43: programs that take a zone from a table are wrong by 5 minutes 43 seconds in days of that age.
const Offset = 8 * time.Hour

// Zone is the time zone of acceptids, of the days that operators read and of penaltydate.
var Zone = time.FixedZone("UTC+8", int(Offset/time.Second))

// Day is the calendar day of t in Beijing, yyyy-MM-dd.
func Day(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }
