package console_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

const (
	provinceDays  = 730
	provinceCases = 20_000
	provinceItems = 125 // entities of a case
)

// aProvince has what a province keeps after two years: 20,000 cases of eight senders with 2.5 million verified
// entities. With it comes the acceptid of one of the last day.
func aProvince(b *testing.B) (h *house, acceptID string) {
	h = openHouse(b)
	h.clock.Store(int64(-provinceDays * 24 * time.Hour))
	var senders []*sender
	for i := range 8 {
		senders = append(senders, h.admit(fmt.Sprint("第", i+1, "市场监督管理局")))
	}
	for day := range provinceDays {
		h.wait(24 * time.Hour)
		var all sync.WaitGroup
		for i, s := range senders {
			all.Go(func() {
				s.login()
				for n := day * provinceCases / provinceDays; n < (day+1)*provinceCases/provinceDays; n++ {
					if n%len(senders) == i {
						s.send(provincialCase(n, h.now()))
					}
				}
			})
		}
		all.Wait()
		h.recordCalls()
	}
	acceptID = senders[0].send(provincialCase(provinceCases, h.now()))
	h.verify()
	return h, acceptID
}

// BenchmarkPages is how long the main pages take over HTTPS, on connections that are kept, in a province after two
// years.
func BenchmarkPages(b *testing.B) {
	h, id := aProvince(b)
	clerk, auditor := h.enter(intake.Clerk, "clerk"), h.enter(intake.Auditor, "auditor")
	some := provincialCase(provinceCases/2, h.now())
	for _, page := range []struct {
		name string
		*visitor
		path string
	}{
		{"overview", clerk, "/overview"},
		{"cases", clerk, "/cases"},
		{"cases by caseid", clerk, "/cases?" + form("caseid", some.CaseID).Encode()},
		{"cases by name", clerk, "/cases?" + form("name", "企业第777户").Encode()},
		{"cases overdue", clerk, "/cases?state=overdue"},
		{"cases of a month", clerk, "/cases?from=2026-02-01&to=2026-02-28"},
		{"cases by penaltydate", clerk, "/cases?sort=penaltydate&order=asc"},
		{"case", clerk, "/cases/" + id},
		{"case, rows with findings", clerk, "/cases/" + id + "?only=found"},
		{"entity by code", clerk, "/entities?kind=uniscid&value=" + some.PenaltyList[7].UniscID},
		{"entities by name", clerk, "/entities?" + form("kind", "legal", "value", "阿拉坦", "match", "prefix").Encode()},
		{"calls", clerk, "/calls"},
		{"calls failed", clerk, "/calls?failed=1"},
		{"calls by caseid", clerk, "/calls?" + form("caseid", some.CaseID).Encode()},
		{"audit", auditor, "/audit"},
	} {
		b.Run(page.name, func(b *testing.B) {
			var took []time.Duration
			page.see(page.path)
			for b.Loop() {
				began := time.Now()
				page.see(page.path)
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}
