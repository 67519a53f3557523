package beijingtime_test

import (
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
)

// A day begins at 16:00 UTC, in summer as in winter.
func TestDay(t *testing.T) {
	for _, month := range []time.Month{time.January, time.July} {
		midnight := time.Date(2026, month, 9, 16, 0, 0, 0, time.UTC)
		want := time.Date(2026, month, 10, 0, 0, 0, 0, beijingtime.Zone)
		if !midnight.Equal(want) || !midnight.Truncate(24*time.Hour).Add(24*time.Hour-beijingtime.Offset).Equal(want) {
			t.Errorf("midnight of %v is %v, want %v", want, want.UTC(), midnight)
		}
		if got := beijingtime.Day(midnight); got != want.Format(time.DateOnly) {
			t.Errorf("day of %v: %s", midnight, got)
		}
		if got := beijingtime.Day(midnight.Add(-1)); got != want.AddDate(0, 0, -1).Format(time.DateOnly) {
			t.Errorf("day before %v: %s", midnight, got)
		}
	}
}
