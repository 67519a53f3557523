package statistics_test

import (
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/workday"
)

// A firm counts in the rate once it is published, or once its deadline is over; holidays and the weekends that are
// worked for them move the deadline.
func TestDeadlines(t *testing.T) {
	for _, c := range []struct {
		why, decided, now, published string
		seven, twenty                string
	}{
		{"not due", "2026-11-02", "2026-11-11 23:59", "", "", ""},
		{"the day of the 7th working day is not over", "2026-11-02", "2026-11-11 09:00", "", "", ""},
		{"the day after it", "2026-11-02", "2026-11-12 00:00", "", "0/3", ""},
		{"published on it", "2026-11-02", "2026-11-12 00:00", "2026-11-11", "3/3", "3/3"},
		{"published a day later", "2026-11-02", "2026-11-12 00:00", "2026-11-12", "0/3", "3/3"},
		{"the 20th working day is not over", "2026-11-02", "2026-11-30 23:00", "", "0/3", ""},
		{"the day after it", "2026-11-02", "2026-12-01 00:00", "", "0/3", "0/3"},
		{"published too late", "2026-11-02", "2026-12-02 00:00", "2026-12-01", "0/3", "0/3"},
		{"published on the 20th", "2026-11-02", "2026-12-02 00:00", "2026-11-30", "0/3", "3/3"},
		// 2026-09-30: 8, 9, 10 (a Saturday that is worked), 12, 13, 14, 15 of October
		{"the holidays of October", "2026-09-30", "2026-11-02 10:00", "2026-10-15", "3/3", "3/3"},
		{"and a day later", "2026-09-30", "2026-11-02 10:00", "2026-10-16", "0/3", "3/3"},
		// 2026-02-10: 11, 12, 13, 14 (a Saturday that is worked), 24, 25, 26; 15 to 23 of February are off
		{"the spring festival", "2026-02-10", "2026-11-02 10:00", "2026-02-26", "3/3", "3/3"},
		{"a day later", "2026-02-10", "2026-11-02 10:00", "2026-02-27", "0/3", "3/3"},
		// 20 working days: 27, 28 (a Saturday that is worked), then 2 to 6, 9 to 13 of March, 16
		{"until March", "2026-02-10", "2026-11-02 10:00", "2026-03-16", "0/3", "3/3"},
		{"a day after that", "2026-02-10", "2026-11-02 10:00", "2026-03-17", "0/3", "0/3"},
		{"later than it came in", "2026-11-05", "2026-12-31 10:00", "2026-12-31", "", ""},
		{"a placeholder", "1900-01-01", "2026-12-31 10:00", "", "", ""},
	} {
		o := openOffice(t, t.TempDir())
		id := o.admit("甲").send("2026-11-02 09:00", caseOf("1号", hohhot, c.decided, receivertest.Entities(1, 3)...))
		o.verify()
		if c.published != "" {
			o.decide("2026-11-02 10:00", id, 1, 3, release.ToRelease, c.published)
		}
		o.at(c.now)
		got := figures(whole(o.report("2026-11").Numbers))
		if got["timely7"] != c.seven || got["timely20"] != c.twenty {
			t.Errorf("%s: %q and %q, want %q and %q", c.why, got["timely7"], got["timely20"], c.seven, c.twenty)
		}
	}
}

// A month closes the day after the twentieth working day that follows it, and not while the holidays until then are
// not known.
func TestMonthCloses(t *testing.T) {
	for _, c := range []struct {
		month   statistics.Month
		now     string
		over    bool
		unknown int
	}{
		{"2026-10", "2026-11-27 23:59", false, 0},
		{"2026-10", "2026-11-28 00:00", true, 0},
		{"2026-09", "2026-11-03 23:59", false, 0}, // 8 to 10, 12 to 16, 19 to 23, 26 to 30 of October, 2, 3 of November
		{"2026-09", "2026-11-04 00:00", true, 0},
		{"2026-12", "2027-01-28 23:59", false, 2027},
		{"2026-12", "2027-02-28 00:00", true, 2027},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, beijingtime.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if over, unknown := c.month.Closes(workday.Default(), now); over != c.over || unknown != c.unknown {
			t.Errorf("%s at %s: %v %d", c.month, c.now, over, unknown)
		}
	}
	calendar, err := workday.Parse(strings.NewReader("2026 通知 某号\n2026-01-01 休 元旦\n2027 通知 某号\n2027-01-01 休 元旦\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, unknown := statistics.Month("2026-12").Closes(calendar, time.Now()); unknown != 0 {
		t.Error("both years are known")
	}
}

func TestMonths(t *testing.T) {
	for text, want := range map[string]bool{"2026-11": true, "2026-1": false, "2026-13": false, "": false,
		"1999-12": false, "2026-11-01": false, "２０２６-11": false} {
		if _, err := statistics.ParseMonth(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	m := statistics.Month("2026-12")
	if m.Next() != "2027-01" || m.Before(12) != "2025-12" || m.LastDay() != "2026-12-31" {
		t.Errorf("%s %s %s", m.Next(), m.Before(12), m.LastDay())
	}
}
