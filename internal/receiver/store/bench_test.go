package store_test

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// benchUpdates runs b.N Updates from so many callers in a closed loop.
func benchUpdates(b *testing.B, s *store.Store, callers int, do func(n int64) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	before := s.Stats()
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := do(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	after := s.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(float64(after.Updates-before.Updates)/float64(after.Commits-before.Commits), "updates/commit")
}

// BenchmarkUpdate is the smallest Update there is, an attempt, by one caller and by many.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 64, 512} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			s := openServer(b, b.TempDir())
			benchUpdates(b, s, callers, func(int64) error { return s.Update(b.Context(), attempt) })
		})
	}
}

// BenchmarkInsertCase is a case of 800 bytes with its attempt, by 64 callers.
func BenchmarkInsertCase(b *testing.B) {
	for name, open := range engines() {
		b.Run(name, func(b *testing.B) { benchInsertCase(b, open(b).(*store.Store)) })
	}
}

func benchInsertCase(b *testing.B, s *store.Store) {
	app := addApp(b, s, "k")
	data := text(1, 800)
	benchUpdates(b, s, 64, func(n int64) error { return insertBench(b, s, app, n, data) })
}

func insertBench(b *testing.B, s *store.Store, app, n int64, data []byte) error {
	body := s.NewBody()
	defer body.Close()
	body.Write(data)
	if _, _, err := body.Sum(); err != nil {
		return err
	}
	return s.Update(b.Context(), func(tx intake.Tx) error {
		c, err := insert(tx, intake.Case{AppID: app, CaseID: fmt.Sprint(n)}, body)
		if err != nil {
			return err
		}
		return tx.InsertAttempt(intake.Attempt{AppID: app, CaseNo: c.No, CaseID: c.CaseID})
	})
}

// BenchmarkNodes is the same by one, two and three nodes over one PostgreSQL, each with 64 callers of its own.
func BenchmarkNodes(b *testing.B) {
	for _, nodes := range []int{1, 2, 3} {
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			url := pgtest.Shared(b).Database(b)
			var stores []*store.Store
			for range nodes {
				stores = append(stores, openServer(b, url))
			}
			app := addApp(b, stores[0], "k")
			data := text(1, 800)
			benchUpdates(b, stores[0], 64*nodes, func(n int64) error {
				return insertBench(b, stores[n%int64(nodes)], app, n, data)
			})
		})
	}
}

// BenchmarkBody is what a body of 13 MB costs before its commit, and reading it again.
func BenchmarkBody(b *testing.B) {
	s := openServer(b, b.TempDir())
	app := addApp(b, s, "k")
	data := text(1, 13<<20)
	c := accept(b, s, app, "a", data)
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			body := s.NewBody()
			body.Write(data)
			if _, _, err := body.Sum(); err != nil {
				b.Fatal(err)
			}
			body.Close()
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			r, err := s.OpenBody(c)
			if err != nil {
				b.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(data)) {
				b.Fatal(n, err)
			}
			r.Close()
		}
	})
}

// BenchmarkPutKeys is the verifier's costliest write: sorted keys into a table that has many.
func BenchmarkPutKeys(b *testing.B) {
	s := openServer(b, b.TempDir())
	const batch = 256
	keys := make([]intake.Key, batch)
	n := 0
	for b.Loop() {
		for i := range keys {
			keys[i] = intake.Key{Kind: intake.ByPripID, Value: fmt.Sprintf("%024d", n*1_000_003%999_999_937*batch+i),
				CaseNo: int64(n)}
		}
		n++
		if err := s.Background(b.Context(), func(tx intake.Tx) error { return tx.PutKeys(keys) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "keys/s")
}

// BenchmarkOpen is the time a server takes to open a folder: a new one, and one that is there.
func BenchmarkOpen(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			openOnly(b, b.TempDir())
		}
	})
	b.Run("again", func(b *testing.B) {
		dir := b.TempDir()
		openOnly(b, dir)
		for b.Loop() {
			openOnly(b, dir)
		}
	})
}

// openOnly opens a folder as a server and closes it.
func openOnly(b *testing.B, dir string) {
	b.Helper()
	s, err := store.Open(b.Context(), dir, store.Options{Server: true})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
