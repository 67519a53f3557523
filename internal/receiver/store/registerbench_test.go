package store_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// benchFirms is how many firms the benchmark of the register has.
var benchFirms = flag.Int("firms", 20000, "how many firms the benchmark of the register has")

// BenchmarkRegister builds a register, and then looks up and searches in it. It runs once, whatever b.N is: `go test
// -run XXX -bench Register -benchtime 1x -firms 2500000`.
func BenchmarkRegister(b *testing.B) {
	for name, place := range map[string]func() string{
		"sqlite":   func() string { return b.TempDir() },
		"postgres": func() string { return pgtest.Shared(b).Database(b) },
	} {
		b.Run(name, func(b *testing.B) {
			at := place()
			s := openServer(b, at)
			benchBuild(b, s)
			if files, _ := filepath.Glob(filepath.Join(at, "register", "1.db")); len(files) == 1 {
				info, err := os.Stat(files[0])
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(info.Size())/1e6, "MB")
			}
			benchLookUp(b, s)
			for _, part := range []string{"有限公司", "内蒙古", "公司", "红山区一", "没有此户", "古有限", "团)有限", "商贸店", "科技有限责"} {
				benchSearch(b, s, part)
			}
		})
	}
}

// benchBuild reports the rows that a second of the store's own work puts.
func benchBuild(b *testing.B, s intake.Store) {
	chunks := make(chan []register.Firm, 4)
	go func() {
		defer close(chunks)
		for from := 1; from <= *benchFirms; from += 1000 {
			chunks <- firmsOf(1, from, min(1000, *benchFirms-from+1))
		}
	}()
	var own time.Duration
	var put time.Time
	build(b, s, 1, 0, func(w intake.RegisterWriter) error {
		for firms := range chunks {
			began := time.Now()
			if err := w.PutFirms(firms); err != nil {
				return err
			}
			own += time.Since(began)
		}
		put = time.Now()
		return nil
	})
	record(b, s, 1)
	end := time.Since(put)
	b.Logf("%d rows: put in %s, completed in %s", *benchFirms, own, end)
	b.ReportMetric(float64(*benchFirms)/(own+end).Seconds(), "rows/s")
}

// benchLookUp reports how many look-ups of a listed entity, by pripid and by code, a second has.
func benchLookUp(b *testing.B, s intake.Store) {
	const entities = 20000
	var pripids, codes []string
	for i := range entities {
		f := firmsOf(1, 1+int(uint64(i)*7919%uint64(*benchFirms))/1000*1000, 1+i%3)
		pripids, codes = append(pripids, f[len(f)-1].PripID), append(codes, f[len(f)-1].UniscID)
	}
	for round := range 2 {
		began := time.Now()
		for from := 0; from < entities; from += 5000 {
			byPripID(b, s, 1, pripids[from:from+5000]...)
			byCode(b, s, 1, codes[from:from+5000]...)
		}
		b.Logf("round %d: %d entities in %s", round, entities, time.Since(began))
		b.ReportMetric(entities/time.Since(began).Seconds(), "entities/s")
	}
}

func benchSearch(b *testing.B, s intake.Store, part string) {
	times := ""
	var n int
	for range 3 {
		began := time.Now()
		n = len(byName(b, s, 1, part, 0, 50))
		times += fmt.Sprintf(" %.1fms", time.Since(began).Seconds()*1000)
	}
	began := time.Now()
	late := len(byName(b, s, 1, part, *benchFirms-200000, 50))
	b.Logf("%s: %d found in%s; late %d in %s", part, n, times, late, time.Since(began))
}
