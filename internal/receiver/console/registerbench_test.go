package console_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/register/planted"
	"diaoxiao/internal/receiver/registrar"
)

// benchFirms and benchItems are how many firms the register has, and the list of the case.
var (
	benchFirms = flag.Int("firms", 20_000, "how many firms the register of the benchmark has")
	benchItems = flag.Int("items", 2_000, "how many entities the case of the benchmark has")
)

// BenchmarkRegisterPages is how long the pages with the register take over HTTPS, on connections that are kept: `go
// test -run XXX -bench RegisterPages -firms 2500000 -items 100000`.
func BenchmarkRegisterPages(b *testing.B) {
	h := openHouse(b)
	fs := bigRegister(h, *benchFirms)
	var es []api.Entity
	for i := range *benchItems {
		es = append(es, sent(fs[i%len(fs)]))
	}
	id := h.admit("甲局").send(aCase("1号", es...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	firm := clerk.do("GET", "/firms?q="+fs[0].PripID, nil).Location
	for _, page := range []struct{ name, path string }{
		{"register", "/firms"}, {"part of two", "/firms?q=餐饮"}, {"frequent part", "/firms?q=有限公司"},
		{"rare part", "/firms?q=红山区一二"}, {"whole name", "/firms?" + form("q", fs[1].Name).Encode()},
		{"legal", "/firms?" + form("q", fs[2].Legal).Encode()}, {"firm", firm}, {"case", "/cases/" + id},
		{"case by verdict", "/cases/" + id + "?verdict=different"}, {"case found", "/cases/" + id + "?only=found"},
		{"case last", "/cases/" + id + "?verdict=notcompared"}, {"row", "/cases/" + id + "/entities/2"},
		{"entity", "/entities?kind=pripid&value=" + fs[1].PripID}, {"overview", "/overview"},
	} {
		b.Run(page.name, func(b *testing.B) { timePage(b, clerk, page.path) })
	}
}

// timePage reports how long a page takes.
func timePage(b *testing.B, v *visitor, path string) {
	var took []time.Duration
	v.follow(path)
	for b.Loop() {
		began := time.Now()
		v.follow(path)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}

// bigRegister imports a register, and returns its first firms that have both codes.
func bigRegister(h *house, n int) (fs []register.Firm) {
	h.Helper()
	f, err := os.Create(filepath.Join(h.TempDir(), "register.csv"))
	h.must(err)
	defer f.Close()
	h.must(planted.WriteCSV(f, planted.Firms(1, n)))
	info, err := f.Stat()
	h.must(err)
	_, err = registrar.New(h.Desk).Import(h.Context(), intake.Actor("cli:root"), registrar.Order{AsOf: "2026-11-20",
		Files: []extract.File{{Name: "register.csv", In: f, Size: info.Size()}}})
	h.must(err)
	for f := range planted.Firms(1, min(n, 2**benchItems)) {
		if f.PripID != "" && f.UniscID != "" && f.Legal != "" && f.EntType != "" {
			fs = append(fs, f)
		}
	}
	return fs
}
