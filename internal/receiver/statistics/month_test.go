package statistics_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
)

const hohhot, baotou = "呼和浩特市市场监督管理局", "包头市市场监督管理局"

// october has what two apps sent in October 2026, and what became of it before the month was closed. Working days after
// Tuesday 2026-09-22: 23, 24, 28, 29, 30 of September, 8, 9 (the 7th), 10 (a Saturday that is worked), 12 to 16, 19 to
// 23, 26, 27 (the 20th) of October; 25 to 27 of September and 1 to 7 of October are off. The 20th after 2026-10-30, and
// after the end of the month, is 2026-11-27.
func october(o *office) (first, last, future string) {
	o.Helper()
	one, two := o.admit("甲"), o.admit("乙")
	a := receivertest.Entities(1, 50)
	o.importRegister(a[:5]...) // the other firms are 查无此户
	wrong := a[8]
	wrong.UniscID = wrong.UniscID[:17] + "?"
	c := caseOf("1号", hohhot, "2026-09-22", a[0], a[1], a[2])
	first = one.send("2026-10-08 10:00", c)
	one.send("2026-10-09 23:59", c) // once more: no case
	withheld := one.send("2026-10-09 10:00", caseOf("2号", baotou, "2026-09-22", a[3], wrong))
	returned := one.send("2026-10-12 10:00", caseOf("3号", hohhot, "2026-10-09", a[4]))
	o.giveBack("2026-10-13 10:00", returned)
	again := one.send("2026-10-14 10:00", caseOf("3号", hohhot, "2026-10-09", a[5]))
	future = two.send("2026-10-20 10:00", caseOf("1号", baotou, "2026-11-20", a[6]))
	last = two.send("2026-10-31 23:59", caseOf("2号", baotou, "2026-10-30", a[10:40]...))
	two.send("2026-11-01 00:00", caseOf("3号", baotou, "2026-10-30", a[41])) // of November
	two.refused("2026-10-31 10:00", `{"caseid":"","casename":"x"}`)
	two.refused("2026-10-31 10:00", `{`)
	one.Token = "unknown"
	one.refused("2026-10-31 11:00", `{}`)
	o.recordCalls()
	o.verify()
	o.decide("2026-10-09 12:00", first, 1, 2, release.ToRelease, "2026-10-09")
	o.decide("2026-10-09 12:00", first, 3, 3, release.ToRelease, "2026-10-10")
	o.decide("2026-10-12 12:00", withheld, 1, 1, release.ToWithhold, "")
	o.decide("2026-10-28 12:00", again, 1, 1, release.ToRelease, "2026-10-28")
	o.decide("2026-11-20 12:00", last, 1, 20, release.ToRelease, "2026-11-27") // on the last day
	o.decide("2026-11-20 12:00", last, 21, 30, release.ToRelease, "")
	return first, last, future
}

// counted are the numbers of October as of 2026-11-27, counted by hand.
var counted = map[string]map[string]string{
	"month": {"cases": "6", "firms": "38", "resent": "1", "repeats": "1", "refused": "3", "returnedcases": "1",
		"returnrate": "1/6", "findings": "921.1‰", "doubtful": "868.4‰", "returned": "1", "released": "34",
		"withheld": "1", "undecided": "2", "published": "24", "acceptance": "5天／17天", "release": "21天／21天",
		"publication": "28天／28天", "timely20": "68.6%", "timely7": "5.7%", "undated": "1"},
	"甲": {"cases": "4", "firms": "7", "resent": "1", "repeats": "1", "refused": "0", "returnedcases": "1",
		"returnrate": "1/4", "findings": "3/7", "doubtful": "2/7", "returned": "1", "released": "4", "withheld": "1",
		"undecided": "1", "published": "4", "acceptance": "5天／17天", "release": "17天／19天",
		"publication": "17天／19天", "timely20": "4/5", "timely7": "2/5", "undated": "0"},
	"乙": {"cases": "2", "firms": "31", "resent": "0", "repeats": "0", "refused": "2", "returnedcases": "0",
		"returnrate": "0/2", "findings": "1,032.3‰", "doubtful": "1,000.0‰", "returned": "0", "released": "30",
		"withheld": "0", "undecided": "1", "published": "20", "acceptance": "1天／1天", "release": "21天／21天",
		"publication": "28天／28天", "timely20": "66.7%", "timely7": "0.0%", "undated": "1"},
	hohhot: {"cases": "3", "firms": "5", "resent": "1", "repeats": "1", "refused": "0", "returnedcases": "1",
		"returnrate": "1/3", "findings": "1/5", "doubtful": "1/5", "returned": "1", "released": "4", "withheld": "0",
		"undecided": "0", "published": "4", "acceptance": "5天／16天", "release": "17天／19天",
		"publication": "17天／19天", "timely20": "4/4", "timely7": "2/4", "undated": "0"},
	baotou: {"cases": "3", "firms": "33", "resent": "0", "repeats": "0", "refused": "0", "returnedcases": "0",
		"returnrate": "0/3", "findings": "1,030.3‰", "doubtful": "969.7‰", "returned": "0", "released": "30",
		"withheld": "1", "undecided": "2", "published": "20", "acceptance": "1天／17天", "release": "21天／21天",
		"publication": "28天／28天", "timely20": "64.5%", "timely7": "0.0%", "undated": "1"},
}

// Every number of a month, of each app and of each organ is the one that was counted by hand, on both engines.
func TestMonth(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			_, _, future := october(o)
			o.decide("2026-11-30 12:00", future, 1, 1, release.ToRelease, "2026-11-30") // after the last day
			o.at("2026-12-01 09:00")
			r := o.report("2026-10")
			parts := map[string]statistics.Part{"month": {Counts: r.Summary().Counts, Refused: r.Summary().Refused}}
			for _, p := range r.ByApp() {
				parts[r.Apps[p.App]] = p
			}
			for _, p := range r.ByOrgan() {
				parts[p.Organ] = p
			}
			for part, want := range counted {
				equal(t, part, figures(parts[part]), want)
			}
			if p := parts[""]; p.Refused != 1 || p.Cases != 0 {
				t.Errorf("calls of an app that is not known: %+v", p)
			}
			equal(t, "refused calls", r.Codes(), map[string]int{"13000": 1, "14000": 1, "14002": 1, "14003": 1,
				"14004": 1, "14005": 1, "14006": 1, "14007": 1, "19001": 1})
		})
	}
}

// figures are the figures of a part by their keys, as people read them.
func figures(p statistics.Part) map[string]string {
	got := make(map[string]string)
	for _, f := range statistics.Figures() {
		if f.NotFinal {
			continue
		}
		got[f.Key] = f.Of(p).String()
	}
	return got
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
