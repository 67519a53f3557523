package statistics_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/workday"
)

const (
	manyCases = 100_000
	manyFirms = 25 // of a case
)

// fill puts two years of cases into a store, behind it: 100,000 cases of 8 apps and 1,000 organs with 2.5 million
// firms, each with a verdict, one in ten with a finding. The last one comes in at now.
func fill(b *testing.B, dir string, now time.Time) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "diaoxiao.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const step = 2 * 365 * 24 * 3600 * 1000 / manyCases
	first := now.UnixMilli() - manyCases*step
	numbers := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", manyCases)
	firms := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ",
		manyCases*manyFirms-1)
	day := fmt.Sprintf("strftime('%%Y-%%m-%%d', (%d + i * %d) / 1000 - 864000, 'unixepoch')", first, step)
	for _, s := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8) INSERT INTO app SELECT i, 'k' || i,
			'第' || i || '市局行政处罚系统', '', '', '', 0, 1 FROM n`,
		numbers + fmt.Sprintf(`INSERT INTO cases SELECT i, '2026' || i, 1 + i %% 8, '', i || '号', 0, '', '名', %s,
			'第' || (i * 7919 %% 1000) || '市场监督管理局', %d, %d + i * %d, 1, x'', x'', '', 1, 1 FROM n`, day, manyFirms,
			first, step),
		numbers + `INSERT INTO verification SELECT i, 0, 1, 99, 25, 0, 0, 0, 1, 0 FROM n`,
		numbers + `INSERT INTO firm_tally (case_no, clear, ready, held, released, withheld,
			published, alarmed, flagged, checked) SELECT i, 0, 20, 5, 0, 0, 0, 0, 0, 0 FROM n WHERE i % 3 = 0`,
		numbers + fmt.Sprintf(`INSERT INTO firm_span SELECT i, 0, 24, 1, %s, 0 FROM n WHERE i %% 3 <> 0`, day),
		firms + `INSERT INTO verdict SELECT 1 + i / 25, i % 25, 1 + (i % 50 = 0), 0, 0, 0, 1, 0, '', '', '', '', '', '',
			0, '', '', '', '' FROM n`,
		firms + `INSERT INTO finding SELECT 1 + i / 25, i % 25, 101 + i % 3, '', '' FROM n WHERE i % 10 = 0`,
	} {
		if _, err := db.Exec(s); err != nil {
			b.Fatal(err, s)
		}
	}
}

// BenchmarkStatistics is how long the numbers of an open and of a closed month take for a page, and how long all of
// them are computed for, behind the requests.
func BenchmarkStatistics(b *testing.B) {
	dir := b.TempDir()
	s, err := store.Open(b.Context(), dir, store.Options{Server: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, beijingtime.Zone)
	fill(b, dir, now)
	stats := statistics.New(intake.NewDesk(intake.Config{Store: s, Clock: func() time.Time { return now }}),
		workday.Default())
	began := time.Now()
	if err := stats.Pass(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("all months: %v", time.Since(began))
	by := intake.Actor("cli:x")
	for name, f := range map[string]func() error{
		"open":   func() error { _, err := stats.Report(b.Context(), by, "2026-11"); return err },
		"closed": func() error { _, err := stats.Report(b.Context(), by, "2026-09"); return err },
		"months": func() error { _, err := stats.Months(b.Context(), by, "2026-11", 1200); return err },
		"pass":   func() error { return stats.Pass(b.Context()) },
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if err := f(); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}
