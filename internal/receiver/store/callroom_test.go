package store_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/intake"
)

// The calls take no more than they may: the oldest go first, however old they are, and where the law wants them kept
// that is said aloud. Calls that fit are left alone.
func TestCallsBounded(t *testing.T) {
	for name, open := range engines() {
		t.Run(name, func(t *testing.T) { testCallsBounded(t, open(t)) })
	}
}

func testCallsBounded(t *testing.T, s intake.Store) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const n = 3000
	calls := make([]intake.Call, n)
	for i := range calls { // of about 650 bytes, with the folded number, one a day of them
		calls[i] = intake.Call{At: now.Add(-time.Duration(n-i) * 24 * time.Hour), Name: "receiveCaseinfo", AppID: 1,
			CaseID: strings.Repeat("号", 80), RequestID: fmt.Sprint(i), Source: "10.0.0.1"}
	}
	update(t, s, func(tx intake.Tx) error { return tx.PutCalls(calls) })
	d := intake.NewDesk(intake.Config{Store: s, Clock: func() time.Time { return now }})
	count := func() int {
		v := read(t, s, func(tx intake.Tx) (intake.CallVolume, error) { return tx.CallVolume(0, 2*n) })
		return int(v.Rows)
	}
	bounded := func(most int64) (l *calllog.Log, log string) {
		var lines bytes.Buffer
		l = calllog.NewLog(d, slog.New(slog.NewTextHandler(&lines, nil)), 10*n).Bound(most)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() { l.Run(ctx); close(ended) }()
		for end := time.Now().Add(time.Minute); (l.Volume() == 0 || l.Volume() > most) && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		stop()
		<-ended
		return l, lines.String()
	}
	l, log := bounded(10 << 20)
	if count() != n || !l.CutShort().IsZero() || l.Volume() < 500*n || l.Volume() > 800*n || strings.Contains(log,
		"deleted") {
		t.Errorf("%d calls of %d bytes within the bound, cut %v: %s", count(), l.Volume(), l.CutShort(), log)
	}
	l, log = bounded(1 << 20)
	if got := count(); got >= n || got < 1000 || l.Volume() > 1<<20 || !l.CutShort().IsZero() || !strings.Contains(log,
		"calls beyond log_bytes deleted") {
		t.Errorf("%d calls of %d bytes, cut %v: %s", got, l.Volume(), l.CutShort(), log)
	}
	l, log = bounded(40 << 10)
	if got := count(); got >= 180 || got == 0 && l.Volume() > 0 || l.CutShort().IsZero() || !strings.Contains(log,
		"level=WARN") {
		t.Errorf("%d calls of %d bytes, cut %v: %s", got, l.Volume(), l.CutShort(), log)
	}
	left := read(t, s, func(tx intake.Tx) ([]intake.Call, error) { return tx.Calls(intake.CallQuery{Limit: n}) })
	for i, c := range left {
		if want := fmt.Sprint(n - 1 - i); c.RequestID != want {
			t.Fatalf("call %d is %s, want %s: not the oldest went", i, c.RequestID, want)
		}
	}
}
