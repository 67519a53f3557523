package page_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/workday"
)

// testSite is a site on 2026-11-24, as far as the states of cases need one.
func testSite() *page.Site {
	now := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	return &page.Site{Config: page.Config{Calendar: workday.Default(), Clock: func() time.Time { return now }}}
}

// drawCase draws a verified case whose firms are in any states.
func drawCase(t *rapid.T) intake.CaseRow {
	n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
	var r intake.CaseRow
	r.No, r.Counted, r.Verified = 7, true, time.UnixMilli(1)
	r.PenaltyDate = rapid.SampledFrom([]string{"2026-11-20", "2026-10-28", "2026-09-01", "1900-01-01"}).Draw(t, "day")
	y := release.Tally{Clear: n("clear", 2), Ready: n("ready", 2), Held: n("held", 2), Released: n("released", 3),
		Withheld: n("withheld", 2)}
	y.Published, y.ToCheck = n("published", y.Released), n("tocheck", y.Held)
	y.CaseDoubt = rapid.Bool().Draw(t, "case doubt")
	r.Items = max(1, y.Clear+y.Ready+y.Held+y.Released+y.Withheld)
	y.Ready += r.Items - (y.Clear + y.Ready + y.Held + y.Released + y.Withheld)
	if y.Published > 0 {
		r.Work.Published = "2026-11-21"
	}
	if rapid.Bool().Draw(t, "checked") {
		r.Work.Checked, r.Work.Doubts = time.UnixMilli(2), 1
	}
	r.Warnings = n("warnings", 2)
	for _, k := range release.Kinds() {
		if rapid.Bool().Draw(t, k.String()) {
			r.Waiting = r.Waiting.With(k)
		}
	}
	if rapid.Bool().Draw(t, "returned") {
		r.Returned = time.UnixMilli(3)
	}
	r.Tally = y
	r.Firms = y.Counts(r.Items, true, !r.Returned.IsZero(), false)
	return r
}

// The tags of a case say what the worklist says of it, whatever its firms have come to.
func TestStatesAgreeWithWorklist(t *testing.T) {
	s := testSite()
	rapid.Check(t, func(t *rapid.T) {
		r := drawCase(t)
		said := page.Texts(s.States(r))
		has := func(word string) bool { return slices.Contains(strings.Split(said, "、"), word) }
		work := make(map[intake.WorklistKind]bool)
		for e, is := range r.Worklist() {
			work[e.Kind] = is
		}
		overdue := s.Deadline(r.PenaltyDate).Overdue()
		waits := strings.Contains(said, "待复核")
		for _, c := range []struct {
			what      string
			tag, item bool
		}{
			{"待核对", has("待核对"), work[intake.ToCheck]},
			{"新的严重提示", strings.Contains(said, "新的严重提示"), work[intake.Alarmed]},
			{"待放行", has("待放行"), work[intake.ToRelease]},
			{"待公示", has("待公示"), work[intake.ToPublish] && !overdue},
			{"公示超期", has("公示超期"), work[intake.Unfinished] && overdue},
			{"待复核", waits, work[intake.ToConfirm]},
			{"已公示", has("已公示"), r.Firms.Published > 0 && !work[intake.Unfinished]},
			{"部分公示", has("部分公示"), r.Firms.Published > 0 && work[intake.Unfinished]},
		} {
			if c.tag != c.item {
				t.Fatalf("%s: the tags are %q, and on the worklist it is %v", c.what, said, c.item)
			}
		}
		if said == "" {
			t.Fatal("a case without a tag")
		}
	})
}

// Before anything is released a case is not said to wait for publication.
func TestStatesOfFirms(t *testing.T) {
	s := testSite()
	for _, c := range []struct {
		name  string
		firms release.Counts
		want  string
	}{
		{"all ready", release.Counts{Ready: 3}, "待放行"},
		{"held", release.Counts{Held: 3}, "暂缓"},
		{"some ready", release.Counts{Ready: 1, Held: 2}, "待放行"},
		{"released", release.Counts{Released: 3}, "待公示"},
		{"released, others held", release.Counts{Released: 1, Held: 2}, "待公示"},
		{"published in part", release.Counts{Released: 2, Published: 2, Held: 1}, "暂缓、部分公示"},
		{"published", release.Counts{Released: 2, Published: 2, Withheld: 1}, "已公示"},
		{"withheld", release.Counts{Withheld: 3}, "不予公示"},
	} {
		r := intake.CaseRow{Firms: c.firms}
		r.Counted, r.Verified, r.PenaltyDate = true, time.UnixMilli(1), "2026-11-20"
		r.Items = c.firms.Total()
		r.Tally = release.Tally{Ready: c.firms.Ready, Held: c.firms.Held, Released: c.firms.Released,
			Withheld: c.firms.Withheld, Published: c.firms.Published}
		if got := page.Texts(s.States(r)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	unknown := intake.CaseRow{}
	unknown.Verified, unknown.PenaltyDate = time.UnixMilli(1), "2026-11-20"
	if got := page.Texts(s.States(unknown)); got != "待公示" {
		t.Errorf("nothing known of the firms: %q", got)
	}
}
