package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// ways are ways in which the first two attempts go wrong; a client gets its answer nevertheless, and the case is there
// once.
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
		for kind, body := range map[string]client.Body{
			"known length": bytesOf(sandbox.Batch(3, 400)),
			"chunked":      client.Case(sandbox.Batch(3, 400)),
		} {
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
				if strings.HasPrefix(name, "1900") &&
					!slices.Equal(s.waits, []time.Duration{7 * time.Second, 7 * time.Second}) {
					t.Errorf("waits %v after Retry-After: 7", s.waits)
				}
			})
		}
	}
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
			r, err := s.client(t, func(c *client.Config) {
				c.Attempts = 3
			}).Receive(t.Context(), client.Case(sandbox.Batch(3, 4)))
			if errors.Is(err, client.ErrUnknown) != want || err == nil || r != (client.Acceptance{}) {
				t.Errorf("%+v %v; unknown: %v", r, err, want)
			}
			if e, ok := errors.AsType[*client.Error](err); !ok || e.Attempts != 3 || e.Call != api.Receive {
				t.Errorf("%+v", e)
			}
		})
	}
}

// Anything that is refused after an open attempt is refused where the code is the interface's, and open where it is
// not: another server may call a repeat an error.
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
	s.spoil = loseAnswer
	c := s.client(t, func(c *client.Config) {
		n := 0
		c.Secret = func(context.Context) (string, error) {
			n++
			return map[bool]string{true: s.AppSecret, false: "replaced"}[n == 1], nil
		}
		c.Sleep = func(context.Context, time.Duration) error { s.now.Add(int64(time.Hour)); return nil }
	})
	if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(3, 4))); !errors.Is(err, client.ErrUnknown) ||
		!errors.Is(err, api.InvalidLogin) {
		t.Errorf("no new login after an open attempt: %v", err)
	}
}

// A server that asks for more than five minutes is not waited for, one that falls silent is given up, and a context
// that ends is obeyed; what was sent stays open.
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
	if _, err := silent.Receive(t.Context(), client.Case(sandbox.Batch(2, 1))); !errors.Is(err, client.ErrUnknown) ||
		len(s.bodies) != 3 {
		t.Errorf("%v after %d bodies", err, len(s.bodies))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.client(t).Receive(ctx, client.Case(sandbox.Batch(2, 1))); !errors.Is(err, client.ErrUnknown) ||
		!errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := s.client(t).Receive(ended, client.Case(sandbox.Batch(2, 1))); errors.Is(err, client.ErrUnknown) ||
		!errors.Is(err, context.Canceled) {
		t.Errorf("ended before anything was sent: %v", err)
	}
}
