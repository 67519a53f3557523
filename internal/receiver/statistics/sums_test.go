package statistics_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
)

// The numbers of the apps, and those of the organs, add up to those of the month, and each month to itself by state,
// by verdict and by deadline, whatever was sent and decided, as of now and as of the last day.
func TestSums(t *testing.T) {
	o := openOffice(t, t.TempDir())
	senders := []*sender{o.admit("甲"), o.admit("乙"), o.admit("丙")}
	n, firms := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(0, 4).Draw(r, "cases") {
			n++
			month := rapid.IntRange(8, 10).Draw(r, "month")
			day := rapid.IntRange(1, 30).Draw(r, "day")
			size := rapid.IntRange(1, 5).Draw(r, "firms")
			organ := rapid.SampledFrom([]string{hohhot, baotou, "某局 "}).Draw(r, "organ")
			decided := fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(7, 11).Draw(r, "decided"), day)
			at := fmt.Sprintf("2026-%02d-%02d 10:00", month, day)
			id := rapid.SampledFrom(senders).Draw(r, "sender").send(at,
				caseOf(fmt.Sprint(n, "号"), organ, decided, receivertest.Entities(firms+10*n, size)...))
			firms += size
			if rapid.Bool().Draw(r, "verified") {
				o.verify()
			}
			switch rapid.IntRange(0, 3).Draw(r, "outcome") {
			case 1:
				o.giveBack(at, id)
			case 2:
				o.decide(at, id, 1, rapid.IntRange(1, size).Draw(r, "released"), release.ToRelease,
					rapid.SampledFrom([]string{"", "2026-11-01", "2026-12-30"}).Draw(r, "published"))
			case 3:
				o.decide(at, id, size, size, release.ToWithhold, "")
			}
		}
		o.at(rapid.SampledFrom([]string{"2026-10-31 10:00", "2026-12-31 10:00"}).Draw(r, "now"))
		total := 0
		for _, m := range []statistics.Month{"2026-08", "2026-09", "2026-10"} {
			rep, err := o.Report(t.Context(), intake.Actor("cli:x"), m)
			if err != nil {
				r.Fatal(err)
			}
			total += rep.Summary().Cases
			addsUp(r, rep.Numbers)
		}
		if total != n {
			r.Fatalf("%d cases, %d were sent", total, n)
		}
	})
}

func addsUp(r *rapid.T, n statistics.Numbers) {
	r.Helper()
	sum := whole(n)
	for _, parts := range [][]statistics.Part{n.ByApp(), n.ByOrgan()} {
		all := statistics.Part{Counts: statistics.NewCounts()}
		for _, p := range parts {
			all.Add(p.Counts)
			all.Refused += p.Refused
		}
		for _, f := range statistics.Figures() {
			if got, want := f.Of(all).String(), f.Of(sum).String(); got != want && !f.NotByOrgan {
				r.Fatalf("%s %s: the parts give %s, the month %s", n.Month, f.Key, got, want)
			}
		}
	}
	c, verdicts := sum.Counts, 0
	for _, k := range c.Verdicts {
		verdicts += k
	}
	open := 0
	if !n.Final {
		open = c.Undecided
	}
	for what, same := range map[string]bool{
		"states":    c.Returned+c.Released+c.Withheld+c.Undecided == c.Firms,
		"open":      c.Pending+c.Ready+c.Held == open,
		"verdicts":  verdicts == c.Verified,
		"deadlines": c.Seven.Of()+c.Seven.Open == c.Twenty.Of()+c.Twenty.Open,
		"final":     !n.Final || c.Twenty.Open == 0,
		"published": c.Published <= c.Released && c.Publication.N() <= c.Published && c.Verified <= c.Firms,
		"accepted":  c.Acceptance.N()+c.Undated == c.Cases,
	} {
		if !same {
			r.Fatalf("%s: %s: %+v", n.Month, what, c)
		}
	}
}
