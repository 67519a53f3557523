package client_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// site is the real receiver and, before it, a proxy that the test may make misbehave.
type site struct {
	*sandbox.Server
	proxy     *httptest.Server
	mu        sync.Mutex
	exchanges []client.Exchange
	waits     []time.Duration
	requests  []string // "login", "receiveCaseinfo", … as they arrived at the proxy
	bodies    [][sha256.Size]byte
	// spoil may answer a request itself, before or after the real receiver has; n counts the requests of its call from
	// 1.
	spoil func(w http.ResponseWriter, call string, n int, real func() *httptest.ResponseRecorder) (done bool)
	now   atomic.Int64
}

func openSite(t testing.TB) *site {
	t.Helper()
	s := &site{}
	var err error
	if s.Server, err = sandbox.Start(t.Context(), sandbox.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Server.Close() })
	target, _ := url.Parse(s.URL)
	real := httputil.NewSingleHostReverseProxy(target)
	s.proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := strings.TrimPrefix(r.URL.Path, "/security/")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		s.mu.Lock()
		s.requests = append(s.requests, call)
		if call == string(api.Receive) {
			s.bodies = append(s.bodies, sha256.Sum256(body))
		}
		n := 0
		for _, c := range s.requests {
			if c == call {
				n++
			}
		}
		spoil := s.spoil
		s.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		forward := func() *httptest.ResponseRecorder {
			rec := httptest.NewRecorder()
			real.ServeHTTP(rec, r)
			return rec
		}
		if spoil != nil && spoil(w, call, n, forward) {
			return
		}
		real.ServeHTTP(w, r)
	}))
	t.Cleanup(s.proxy.Close)
	return s
}

// loseAnswer spoils a site: the real receiver accepts a case, and its answer does not come back.
func loseAnswer(_ http.ResponseWriter, call string, _ int, real func() *httptest.ResponseRecorder) bool {
	if call == string(api.Receive) {
		real()
		panic(http.ErrAbortHandler)
	}
	return false
}

// client is a client of the proxy that waits for nothing.
func (s *site) client(t testing.TB, change ...func(*client.Config)) *client.Client {
	t.Helper()
	start := time.Now()
	conf := client.Config{URL: s.proxy.URL, AppKey: s.AppKey, Account: s.Accounts[0],
		Secret:  func(context.Context) (string, error) { return s.AppSecret, nil },
		Now:     func() time.Time { return start.Add(time.Duration(s.now.Load())) },
		Random:  func() float64 { return 0.5 },
		Silence: 5 * time.Second,
		Sleep: func(ctx context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.waits = append(s.waits, d)
			return ctx.Err()
		},
		Observe: func(e client.Exchange) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.exchanges = append(s.exchanges, e)
		}}
	for _, f := range change {
		f(&conf)
	}
	c, err := client.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// held is what the receiver holds, by a client that nothing spoils.
func (s *site) held(t testing.TB) (all []api.CaseEntry) {
	t.Helper()
	c := s.client(t, func(conf *client.Config) { conf.URL = s.URL; conf.Observe = nil })
	for e, err := range c.Cases(t.Context(), api.ListRequest{Limit: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// holdOnce holds that the receiver holds exactly this case, under this acceptid.
func (s *site) holdOnce(t testing.TB, r client.Acceptance) {
	t.Helper()
	all := s.held(t)
	if len(all) != 1 || all[0].AcceptID != r.AcceptID || all[0].SHA256 != hex.EncodeToString(r.SHA256[:]) {
		t.Errorf("the receiver holds %+v, the sender was told %s %x", all, r.AcceptID, r.SHA256)
	}
	for _, b := range s.bodies[1:] {
		if b != s.bodies[0] {
			t.Error("two different bodies were sent")
		}
	}
}

func bytesOf(c api.Case) client.Body {
	var b strings.Builder
	if err := api.WriteCase(&b, c, nil); err != nil {
		panic(err)
	}
	return client.Bytes([]byte(b.String()))
}
