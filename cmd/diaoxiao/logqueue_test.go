package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fickleLog is the reader of a log: it reads, stands still or fails, as it is told.
type fickleLog struct {
	mu   sync.Mutex // held while the reader stands still
	text strings.Builder
	fail error
}

func (f *fickleLog) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return 0, f.fail
	}
	return f.text.Write(p)
}

func (f *fickleLog) setFailure(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *fickleLog) read() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text.String()
}

// await waits until the log has a text.
func (f *fickleLog) await(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(f.read(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the log has no %q", text)
		}
	}
}

// serveWithLog runs the command serve with this log and returns the addresses of the interface and of the figures.
func serveWithLog(t *testing.T, log *fickleLog) (base, ops string) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"}, nil, io.Discard, log)
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("exit code %d", code)
		}
	})
	log.await(t, `"listening"`)
	for line := range strings.Lines(log.read()) {
		var l listening
		if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "listening" {
			return "http://" + l.Addr, "http://" + l.Ops
		}
	}
	t.Fatal("no address in the log")
	return "", ""
}

// ask sends n requests whose log lines carry a mark; all must be answered.
func ask(t *testing.T, base, mark string, n int) {
	t.Helper()
	c := http.Client{Timeout: 5 * time.Second}
	for i := range n {
		resp, err := c.Get(fmt.Sprintf("%s/%s-%d", base, mark, i))
		if err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

// A log reader that stands still holds up no request; when it reads again, the lines that waited come, and the later ones.
func TestLogReaderStandsStill(t *testing.T) {
	log := new(fickleLog)
	base, ops := serveWithLog(t, log)
	log.mu.Lock()
	ask(t, base, "still", 2000)
	ready := status(ops + "/readyz")
	log.mu.Unlock()
	if ready != http.StatusOK {
		t.Errorf("/readyz %d", ready)
	}
	ask(t, base, "again", 1)
	log.await(t, "/still-1999")
	log.await(t, "/again-0")
}

// A write of the log that fails does not end logging: what was lost is counted, and the next lines are written.
func TestLogWriteFails(t *testing.T) {
	log := new(fickleLog)
	base, ops := serveWithLog(t, log)
	log.setFailure(errors.New("no space left on device"))
	ask(t, base, "lost", 3)
	for end := time.Now().Add(20 * time.Second); !strings.Contains(page(t, ops+"/metrics"), "diaoxiao_log_lines_lost_total 3"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("lost lines are not counted")
		}
	}
	log.setFailure(nil)
	ask(t, base, "kept", 1)
	log.await(t, "/kept-0")
	if strings.Contains(log.read(), "/lost-") {
		t.Error("a line that was counted as lost is in the log")
	}
}

func page(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The lines that wait are bounded, whole lines are lost, and the log itself says how many.
func TestLogQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := new(fickleLog)
		q := newLogQueue(out)
		log := slog.New(slog.NewJSONHandler(q, nil))
		ctx, cancel := context.WithCancel(t.Context())
		go q.report(ctx, log, time.Second)
		line := append(make([]byte, 1023), '\n')
		for range 2 * maxLogWaiting / len(line) {
			q.Write(line)
		}
		time.Sleep(3 * time.Second)
		want := int64(maxLogWaiting / len(line))
		if got := out.read(); q.lost.Load() != want || !strings.Contains(got, fmt.Sprintf(`"lines":%d`, want)) {
			t.Errorf("lost %d, want %d; the log ends %q", q.lost.Load(), want, got[max(0, len(got)-200):])
		}
		cancel()
		q.Close()
	})
}
