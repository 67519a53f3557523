package intake_test

import (
	"fmt"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
)

// BenchmarkSearchCalls is one page of fifty for each kind of search, and what is grouped, among 500,000 calls of 400
// days by 20 apps.
func BenchmarkSearchCalls(b *testing.B) {
	for name, place := range map[string]func() string{
		"sqlite":   b.TempDir,
		"postgres": func() string { return pgtest.Shared(b).Database(b) },
	} {
		b.Run(name, func(b *testing.B) {
			o := &office{dir: place()}
			o.open(b)
			o.fillCalls(b, 500_000)
			benchSearchCalls(b, o)
		})
	}
}

// fillCalls puts n calls of the last 400 days, of which one in twenty failed, and as many audit entries as a tenth of
// them.
func (o *office) fillCalls(b *testing.B, n int) {
	for i := range 20 {
		o.admit(b, fmt.Sprint("应用", i))
	}
	for i := 0; i < n; {
		err := o.store.Background(b.Context(), func(tx intake.Tx) error {
			cs := make([]intake.Call, 0, 5000)
			for ; len(cs) < cap(cs); i++ {
				c := intake.Call{
					At:        o.now().Add(-time.Duration(n-i) * (400 * 24 * time.Hour / time.Duration(n))),
					Name:      "receiveCaseinfo",
					AppID:     int64(1 + i%19),
					AppKey:    "dxaaaaaaaaaaaaaaaaaaaaaaaa",
					Account:   "张三",
					CaseID:    fmt.Sprintf("呼市监处罚〔2026〕%d号", i),
					Outcome:   "accepted",
					Status:    200,
					RequestID: fmt.Sprintf("%016x", i),
					Source:    fmt.Sprintf("10.0.0.%d", i%40),
				}
				if i%20 == 19 {
					c.Outcome, c.Codes = "refused", []string{"14000,14008", "13000", "12004"}[i/20%3]
				}
				cs = append(cs, c)
			}
			return tx.PutCalls(cs)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for i := range n / 10 {
		e := intake.AuditEntry{
			At:     o.now(),
			By:     intake.Actor(fmt.Sprintf("console:%d", i%9)),
			Action: "case check",
			Target: fmt.Sprint(i),
			Detail: "核对",
		}
		if err := o.store.Background(b.Context(), func(tx intake.Tx) error { return tx.AppendAudit(e) }); err != nil {
			b.Fatal(err)
		}
	}
}

func benchSearchCalls(b *testing.B, o *office) {
	by, now := intake.Actor("cli:x"), o.now()
	week, month := now.AddDate(0, 0, -7), now.AddDate(0, -1, 0)
	for name, q := range map[string]intake.CallQuery{
		"first page":         {},
		"page in the middle": {Before: intake.CallKey{At: now.AddDate(0, 0, -200), No: 1 << 40}},
		"app":                {AppID: 3},
		"failed":             {Failed: true},
		"failed of an app":   {Failed: true, AppID: 19},
		"code":               {Code: "14008"},
		"source":             {Source: "10.0.0.7"},
		"request of a month": {From: month, RequestID: "none"},
		"request of all":     {RequestID: "none"},
		"case of all":        {CaseID: "none"},
	} {
		q.Limit = 50
		b.Run(name, func(b *testing.B) {
			measure(b, func() error { _, err := o.SearchCalls(b.Context(), by, q); return err })
		})
	}
	b.Run("errors of a week", func(b *testing.B) {
		measure(b, func() error { _, err := o.CallErrors(b.Context(), by, week, now); return err })
	})
	b.Run("errors of all", func(b *testing.B) {
		measure(b, func() error { _, err := o.CallErrors(b.Context(), by, time.Time{}, now); return err })
	})
	b.Run("last calls", func(b *testing.B) {
		measure(b, func() error { _, err := o.LastCalls(b.Context(), by); return err })
	})
	for name, q := range map[string]intake.AuditQuery{
		"audit, first page": {},
		"audit, none":       {Actors: []intake.Actor{"nobody"}},
		"audit, target":     {Targets: []string{"7"}},
	} {
		q.Limit = 50
		b.Run(name, func(b *testing.B) {
			measure(b, func() error { _, err := o.SearchAudit(b.Context(), by, q); return err })
		})
	}
	b.Run("audit verified", func(b *testing.B) {
		measure(b, func() error { _, err := o.VerifyAudit(b.Context(), by, intake.AuditHead{}, nil); return err })
	})
}
