package client_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
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
	// spoil may answer a request itself, before or after the real receiver has; n counts the requests of its call from 1.
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
func (s *site) holdOnce(t testing.TB, r client.Receipt) {
	t.Helper()
	all := s.held(t)
	if len(all) != 1 || all[0].AcceptID != r.AcceptID || all[0].SHA256 != hex.EncodeToString(r.SHA256[:]) {
		t.Errorf("the receiver holds %+v, the receipt is %s %x", all, r.AcceptID, r.SHA256)
	}
	for _, b := range s.bodies[1:] {
		if b != s.bodies[0] {
			t.Error("two different bodies were sent")
		}
	}
}

// What a call of each kind does when all is well.
func TestCalls(t *testing.T) {
	s := openSite(t)
	c := s.client(t)
	sent := sandbox.Batch(1, 20)
	r, err := c.Receive(t.Context(), client.Case(sent))
	if err != nil || len(r.AcceptID) != 18 || r.Attempts != 1 || r.RequestID == "" {
		t.Fatalf("%+v %v", r, err)
	}
	s.holdOnce(t, r)
	again, err := c.Receive(t.Context(), client.Case(sent))
	if err != nil || again.AcceptID != r.AcceptID || again.SHA256 != r.SHA256 || again.Bytes != r.Bytes {
		t.Errorf("repeat: %+v, %v; want %+v", again, err, r)
	}
	for _, q := range []api.QueryRequest{{AcceptID: r.AcceptID}, {CaseID: sent.CaseID}} {
		if e, err := c.Query(t.Context(), q); err != nil || e.AcceptID != r.AcceptID || e.CaseID != sent.CaseID || e.Items != 20 {
			t.Errorf("query %+v: %+v %v", q, e, err)
		}
	}
	if err := errors.Join(c.Logout(t.Context()), c.Logout(t.Context())); err != nil {
		t.Error(err)
	}
	if got := strings.Join(s.requests, " "); got != "login receiveCaseinfo receiveCaseinfo queryCaseinfo queryCaseinfo logout" {
		t.Errorf("requests: %s", got)
	}
}

// A refusal is the same typed error at both ends, definite, and not repeated.
func TestRefusals(t *testing.T) {
	s := openSite(t)
	c := s.client(t)
	if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(1, 2))); err != nil {
		t.Fatal(err)
	}
	for want, b := range map[api.Code]client.Body{
		api.Conflict:      client.Case(sandbox.Batch(1, 3)),
		api.EmptyCaseName: client.Bytes([]byte(`{"caseid":"2"}`)),
		api.InvalidJSON:   client.Bytes([]byte(`caseid=2`)),
		api.WrongType:     client.Bytes([]byte(`{"caseid":2}`)),
	} {
		before := len(s.requests)
		r, err := c.Receive(t.Context(), b)
		refusal, ok := errors.AsType[*api.Refusal](err)
		e, ok2 := errors.AsType[*client.Error](err)
		if !ok || !ok2 || !errors.Is(err, want) || errors.Is(err, client.ErrUnknown) || r.AcceptID != "" || len(s.requests) != before+1 {
			t.Fatalf("%s: %+v, %v after %d requests", want, r, err, len(s.requests)-before)
		}
		if e.Call != api.Receive || e.RequestID == "" || e.Attempts != 1 || refusal.Problems[0].Field == "" && want == api.WrongType {
			t.Errorf("%+v", e)
		}
	}
	if _, err := c.Query(t.Context(), api.QueryRequest{CaseID: "none"}); !errors.Is(err, api.NoSuchCase) {
		t.Error(err)
	}
	for want, change := range map[api.Code]func(*client.Config){
		api.InvalidAppKey: func(c *client.Config) { c.AppKey = "none" },
		api.InvalidLogin:  func(c *client.Config) { c.Account = "none" },
	} {
		if _, err := s.client(t, change).Receive(t.Context(), client.Case(sandbox.Batch(1, 2))); !errors.Is(err, want) || errors.Is(err, client.ErrUnknown) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if len(s.held(t)) != 1 {
		t.Error("a refused case is held")
	}
}

// ways are ways in which the first two attempts go wrong; a client gets its receipt nevertheless, and the case is there once.
var ways = map[string]func(w http.ResponseWriter, real func() *httptest.ResponseRecorder){
	"reply lost after commit": func(_ http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		real()
		panic(http.ErrAbortHandler)
	},
	"reset before": func(http.ResponseWriter, func() *httptest.ResponseRecorder) { panic(http.ErrAbortHandler) },
	"a cut answer after commit": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		body := real().Body.String()
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		io.WriteString(w, body[:len(body)/2])
	},
	"truncated JSON after commit": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		io.WriteString(w, real().Body.String()[:60])
	},
	"no answer at all after commit": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) { real() },
	"a page of a proxy, 502": func(w http.ResponseWriter, _ func() *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(502)
		io.WriteString(w, "<html><title>502 Bad Gateway</title></html>")
	},
	"a page of a proxy, 200": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		real()
		io.WriteString(w, `<HTML>{"ackCode":"SUCCESS","acceptid":"1"}</HTML>`)
	},
	"a redirect": func(w http.ResponseWriter, _ func() *httptest.ResponseRecorder) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(307)
	},
	"19009 after commit": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		real()
		refuse(w, 503, api.Unavailable, "7")
	},
	"19009": func(w http.ResponseWriter, _ func() *httptest.ResponseRecorder) { refuse(w, 503, api.Unavailable, "7") },
	"19008": func(w http.ResponseWriter, _ func() *httptest.ResponseRecorder) {
		refuse(w, 429, api.TooManyRequests, "7")
	},
	"SUCCESS with HTTP 500": func(w http.ResponseWriter, real func() *httptest.ResponseRecorder) {
		w.WriteHeader(500)
		w.Write(real().Body.Bytes())
	},
	"13000": func(w http.ResponseWriter, _ func() *httptest.ResponseRecorder) { refuse(w, 200, api.InvalidToken, "") },
}

func refuse(w http.ResponseWriter, status int, code api.Code, after string) {
	if after != "" {
		w.Header().Set("Retry-After", after)
	}
	w.WriteHeader(status)
	w.Write(api.All.Append(nil, api.Answer{Call: api.Receive, Problems: []api.Problem{{Code: code}}}))
}

func TestReceiveGetsThrough(t *testing.T) {
	for name, way := range ways {
		for kind, body := range map[string]client.Body{"known length": bytesOf(sandbox.Batch(3, 400)), "chunked": client.Case(sandbox.Batch(3, 400))} {
			t.Run(name+" "+kind, func(t *testing.T) {
				s := openSite(t)
				s.spoil = func(w http.ResponseWriter, call string, n int, real func() *httptest.ResponseRecorder) bool {
					if call != string(api.Receive) || n > 2 {
						return false
					}
					way(w, real)
					return true
				}
				r, err := s.client(t).Receive(t.Context(), body)
				if err != nil || r.Attempts != 3 {
					t.Fatalf("%+v %v", r, err)
				}
				s.holdOnce(t, r)
				if strings.HasPrefix(name, "1900") && !slices.Equal(s.waits, []time.Duration{7 * time.Second, 7 * time.Second}) {
					t.Errorf("waits %v after Retry-After: 7", s.waits)
				}
			})
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

// When the attempts are used up, an outcome that is open stays open: neither success nor refusal.
func TestUnknownStaysUnknown(t *testing.T) {
	unknown := map[string]bool{"19008": false, "13000": false}
	for name, way := range ways {
		want, named := unknown[name]
		want = want || !named
		t.Run(name, func(t *testing.T) {
			s := openSite(t)
			s.spoil = func(w http.ResponseWriter, call string, _ int, real func() *httptest.ResponseRecorder) bool {
				if call == string(api.Receive) {
					way(w, real)
				}
				return call == string(api.Receive)
			}
			r, err := s.client(t, func(c *client.Config) { c.Attempts = 3 }).Receive(t.Context(), client.Case(sandbox.Batch(3, 4)))
			if errors.Is(err, client.ErrUnknown) != want || err == nil || r != (client.Receipt{}) {
				t.Errorf("%+v %v; unknown: %v", r, err, want)
			}
			if e, ok := errors.AsType[*client.Error](err); !ok || e.Attempts != 3 || e.Call != api.Receive {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What is refused after an open attempt is refused where the code is the interface's, and open where it is not: another
// server may call a repeat an error.
func TestRefusalAfterOpenAttempt(t *testing.T) {
	for code, want := range map[api.Code]bool{api.Conflict: false, api.EmptyCaseID: false, "40001": true, "": true} {
		s := openSite(t)
		s.spoil = func(w http.ResponseWriter, call string, n int, real func() *httptest.ResponseRecorder) bool {
			if call != string(api.Receive) {
				return false
			}
			if real(); n == 1 {
				panic(http.ErrAbortHandler)
			}
			refuse(w, 200, code, "")
			return true
		}
		_, err := s.client(t).Receive(t.Context(), client.Case(sandbox.Batch(3, 4)))
		if _, ok := errors.AsType[*api.Refusal](err); !ok || errors.Is(err, client.ErrUnknown) != want {
			t.Errorf("%q: %v; unknown: %v", code, err, want)
		}
	}
	s := openSite(t)
	s.spoil = func(_ http.ResponseWriter, call string, n int, real func() *httptest.ResponseRecorder) bool {
		if call == string(api.Receive) {
			real()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	c := s.client(t, func(c *client.Config) {
		n := 0
		c.Secret = func(context.Context) (string, error) {
			n++
			return map[bool]string{true: s.AppSecret, false: "replaced"}[n == 1], nil
		}
		c.Sleep = func(context.Context, time.Duration) error { s.now.Add(int64(time.Hour)); return nil }
	})
	if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(3, 4))); !errors.Is(err, client.ErrUnknown) || !errors.Is(err, api.InvalidLogin) {
		t.Errorf("no new login after an open attempt: %v", err)
	}
}

// Nothing but identical bytes is repeated.
func TestChangedBodyIsNotSent(t *testing.T) {
	s := openSite(t)
	s.spoil = func(_ http.ResponseWriter, call string, _ int, real func() *httptest.ResponseRecorder) bool {
		if call == string(api.Receive) {
			real()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	n := 0
	c := sandbox.Batch(4, 300)
	body := client.List(c, func() iter.Seq2[api.Entity, error] {
		return func(yield func(api.Entity, error) bool) {
			if n++; n > 1 {
				c.PenaltyList[200].Legal = "另一人"
			}
			for _, e := range c.PenaltyList {
				if !yield(e, nil) {
					return
				}
			}
		}
	})
	_, err := s.client(t).Receive(t.Context(), body)
	if !errors.Is(err, client.ErrChanged) || !errors.Is(err, client.ErrUnknown) || len(s.bodies) != 1 {
		t.Errorf("%v after %d bodies", err, len(s.bodies))
	}
}

// A body that fails by itself is not tried again, and its case is not there.
func TestBodyThatFails(t *testing.T) {
	s := openSite(t)
	broken := errors.New("第7行读不出")
	list := func() iter.Seq2[api.Entity, error] {
		return func(yield func(api.Entity, error) bool) {
			for _, e := range sandbox.Batch(4, 3000).PenaltyList {
				if !yield(e, nil) {
					return
				}
			}
			yield(api.Entity{}, broken)
		}
	}
	for name, b := range map[string]client.Body{
		"list":             client.List(sandbox.Batch(4, 0), list),
		"too short":        {Open: bytesOf(sandbox.Batch(4, 3)).Open, Size: 100000},
		"cannot be opened": {Open: func() (io.ReadCloser, error) { return nil, broken }},
	} {
		before := len(s.exchanges)
		if _, err := s.client(t).Receive(t.Context(), b); err == nil || name != "too short" && !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(s.exchanges) - before; n != 2 { // login and one attempt
			t.Errorf("%s: %d exchanges", name, n)
		}
	}
	if all := s.held(t); len(all) > 0 {
		t.Errorf("%+v is held", all)
	}
}

// A session is shared by all calls, renewed before it ends and after the server has forgotten it.
func TestSession(t *testing.T) {
	s := openSite(t)
	c := s.client(t)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(uint64(100+i), 2))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	logins := func() (n int) {
		for _, r := range s.requests {
			if r == string(api.Login) {
				n++
			}
		}
		return n
	}
	if logins() != 1 {
		t.Errorf("%d logins for 16 calls at once", logins())
	}
	receive := func() {
		t.Helper()
		if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(100, 2))); err != nil {
			t.Fatal(err)
		}
	}
	s.now.Store(int64(26 * time.Minute))
	if receive(); logins() != 1 {
		t.Errorf("a new login after 26 minutes")
	}
	s.now.Store(int64(28 * time.Minute))
	if receive(); logins() != 2 {
		t.Errorf("%d logins after 28 minutes, want 2", logins())
	}
	s.spoil = func(w http.ResponseWriter, call string, n int, _ func() *httptest.ResponseRecorder) bool {
		if call == string(api.Receive) && n == len(s.bodies) && logins() == 2 {
			refuse(w, 200, api.InvalidToken, "")
			return true
		}
		return false
	}
	if receive(); logins() != 3 || len(s.waits) > 0 {
		t.Errorf("%d logins after 13000, waits %v", logins(), s.waits)
	}
}

// Each dialect is read.
func TestDialects(t *testing.T) {
	s := openSite(t)
	for i, app := range s.Apps {
		c := s.client(t, func(c *client.Config) {
			c.AppKey, c.Secret = app.AppKey, func(context.Context) (string, error) { return app.AppSecret, nil }
		})
		r, err := c.Receive(t.Context(), client.Case(sandbox.Batch(uint64(i), 2)))
		if err != nil {
			t.Errorf("%s: %v", app.Dialect, err)
			continue
		}
		if e, err := c.Query(t.Context(), api.QueryRequest{AcceptID: r.AcceptID}); err != nil || e.AcceptID != r.AcceptID {
			t.Errorf("%s: %+v %v", app.Dialect, e, err)
		}
		if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(uint64(i), 3))); !errors.Is(err, api.Conflict) {
			t.Errorf("%s: %v", app.Dialect, err)
		}
		if err := c.Logout(t.Context()); err != nil {
			t.Errorf("%s: %v", app.Dialect, err)
		}
	}
}

// Nothing was sent where no connection came about; what cannot get better is not tried again.
func TestUnreachable(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = nil
	s := openSite(t)
	for address, attempts := range map[string]int{"http://" + gone.Addr().String(): 3, secure.URL: 1, "https://" + strings.TrimPrefix(s.URL, "http://"): 1} {
		c := s.client(t, func(c *client.Config) { c.URL, c.Attempts = address, 3 })
		_, err := c.Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		e, ok := errors.AsType[*client.Error](err)
		if !ok || !errors.Is(err, client.ErrUnreachable) || errors.Is(err, client.ErrUnknown) || e.Attempts != attempts {
			t.Errorf("%s: %v (%+v)", address, err, e)
		}
	}
}

// A private CA is trusted where it is given.
func TestPrivateCA(t *testing.T) {
	s := openSite(t)
	target, _ := url.Parse(s.URL)
	secure := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(target))
	defer secure.Close()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))
	c := s.client(t, func(c *client.Config) { c.URL, c.HTTP = secure.URL, client.NewHTTP(roots) })
	if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(1, 1))); err != nil {
		t.Error(err)
	}
}

// What answers but is not the interface is told as such, at once.
func TestNotTheInterface(t *testing.T) {
	s := openSite(t)
	for name, h := range map[string]http.HandlerFunc{
		"a page": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>登录</html>") },
		"404":    http.NotFound,
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://portal.invalid/", http.StatusFound)
		},
		"other JSON": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"code":0,"msg":"ok"}`) },
	} {
		other := httptest.NewServer(h)
		_, err := s.client(t, func(c *client.Config) { c.URL = other.URL }).Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		if e, ok := errors.AsType[*client.Error](err); !ok || !errors.Is(err, client.ErrNotInterface) || errors.Is(err, client.ErrUnknown) || e.Attempts != 1 {
			t.Errorf("%s: %v", name, err)
		}
		other.Close()
	}
}

// A server without the extensions says so, in its way.
func TestNotOffered(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"envelope": func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, api.NoSuchCall, "") },
		"page":     http.NotFound,
	} {
		s := openSite(t)
		s.spoil = func(w http.ResponseWriter, call string, _ int, _ func() *httptest.ResponseRecorder) bool {
			if call == string(api.Query) || call == string(api.List) {
				answer(w, nil)
				return true
			}
			return false
		}
		c := s.client(t)
		if _, err := c.Query(t.Context(), api.QueryRequest{CaseID: "1"}); !errors.Is(err, client.ErrNotOffered) {
			t.Errorf("%s: %v", name, err)
		}
		for _, err := range c.Cases(t.Context(), api.ListRequest{}) {
			if !errors.Is(err, client.ErrNotOffered) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(s.requests) != 3 {
			t.Errorf("%s: %v", name, s.requests)
		}
	}
}

// A server that asks for more than five minutes is not waited for, one that falls silent is given up, and a context that ends
// is obeyed; what was sent stays open.
func TestLimits(t *testing.T) {
	s := openSite(t)
	s.spoil = func(w http.ResponseWriter, call string, _ int, _ func() *httptest.ResponseRecorder) bool {
		if call == string(api.Receive) {
			refuse(w, 503, api.Unavailable, "3600")
		}
		return call == string(api.Receive)
	}
	_, err := s.client(t).Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
	if !errors.Is(err, client.ErrUnknown) || !strings.Contains(err.Error(), "1h0m0s") || len(s.bodies) != 1 {
		t.Errorf("%v", err)
	}

	quit := make(chan struct{})
	defer close(quit)
	s.spoil = func(_ http.ResponseWriter, call string, _ int, _ func() *httptest.ResponseRecorder) bool {
		if call == string(api.Receive) {
			<-quit
		}
		return false
	}
	silent := s.client(t, func(c *client.Config) { c.Silence, c.Attempts = 50*time.Millisecond, 2 })
	if _, err := silent.Receive(t.Context(), client.Case(sandbox.Batch(2, 1))); !errors.Is(err, client.ErrUnknown) || len(s.bodies) != 3 {
		t.Errorf("%v after %d bodies", err, len(s.bodies))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.client(t).Receive(ctx, client.Case(sandbox.Batch(2, 1))); !errors.Is(err, client.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := s.client(t).Receive(ended, client.Case(sandbox.Batch(2, 1))); errors.Is(err, client.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("ended before anything was sent: %v", err)
	}
}

// Neither the secret nor a token is in any error or observation.
func TestNothingSecretIsTold(t *testing.T) {
	s := openSite(t)
	var told strings.Builder
	token := ""
	for _, way := range ways {
		s.spoil = func(w http.ResponseWriter, call string, _ int, real func() *httptest.ResponseRecorder) bool {
			if call == string(api.Login) {
				rec := real()
				a, _ := api.ReadAnswer(rec.Body.Bytes(), api.Login)
				token = a.Token
				w.Write(rec.Body.Bytes())
				return true
			}
			way(w, real)
			return true
		}
		_, err := s.client(t, func(c *client.Config) { c.Attempts = 2 }).Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		fmt.Fprintf(&told, "%v %+v %+v\n", err, errors.Unwrap(err), s.exchanges)
		if token == "" || strings.Contains(told.String(), token) || strings.Contains(told.String(), s.AppSecret) {
			t.Fatalf("%s", told.String())
		}
	}
}

func TestNewRefuses(t *testing.T) {
	secret := func(context.Context) (string, error) { return "s", nil }
	for _, address := range []string{"", "host", "ftp://host", "https://", "https://u:p@host", "https://host?a=1", "https://host#a", "http://host", "http://10.1.1.1:80",
		"https://host/security", "https://host/x/security/", "https://host/security/login"} {
		if _, err := client.New(client.Config{URL: address, AppKey: "k", Account: "a", Secret: secret}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	for _, address := range []string{"https://host", "https://host:8443/gateway/", "http://127.0.0.1:1", "http://localhost", "http://[::1]:1"} {
		if _, err := client.New(client.Config{URL: address, AppKey: "k", Account: "a", Secret: secret}); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := client.New(client.Config{URL: "http://host", PlainHTTP: true, AppKey: "k", Account: "a", Secret: secret}); err != nil {
		t.Error(err)
	}
	for _, c := range []client.Config{{Account: "a", Secret: secret}, {AppKey: "k", Secret: secret}, {AppKey: "k", Account: "a"}} {
		if c.URL = "https://host"; true {
			if _, err := client.New(c); err == nil {
				t.Errorf("%+v is taken", c)
			}
		}
	}
}
