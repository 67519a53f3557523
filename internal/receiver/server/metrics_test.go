package server

import (
	"bufio"
	"context"
	"diaoxiao/internal/receiver/receivertest"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/sandbox"
)

// figures are the values of /metrics by name and labels.
type figures map[string]float64

func (r *running) scrape(t *testing.T) figures {
	t.Helper()
	c := http.Client{Timeout: 10 * time.Second}
	res, err := c.Get("http://" + r.OpsAddr.String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	f := make(figures)
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if name, value, ok := cutLast(lines.Text()); ok && !strings.HasPrefix(name, "#") {
			if f[name], err = strconv.ParseFloat(value, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

func cutLast(line string) (before, after string, ok bool) {
	at := strings.LastIndexByte(line, ' ')
	if at < 0 {
		return "", "", false
	}
	return line[:at], line[at+1:], true
}

// awaitFigures scrapes until the figures are as wanted.
func (r *running) awaitFigures(t *testing.T, what string, want func(figures) bool) figures {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		f := r.scrape(t)
		if want(f) {
			return f
		}
		if time.Now().After(end) {
			t.Fatalf("%s; /metrics: %v", what, f)
		}
	}
}

// The metrics count everything that happens to cases, whichever engine keeps them.
func TestMetrics(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { testMetrics(t, nil) })
	t.Run("postgres", func(t *testing.T) {
		url := pgtest.Shared(t).Database(t)
		testMetrics(t, func(c *config.Settings) { c.Database = url })
	})
}

func testMetrics(t *testing.T, change func(*config.Settings)) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.OpsListen = "127.0.0.1:0"
		if change != nil {
			change(c)
		}
	})
	r.admit(t, "应用甲")
	before := r.scrape(t)
	body := receivertest.CaseBody(sandbox.Batch(1, 3))
	r.Receive(t, body)
	r.Receive(t, body)
	if _, err := r.Exchange(t.Context(), api.Receive, r.Token, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	r.verified(t)
	after := r.awaitFigures(t, "not counted as verified",
		func(f figures) bool { return f["diaoxiao_verified_cases_total"] >= 1 })
	for name, more := range map[string]float64{
		`diaoxiao_requests_total{call="receiveCaseinfo",code="",outcome="accepted"}`:     1,
		`diaoxiao_requests_total{call="receiveCaseinfo",code="",outcome="repeated"}`:     1,
		`diaoxiao_requests_total{call="receiveCaseinfo",code="14000",outcome="refused"}`: 1,
		`diaoxiao_request_seconds_count{call="receiveCaseinfo"}`:                         3,
		"diaoxiao_body_bytes_total":        float64(2*len(body) + 2),
		"diaoxiao_accepted_entities_total": 3,
		"diaoxiao_verified_cases_total":    1,
		"diaoxiao_verified_entities_total": 3,
		"diaoxiao_store_unknown_total":     0,
		"diaoxiao_store_rejected_total":    0,
	} {
		if got, there := after[name]; !there || got-before[name] != more {
			t.Errorf("%s: %v, then %v, want %v more", name, before[name], got, more)
		}
	}
	for _, name := range []string{"diaoxiao_store_commits_total", "diaoxiao_store_updates_total",
		"diaoxiao_store_busy_seconds_total", "diaoxiao_store_commit_seconds_total"} {
		if after[name] <= before[name] {
			t.Errorf("%s: %v, then %v", name, before[name], after[name])
		}
	}
	for name, want := range map[string]float64{"diaoxiao_ready": 1, "diaoxiao_store_failed": 0,
		"diaoxiao_store_waiting": 0} {
		if got, there := after[name]; !there || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// The metrics show at once that a standby does not answer, and /metrics itself still answers.
func TestMetricsOfOutage(t *testing.T) {
	t.Parallel() // it waits for a commit to be given up
	s := pgtest.Start(t)
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.Database, c.OpsListen = s.Database(t), "127.0.0.1:0" })
	if f := r.scrape(t); f["diaoxiao_store_replicated"] != 0 {
		t.Errorf("replicated without standbys: %v", f)
	}
	s.Synchronous(t, "nobody")
	f := r.awaitFigures(t, "no commit was given up",
		func(f figures) bool { return f["diaoxiao_store_unknown_total"] > 0 })
	for name, want := range map[string]float64{"diaoxiao_ready": 0, "diaoxiao_store_failed": 1,
		"diaoxiao_store_replicated": 1} {
		if f[name] != want {
			t.Errorf("%s: %v, want %v", name, f[name], want)
		}
	}
	s.Synchronous(t, "")
}

// The metrics count each wait for a connection of the pool, and its time.
func TestMetricsOfPool(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.Database, c.OpsListen = pgtest.Shared(t).Database(t), "127.0.0.1:0"
	})
	before := r.scrape(t)
	release, done := make(chan struct{}), make(chan error)
	const readers = 10 // more than there are connections
	for range readers {
		go func() {
			done <- r.store.View(context.WithoutCancel(t.Context()), func(intake.Tx) error { <-release; return nil })
		}()
	}
	full := r.awaitFigures(t, "the pool is not used up", func(f figures) bool {
		return f["diaoxiao_store_pool_in_use"] == f["diaoxiao_store_pool_connections"] &&
			f["diaoxiao_store_pool_in_use"] >= 6
	})
	time.AfterFunc(100*time.Millisecond, func() { close(release) })
	for range readers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	after := r.scrape(t)
	for _, name := range []string{"diaoxiao_store_pool_waits_total", "diaoxiao_store_pool_wait_seconds_total"} {
		if after[name] <= before[name] {
			t.Errorf("%s: %v, then %v, with a full pool %v", name, before[name], after[name], full[name])
		}
	}
}

// Every figure of an engine has a name.
func TestStateNames(t *testing.T) {
	url := pgtest.Shared(t).Database(t)
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, st := range s.Stats().State {
		if stateNames[st.Name].name == "" {
			t.Errorf("%s has no name", st.Name)
		}
	}
	if len(s.Stats().State) != len(stateNames) {
		t.Errorf("%d figures, %d names", len(s.Stats().State), len(stateNames))
	}
}

// The number of cases that wait for verification, and since when, are those of the last reading that succeeded.
func TestBacklog(t *testing.T) {
	dir, _ := filled(t)
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	desk, b := intake.NewDesk(intake.Config{Store: s}), newBacklog()
	v := verify.New(desk, nil)
	look := func(cases int, waits bool) {
		t.Helper()
		b.read(t.Context(), v)
		if w, age := b.look(), b.age(time.Now()); w.cases != cases || (age > 0) != waits ||
			time.Since(w.read) > time.Minute {
			t.Errorf("%+v, age %s, want %d cases", w, age, cases)
		}
	}
	look(0, false)
	if err := verify.NewExaminer(desk).Reverify(t.Context(), intake.Actor("cli:test")); err != nil {
		t.Fatal(err)
	}
	look(3, true)
	if err := v.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	look(0, false)
	if err := verify.NewExaminer(desk).Reverify(t.Context(), intake.Actor("cli:test")); err != nil {
		t.Fatal(err)
	}
	look(3, true)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	before := b.look()
	if b.read(gone, v); b.look() != before {
		t.Errorf("a failed reading changed %+v to %+v", before, b.look())
	}
}
