package server

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The lines that wait are bounded, whole lines are lost, and the log itself says how many.
func TestLogQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := new(strings.Builder)
		q := newLogQueue(out)
		log := slog.New(slog.NewJSONHandler(q, nil))
		ctx, cancel := context.WithCancel(t.Context())
		go reportMissing(ctx, log, time.Second, q.lost.Load, func() int64 { return 0 })
		line := append(make([]byte, 1023), '\n')
		for range 2 * maxLogWaiting / len(line) {
			q.Write(line)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		want := int64(maxLogWaiting / len(line))
		if got := out.String(); q.lost.Load() != want || !strings.Contains(got, fmt.Sprintf(`"lines":%d`, want)) {
			t.Errorf("lost %d, want %d; the log ends %q", q.lost.Load(), want, got[max(0, len(got)-200):])
		}
		cancel()
		q.Close()
	})
}
