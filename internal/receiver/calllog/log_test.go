package calllog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// office is a store with a log of calls over it.
type office struct {
	*store.Store
	dir   string // of the spool
	most  int64  // its bytes
	lines bytes.Buffer
	log   *calllog.Log
	stop  func()
	added int
	left  int64 // out, by logs that have ended
}

func open(t *testing.T) *office {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &office{Store: s, dir: filepath.Join(t.TempDir(), "calls")}
}

// start starts a log, as the start of a server does.
func (o *office) start() {
	d := intake.NewDesk(intake.Config{Store: o.Store})
	o.log = calllog.NewLog(d, slog.New(slog.NewTextHandler(&o.lines, nil)), 0).Spool(o.dir, o.most)
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { o.log.Run(ctx) })
	o.stop = func() {
		cancel()
		run.Wait()
		o.left += o.log.Dropped()
	}
}

// first is when the first call comes; each comes a millisecond after the one before.
var first = time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond)

// add adds the next n calls.
func (o *office) add(n int) {
	for range n {
		o.log.Add(intake.Call{At: first.Add(time.Duration(o.added) * time.Millisecond), Name: "receiveCaseinfo",
			AppID: 1, Account: "张三", CaseID: fmt.Sprintf("呼市监处罚〔2026〕%d号", o.added), Outcome: "accepted",
			Status: 200, Bytes: 800, Items: 3, Took: 1234567 * time.Nanosecond, RequestID: fmt.Sprint(o.added),
			Source: "192.0.2.1"})
		o.added++
	}
}

// busy keeps the writer of the store at work until the returned function is called.
func (o *office) busy() (rest func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for ctx.Err() == nil {
				o.Update(ctx, func(intake.Tx) error { time.Sleep(time.Millisecond); return nil })
			}
		})
	}
	return func() { cancel(); work.Wait() }
}

// drained waits until no call waits.
func (o *office) drained(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); o.log.Waiting() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d calls wait still", o.log.Waiting())
		}
	}
}

// recorded are the numbers of the calls in the database, in the order in which they were written.
func (o *office) recorded(t *testing.T) (ns []int) {
	t.Helper()
	calls := calllog.NewCalls(intake.NewDesk(intake.Config{Store: o.Store}))
	byNo := make(map[int64]int)
	last := int64(0)
	for c, err := range calls.EachCall(t.Context(), intake.Actor("cli:x"), intake.CallQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		n := int(c.At.Sub(first).Milliseconds())
		if c.RequestID != fmt.Sprint(n) || c.CaseID != fmt.Sprintf("呼市监处罚〔2026〕%d号", n) || c.Took != 1234567/1000*
			time.Microsecond || c.Bytes != 800 || c.Items != 3 || c.Status != 200 || c.AppID != 1 {
			t.Fatalf("call %d: %+v", n, c)
		}
		byNo[c.No], last = n, max(last, c.No)
	}
	for no := int64(1); no <= last; no++ {
		ns = append(ns, byNo[no])
	}
	return ns
}

// Five thousand calls a second beside a writer that is busy all the time, and ends and starts in between: all are
// recorded once it is calm, in their order, none twice.
func TestBusyTimeLosesNothing(t *testing.T) {
	o := open(t)
	rest := o.busy()
	for range 2 {
		o.start()
		for began, n := time.Now(), 0; n < 12_500; time.Sleep(5 * time.Millisecond) {
			due := min(12_500, int(time.Since(began).Seconds()*5000))
			o.add(due - n)
			n = due
		}
		o.stop()
		if files, _ := os.ReadDir(o.dir); len(files) == 0 {
			t.Error("nothing waits in a file")
		}
	}
	rest()
	o.start()
	o.drained(t)
	o.stop()
	got := o.recorded(t)
	if len(got) != o.added || o.left != 0 {
		t.Errorf("%d calls recorded of %d, %d left out", len(got), o.added, o.left)
	}
	for i, n := range got {
		if i != n {
			t.Fatalf("call %d was recorded as number %d\n%s", n, i, o.lines.String())
		}
	}
	if _, err := os.Stat(o.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the spool is left: %v", err)
	}
}

// held has the writer of the store wait until the returned function is called.
func (o *office) held() (release func()) {
	holding, free := make(chan bool), make(chan bool)
	var wait sync.WaitGroup
	wait.Go(func() {
		o.Update(context.Background(), func(intake.Tx) error { close(holding); <-free; return nil })
	})
	<-holding
	return func() { close(free); wait.Wait() }
}

// Calls for which neither memory nor the spool has room are counted, and the rest is recorded in its order.
func TestBeyondTheBound(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(o *office)
		held    int // calls at least
		says    string
	}{
		"spool full": {func(o *office) { o.most = 1 }, 25_000, "the spool is full"},
		"no spool": {func(o *office) {
			if err := os.WriteFile(o.dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, 20_000, "calls wait in memory only"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			c.prepare(o)
			release := o.held()
			o.start()
			for range 60 {
				o.add(1000)
				time.Sleep(5 * time.Millisecond)
			}
			left := int(o.log.Dropped())
			if held := o.log.Waiting(); held < c.held || held+left != o.added {
				t.Errorf("%d calls wait, %d were left out", held, left)
			}
			release()
			o.drained(t)
			o.stop()
			got := o.recorded(t)
			if len(got)+left != o.added || left == 0 || !strings.Contains(o.lines.String(), c.says) {
				t.Errorf("%d calls recorded, %d left out: %s", len(got), left, o.lines.String())
			}
			for i := range got[:len(got)-1] {
				if got[i] >= got[i+1] {
					t.Fatalf("call %d was recorded before call %d", got[i], got[i+1])
				}
			}
		})
	}
}

// Of a file that is not whole, as a power cut may leave it, the calls are counted as left out; the others are taken
// over.
func TestDamagedSpool(t *testing.T) {
	o := open(t)
	rest := o.busy()
	o.start()
	for range 6 {
		o.add(5000)
		time.Sleep(200 * time.Millisecond)
	}
	o.stop()
	files, err := filepath.Glob(filepath.Join(o.dir, "*.calls"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	before := len(o.recorded(t))
	lost := files[1]
	if err := os.Truncate(lost, 1000); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0]+".new", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	rest()
	o.start()
	o.drained(t)
	o.stop()
	got := o.recorded(t)
	if o.left == 0 || len(got)+int(o.left) != o.added || !strings.Contains(filepath.Base(lost), fmt.Sprint("-",
		o.left, ".")) {
		t.Errorf("%d and then %d calls recorded of %d, %d left out for %s", before, len(got), o.added, o.left, lost)
	}
}
