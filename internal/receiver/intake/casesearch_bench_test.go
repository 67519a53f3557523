package intake_test

import (
	"slices"
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// worked is what two years of work leave: two thirds checked, most published, one in a hundred returned, a few asked
// for.
var worked = []string{
	`INSERT INTO case_return SELECT case_no, received_ms, 'console:b', '由', '' FROM cases WHERE case_no % 100 = 7`,
	`INSERT INTO case_work (case_no, checked_ms, severe, doubts, published)
		SELECT c.case_no,
		CASE WHEN c.case_no % 3 > 0 THEN 1 ELSE 0 END, v.severe, v.severe + v.warnings,
		CASE WHEN c.case_no % 10 < 8 AND c.case_no < 19000 THEN c.penaltydate ELSE '' END
		FROM cases c JOIN verification v ON v.case_no = c.case_no WHERE c.case_no % 20 < 18`,
	`DELETE FROM docket`,
	`INSERT INTO docket SELECT 1, '', v.case_no FROM verification v LEFT JOIN case_work w ON w.case_no = v.case_no
		WHERE v.severe + v.warnings > 0 AND COALESCE(w.checked_ms, 0) = 0 AND v.case_no % 100 <> 7`,
	`INSERT INTO docket SELECT 2, c.penaltydate, c.case_no FROM cases c LEFT JOIN case_work w ON w.case_no = c.case_no
		WHERE COALESCE(w.published, '') = '' AND c.case_no % 100 <> 7`,
	`INSERT INTO docket SELECT 3, '', case_no FROM cases WHERE case_no % 997 = 0 AND case_no % 100 <> 7`,
}

// measure reports the median and the 99th percentile of f.
func measure(b *testing.B, f func() error) {
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "median-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSearchCases is one page of fifty for each kind of search, among 20,000 cases with 2.5 million entities.
func BenchmarkSearchCases(b *testing.B) {
	o := openProvince(b)
	o.tamper(b, worked...)
	now := o.now()
	middle, err := o.cases(intake.CaseFilter{After: 9_999, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	c := middle[0]
	for _, s := range []struct {
		name string
		q    intake.CaseQuery
		some bool // there must be rows
	}{
		{"first page", intake.CaseQuery{Desc: true}, true},
		{"page in the middle", intake.CaseQuery{Desc: true, After: intake.CaseKey{No: c.No}}, true},
		{"page in the middle, back", intake.CaseQuery{Desc: true, After: intake.CaseKey{No: c.No}, Back: true}, true},
		{"by penaltydate", intake.CaseQuery{Sort: intake.ByPenaltyDate, Desc: true}, true},
		{"by penaltydate, in the middle", intake.CaseQuery{
			Sort:  intake.ByPenaltyDate,
			Desc:  true,
			After: intake.CaseKey{No: c.No, PenaltyDate: c.PenaltyDate},
		}, true},
		{"acceptid", intake.CaseQuery{AcceptID: c.AcceptID}, true},
		{"caseid", intake.CaseQuery{CaseID: c.CaseID}, true},
		{"app", intake.CaseQuery{AppID: 3, Desc: true}, true},
		{"app, by penaltydate", intake.CaseQuery{AppID: 3, Sort: intake.ByPenaltyDate, Desc: true}, true},
		{"name, many", intake.CaseQuery{Name: "连续两年未报送", Desc: true}, true},
		{"name, none", intake.CaseQuery{Name: "不存在的名称", Desc: true}, false},
		{"name and org, by penaltydate", intake.CaseQuery{Name: "企业", Org: "第88旗县", Sort: intake.ByPenaltyDate}, true},
		{"account, none", intake.CaseQuery{Account: "李四"}, false},
		{"one day", intake.CaseQuery{ReceivedFrom: c.Received, ReceivedTo: c.Received.AddDate(0, 0, 1)}, true},
		{"one year", intake.CaseQuery{ReceivedFrom: now.AddDate(-1, 0, 0), ReceivedTo: now, Desc: true}, true},
		{"one year, by penaltydate", intake.CaseQuery{
			ReceivedFrom: now.AddDate(-1, 0, 0),
			ReceivedTo:   now,
			Sort:         intake.ByPenaltyDate,
			Desc:         true,
		}, true},
		{"penaltydates of a month", intake.CaseQuery{
			PenaltyFrom: c.PenaltyDate,
			PenaltyTo:   beijingtime.Day(c.Received.AddDate(0, 1, 0)),
			Desc:        true,
		}, true},
		{"penaltydates of no case", intake.CaseQuery{PenaltyFrom: "1999-01-01", PenaltyTo: "1999-12-31"}, false},
		{"unverified, none", intake.CaseQuery{State: intake.StateUnverified, Desc: true}, false},
		{"to check", intake.CaseQuery{State: intake.StateToCheck, Desc: true}, true},
		{"to check, by penaltydate", intake.CaseQuery{State: intake.StateToCheck, Sort: intake.ByPenaltyDate}, true},
		{"severe, none", intake.CaseQuery{State: intake.StateSevere, Desc: true}, false},
		{"to confirm", intake.CaseQuery{State: intake.StateToConfirm, Desc: true}, true},
		{"returned", intake.CaseQuery{State: intake.StateReturned, Desc: true}, true},
		{"to publish", intake.CaseQuery{State: intake.StateToPublish, Desc: true}, true},
		{
			"to publish, by penaltydate",
			intake.CaseQuery{State: intake.StateToPublish, Sort: intake.ByPenaltyDate},
			true,
		},
		{
			"to publish, of an app",
			intake.CaseQuery{State: intake.StateToPublish, AppID: 3, Sort: intake.ByPenaltyDate},
			true,
		},
		{"overdue", intake.CaseQuery{
			State: intake.StateOverdue,
			DueBy: beijingtime.Day(now.AddDate(0, 0, -28)),
			Sort:  intake.ByPenaltyDate,
		}, true},
		{"published", intake.CaseQuery{State: intake.StatePublished, Desc: true}, true},
		{"published, by penaltydate", intake.CaseQuery{State: intake.StatePublished, Sort: intake.ByPenaltyDate}, true},
		{"checked", intake.CaseQuery{State: intake.StateChecked, Desc: true}, true},
	} {
		b.Run(s.name, func(b *testing.B) {
			measure(b, func() error {
				p, err := o.SearchCases(b.Context(), intake.Actor("cli:x"), s.q)
				if err == nil && len(p.Rows) > 0 != s.some {
					b.Fatalf("%d rows", len(p.Rows))
				}
				return err
			})
		})
	}
}

// BenchmarkOverview is what the first page asks for, and one case's page, over the same data.
func BenchmarkOverview(b *testing.B) {
	o := openProvince(b)
	o.tamper(b, worked...)
	by := intake.Actor("cli:x")
	b.Run("overview", func(b *testing.B) {
		measure(b, func() error {
			v, err := o.Overview(b.Context(), by, beijingtime.Day(o.now().AddDate(0, 0, -28)))
			if err == nil && (v.Today.Cases == 0 || len(v.Rules) == 0) {
				b.Fatalf("%+v", v)
			}
			return err
		})
	})
	cs, err := o.cases(intake.CaseFilter{After: 9_999, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("file of a case", func(b *testing.B) {
		measure(b, func() error { _, err := o.CaseFile(b.Context(), by, cs[0].AcceptID); return err })
	})
	b.Run("attempts of a case", func(b *testing.B) {
		measure(b, func() error { _, err := o.AttemptsOf(b.Context(), by, cs[0].AcceptID); return err })
	})
}
