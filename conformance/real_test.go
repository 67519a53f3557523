package conformance_test

import (
	"context"
	crand "crypto/rand"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/sandbox"
)

// another is at the head of a test that makes a whole run of the kit besides that of TestRealServerPasses, in which the
// same runs at once: that one is enough for the race detector.
func another(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("one whole run is enough for the race detector")
	}
}

func rand() string { return crand.Text()[:8] }

// The real server passes in every dialect, and in strict spelling where it has one.
func TestRealServerPasses(t *testing.T) {
	dialects := api.Dialects()
	if testing.Short() { // under the race detector: what runs at once is the same in each
		dialects = []api.Dialect{api.All}
	}
	for _, dialect := range dialects {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d := desk(t)
			target := admit(t, d, door(t, d, nil).URL, dialect)
			report := try(t, target, conformance.Options{Large: dialect == api.All && !testing.Short()})
			for _, r := range report.Results {
				switch {
				case r.Outcome == conformance.Failed:
					t.Errorf("%s %s: %s", r.ID, r.Title, r.Reason)
				case r.Outcome != conformance.Passed:
					t.Logf("%s %s: %s %s", r.ID, r.Title, r.Outcome, r.Reason)
				}
			}
			if !strings.HasPrefix(report.Verdict(), "合格：所测各项全部通过（另有必须项") {
				t.Errorf("%s %v", report.Verdict(), report.Counts)
			}
		})
	}
}

// The sandbox, which others practise on, passes, and so does a server behind TLS with a certificate of its own.
func TestSandboxPasses(t *testing.T) {
	another(t)
	s, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	target := conformance.Target{
		URL:         s.URL,
		Credentials: conformance.Credentials{AppKey: s.AppKey, AppSecret: s.AppSecret, Account: sandbox.Account},
		Dialect:     "all",
	}
	if r := try(t, target, conformance.Options{}); !r.OK() || failed(r) != "" {
		t.Errorf("%s: %s", r.Verdict(), failed(r))
	}
}

func TestTLS(t *testing.T) {
	another(t)
	d := desk(t)
	s := httptest.NewUnstartedServer(nil)
	s.Config = httpapi.Server(httpapi.Config{Desk: d, Root: "/gate"})
	s.StartTLS()
	defer s.Close()
	target := admit(t, d, s.URL+"/gate/", api.Table)
	if _, err := conformance.Run(
		t.Context(),
		target,
		conformance.Options{},
	); !errors.Is(err, conformance.ErrUnreachable) || strings.Contains(err.Error(), "gate") {
		t.Errorf("a certificate nobody knows: %v", err)
	}
	target.Roots = x509.NewCertPool()
	target.Roots.AddCert(s.Certificate())
	if r := try(t, target, conformance.Options{Checks: []string{"3", "C", "S1", "S16"}}); !r.OK() || failed(r) != "" {
		t.Errorf("%s: %s", r.Verdict(), failed(r))
	}
}

// S7: thirty minutes are waited for only where they are asked for. A server that prolongs its tokens fails.
func TestWaitToken(t *testing.T) {
	// a clock that stands still prolongs them for ever
	for name, step := range map[string]time.Duration{"": 1, "S7-09": 0} {
		var passed atomic.Int64
		clock := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
		st, err := store.Open(t.Context(), t.TempDir(), store.Options{Server: true})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		d := intake.NewDesk(intake.Config{Store: st, Clock: clock})
		sleep := func(_ context.Context, by time.Duration) error { passed.Add(int64(by * step)); return nil }
		r := try(
			t,
			admit(t, d, door(t, d, nil).URL, api.All),
			conformance.Options{Checks: []string{"S7-09"}, WaitToken: true, Sleep: sleep},
		)
		if failed(r) != name || r.Results[0].Outcome == conformance.NotTested {
			t.Errorf("%q: %+v", name, r.Results)
		}
	}
}

// A run that is impossible is an error that says why; what was run until then is in the report.
func TestCannotRun(t *testing.T) {
	d := desk(t)
	good := admit(t, d, door(t, d, nil).URL, api.All)
	for name, c := range map[string]struct {
		change func(*conformance.Target)
		want   error
	}{
		"no such host":     {func(t *conformance.Target) { t.URL = "http://127.0.0.1:1" }, conformance.ErrUnreachable},
		"another path":     {func(t *conformance.Target) { t.URL += "/gate" }, conformance.ErrNotInterface},
		"unknown app":      {func(t *conformance.Target) { t.AppKey = "dxnone" }, conformance.ErrRefused},
		"wrong secret":     {func(t *conformance.Target) { t.AppSecret = "wrong" }, conformance.ErrRefused},
		"no secret":        {func(t *conformance.Target) { t.AppSecret = "" }, conformance.ErrTarget},
		"no URL":           {func(t *conformance.Target) { t.URL = "ftp://x" }, conformance.ErrTarget},
		"no such spelling": {func(t *conformance.Target) { t.Dialect = "x" }, conformance.ErrTarget},
	} {
		target := good
		c.change(&target)
		r, err := conformance.Run(t.Context(), target, conformance.Options{})
		if !errors.Is(err, c.want) || len(r.Results) > 0 || strings.Contains(err.Error(), good.AppSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	pages := httptest.NewServer(http.NotFoundHandler())
	defer pages.Close()
	target := good
	target.URL = pages.URL
	if _, err := conformance.Run(t.Context(), target, conformance.Options{}); !errors.Is(
		err,
		conformance.ErrNotInterface,
	) {
		t.Errorf("pages: %v", err)
	}
}

// Where the target dies, or the user has enough, the rest is not tested.
func TestInterrupted(t *testing.T) {
	d := desk(t)
	s := door(t, d, nil)
	target := admit(t, d, s.URL, api.All)
	ctx, cancel := context.WithCancel(t.Context())
	after := func(n int, f func()) func(conformance.Result) {
		return func(conformance.Result) {
			if n--; n == 0 {
				f()
			}
		}
	}
	r, err := conformance.Run(ctx, target, conformance.Options{RunID: rand(), Done: after(20, cancel)})
	if !errors.Is(err, context.Canceled) || len(r.Results) != len(conformance.Checks()) ||
		r.Counts[conformance.Passed] != 20 || r.Digest != r.Sum() || r.Whole ||
		!strings.HasPrefix(r.Verdict(), "没有结论") {
		t.Errorf("interrupted: %v %v", err, r.Counts)
	}
	r, err = conformance.Run(t.Context(), target, conformance.Options{
		RunID: rand(),
		Done:  after(20, func() { s.CloseClientConnections(); s.Listener.Close() }),
		Sleep: hurried,
	})
	if !errors.Is(err, conformance.ErrUnreachable) || r.Counts[conformance.Failed] > 6 ||
		r.Counts[conformance.NotTested] < 150 {
		t.Errorf("died: %v %v", err, r.Counts)
	}
}
