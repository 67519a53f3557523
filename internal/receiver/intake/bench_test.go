package intake_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// put sends one body as the front door does, kept and decoded in one pass.
func (o *office) put(who intake.Caller, data []byte) error {
	in := intake.Submission{Body: o.NewBody(), Charset: charset.UTF8, RequestID: "00000000", Source: "192.0.2.1"}
	defer in.Body.Close()
	var err error
	if in.Decoded, err = api.ReadCase(io.TeeReader(bytes.NewReader(data), in.Body), 0, nil); err != nil {
		return err
	}
	if in.Bytes, in.SHA256, err = in.Body.Sum(); err != nil {
		return err
	}
	r, err := o.Submit(context.Background(), who, in)
	if err == nil && r.Outcome != intake.Accepted {
		err = fmt.Errorf("outcome %s", r.Outcome)
	}
	return err
}

// BenchmarkSubmitSmall is 64 callers in a closed loop with cases of three entities.
func BenchmarkSubmitSmall(b *testing.B) { benchSubmitSmall(b, openOffice(b), func(int64) {}) }

// BenchmarkSubmitSmallLogged is the same with every call in the log of calls.
func BenchmarkSubmitSmallLogged(b *testing.B) {
	o := openOffice(b)
	l := calllog.NewLog(o.Desk, nil, 0)
	ctx, cancel := context.WithCancel(b.Context())
	var run sync.WaitGroup
	run.Go(func() { l.Run(ctx) })
	benchSubmitSmall(b, o, func(n int64) {
		l.Add(intake.Call{
			At:        o.now(),
			Name:      "receiveCaseinfo",
			AppID:     1,
			AppKey:    "dxaaaaaaaaaaaaaaaaaaaaaaaa",
			Account:   "张三",
			CaseID:    fmt.Sprintf("呼市监处罚〔2026〕%d号", n),
			AcceptID:  "202603200000000019",
			Outcome:   "accepted",
			Status:    200,
			Bytes:     800,
			Items:     3,
			RequestID: "0123456789abcdef",
			Source:    "192.0.2.1",
		})
	})
	b.ReportMetric(float64(l.Dropped())/float64(b.N), "dropped/case")
	cancel()
	run.Wait()
}

// benchSubmitSmall calls also after each case.
func benchSubmitSmall(b *testing.B, o *office, also func(n int64)) {
	who := o.admit(b, "甲").who
	before, after, _ := bytes.Cut(
		encode(b, func() api.Case { c := sandbox.Batch(1, 3); c.CaseID = "@"; return c }()),
		[]byte("@"),
	)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		wg.Go(func() {
			var data []byte
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				data = append(append(data[:0], before...), fmt.Sprintf("呼市监处罚〔2026〕%d号", n)...)
				data = append(data, after...)
				if err := o.put(who, data); err != nil {
					b.Error(err)
					return
				}
				also(n)
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
	b.ReportMetric(float64(b.N)/float64(o.store.Stats().Commits), "cases/commit")
	b.StopTimer()
}

// BenchmarkSubmitLarge is one caller with cases of 100,000 entities, one after the other.
func BenchmarkSubmitLarge(b *testing.B) {
	o := openOffice(b)
	who := o.admit(b, "甲").who
	data := encode(b, caseOf("@00000000", randomEntities(1, manyEntities)...))
	id := bytes.Index(data, []byte("@")) + 1
	b.SetBytes(int64(len(data)))
	b.ResetTimer()
	for n := range b.N {
		copy(data[id:], fmt.Sprintf("%08d", n))
		if err := o.put(who, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(manyEntities*b.N)/b.Elapsed().Seconds(), "entities/s")
}

const manyEntities = 100_000

// randomEntities have identifiers drawn at random from their whole range, which is the worst for an index, and no
// faults.
func randomEntities(seed uint64, n int) (list []api.Entity) {
	r := rand.New(rand.NewPCG(seed, 100))
	names := sandbox.Batch(seed, 500).PenaltyList
	for range n {
		org := fmt.Sprintf("%08d", r.IntN(100_000_000))
		code := fmt.Sprintf("91%06d", r.IntN(1_000_000)) + org + string(rules.OrgCodeCheck(org))
		list = append(list, api.Entity{PripID: fmt.Sprintf("%012d%012d", r.Int64N(1e12), r.Int64N(1e12)),
			UniscID: code + string(rules.CreditCodeCheck(code)), Legal: names[r.IntN(100)].Legal, EntType: "1130"})
	}
	return list
}

// million is a folder with the backup of a store of 1,000,000 verified entities, made once for all benchmarks that need
// it.
var million struct {
	sync.Once
	dir string
}

func TestMain(m *testing.M) {
	code := pgtest.Main(m)
	os.RemoveAll(million.dir)
	os.RemoveAll(province.dir)
	os.Exit(code)
}

// filled is a closed data folder that holds nothing but an app, or a million entities beside.
func filled(b *testing.B, full bool) (dir string) {
	b.Helper()
	dir = filepath.Join(b.TempDir(), "data")
	if !full {
		return dir
	}
	million.Do(func() {
		o := openOffice(b)
		who := o.admit(b, "乙")
		for i := range 10 {
			o.send(b, who, caseOf(fmt.Sprint("earlier ", i), randomEntities(uint64(1000+i), 100_000)...))
		}
		o.verify(b)
		var err error
		if million.dir, err = os.MkdirTemp("", "million"); err != nil {
			b.Fatal(err)
		}
		if err := o.store.Backup(b.Context(), filepath.Join(million.dir, "backup.db")); err != nil {
			b.Fatal(err)
		}
		o.store.Close()
	})
	if err := store.Restore(
		b.Context(),
		filepath.Join(million.dir, "backup.db"),
		dir,
		store.Options{},
		asItIs,
	); err != nil {
		b.Fatal(err)
	}
	return dir
}

// besideAMillion runs a benchmark over an empty store and over one that already holds a million entities.
func besideAMillion(b *testing.B, run func(b *testing.B, full bool)) {
	b.Run("empty", func(b *testing.B) { run(b, false) })
	b.Run("million", func(b *testing.B) {
		if testing.Short() {
			b.Skip("makes a store of a million entities first")
		}
		run(b, true)
	})
}

// BenchmarkVerify100k is the verifier with one case of 100,000 entities: reading the body, the rules, the look for
// repeats, rows, keys and findings. Compare its entities/s with those of BenchmarkBareInsert100k.
func BenchmarkVerify100k(b *testing.B) {
	besideAMillion(b, func(b *testing.B, full bool) {
		benchVerify(b, func() string { return filled(b, full) })
	})
}

// benchVerify verifies one case of 100,000 entities in each of the places that it is given.
func benchVerify(b *testing.B, place func() string) {
	c := caseOf("a", randomEntities(7, manyEntities)...)
	for range b.N {
		b.StopTimer()
		o := &office{dir: place()}
		o.open(b)
		o.send(b, o.admit(b, "甲"), c)
		v := verify.New(o.Desk, nil)
		b.StartTimer()
		if err := v.Pass(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if _, n := v.Progress(); n != manyEntities {
			b.Fatalf("%d entities", n)
		}
		o.store.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(manyEntities*b.N)/b.Elapsed().Seconds(), "entities/s")
}

// BenchmarkBareInsert100k is what a plain program would do to put the same rows into the same tables: one transaction
// of prepared single-row INSERTs, in the order of the list, under the same settings.
func BenchmarkBareInsert100k(b *testing.B) {
	list := randomEntities(7, manyEntities)
	besideAMillion(b, func(b *testing.B, full bool) {
		for range b.N {
			b.StopTimer()
			dir := filled(b, full)
			s, err := store.Open(b.Context(), dir, store.Options{Server: true})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
			db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "diaoxiao.db")+
				"?_pragma=journal_mode(WAL)&_pragma=synchronous(2)"+
				"&_pragma=cache_size(-8192)&_pragma=temp_store(MEMORY)")
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if err := insertBare(db, list); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			db.Close()
			b.StartTimer()
		}
		b.ReportMetric(float64(manyEntities*b.N)/b.Elapsed().Seconds(), "entities/s")
	})
}

func insertBare(db *sql.DB, list []api.Entity) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	row, err := tx.Prepare(
		"INSERT INTO entity (case_no, pos, pripid, uniscid, legal, enttype) VALUES (?, ?, ?, ?, ?, ?)",
	)
	if err != nil {
		return err
	}
	key, err := tx.Prepare("INSERT INTO entity_key (kind, value, case_no, pos) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	const caseNo = 1_000_000
	for i, e := range list {
		if _, err := row.Exec(caseNo, i, e.PripID, e.UniscID, e.Legal, e.EntType); err != nil {
			return err
		}
		for kind, value := range []string{e.UniscID, e.PripID, e.Legal} {
			if _, err := key.Exec(kind+1, value, caseNo, i); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}
