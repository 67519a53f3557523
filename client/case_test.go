package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/evidence"
	"diaoxiao/sandbox"
)

// A call of each kind, when all is well.
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
		if e, err := c.Query(t.Context(), q); err != nil || e.AcceptID != r.AcceptID || e.CaseID != sent.CaseID ||
			e.Items != 20 {
			t.Errorf("query %+v: %+v %v", q, e, err)
		}
	}
	if err := errors.Join(c.Logout(t.Context()), c.Logout(t.Context())); err != nil {
		t.Error(err)
	}
	if got := strings.Join(
		s.requests,
		" ",
	); got != "login receiveCaseinfo receiveCaseinfo queryCaseinfo queryCaseinfo logout" {
		t.Errorf("requests: %s", got)
	}
}

// A receipt comes as the text of a file, once the evidence log has the case; a case that is not there has none.
func TestReceipt(t *testing.T) {
	s := openSite(t)
	c := s.client(t, func(c *client.Config) {
		c.Sleep = func(ctx context.Context, _ time.Duration) error {
			time.Sleep(100 * time.Millisecond)
			return ctx.Err()
		}
		c.Attempts = 100
	})
	sent := sandbox.Batch(1, 20)
	r, err := c.Receive(t.Context(), client.Case(sent))
	if err != nil {
		t.Fatal(err)
	}
	file, err := c.Receipt(t.Context(), r.AcceptID)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := evidence.ParsePolicy(s.Policy)
	if err != nil {
		t.Fatal(err)
	}
	read, err := evidence.ParseReceipt(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	v, err := policy.Verify(read)
	if err != nil || v.Case.AcceptID != r.AcceptID || v.Case.CaseID != sent.CaseID ||
		v.Body.SHA256 != evidence.Hex(r.SHA256) || v.Case.Bytes != r.Bytes {
		t.Errorf("proved %+v: %v", v.Case, err)
	}
	if _, err := c.Receipt(t.Context(), "000000000000000000"); !errors.Is(err, api.NoSuchCase) {
		t.Error(err)
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
		if !ok || !ok2 || !errors.Is(err, want) || errors.Is(err, client.ErrUnknown) || r.AcceptID != "" ||
			len(s.requests) != before+1 {
			t.Fatalf("%s: %+v, %v after %d requests", want, r, err, len(s.requests)-before)
		}
		if e.Call != api.Receive || e.RequestID == "" || e.Attempts != 1 ||
			refusal.Problems[0].Field == "" && want == api.WrongType {
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
		if _, err := s.client(t, change).Receive(
			t.Context(),
			client.Case(sandbox.Batch(1, 2)),
		); !errors.Is(err, want) || errors.Is(err, client.ErrUnknown) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if len(s.held(t)) != 1 {
		t.Error("a refused case is held")
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
		if e, err := c.Query(t.Context(), api.QueryRequest{AcceptID: r.AcceptID}); err != nil ||
			e.AcceptID != r.AcceptID {
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

// S22: why a case was returned is asked for once more where the first answer does not say, as to strict readers.
// Anything that a server that does not know the question answers to it changes nothing.
func TestQueryReturned(t *testing.T) {
	const head = `{"ackCode":"SUCCESS","errors":[],"acceptid":"1","caseid":"c","state":"已退回","receivedAt":"",` +
		`"items":1,"findings":0`
	const why = `,"returnedAt":"2026-03-01T00:00:00+08:00","returnReason":"由","returnRowCount":1,` +
		`"returnRows":[{"position":7,"pripid":"p"}]`
	for _, test := range []struct {
		name    string
		answers []string
		reason  string
	}{
		{"at once", []string{head + why + "}"}, "由"},
		{"when asked", []string{head + "}", head + why + "}"}, "由"},
		{"never", []string{head + "}", head + "}"}, ""},
		{"refused", []string{
			head + "}",
			`{"ackCode":"FAILURE","errors":[{"name":"x","errorCode":"19002","message":"字段类型错误"}]}`,
		}, ""},
		{"not an answer", []string{head + "}", "<html>"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openSite(t)
			asked := 0
			s.spoil = func(w http.ResponseWriter, call string, n int, _ func() *httptest.ResponseRecorder) bool {
				if call != string(api.Query) {
					return false
				}
				asked = n
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, test.answers[min(n, len(test.answers))-1])
				return true
			}
			e, err := s.client(t, func(c *client.Config) {
				c.Attempts = 1
			}).Query(t.Context(), api.QueryRequest{CaseID: "c"})
			if err != nil || e.AcceptID != "1" || e.State != api.StateReturned || asked != len(test.answers) {
				t.Fatalf("%+v %v, asked %d times", e, err, asked)
			}
			if e.Return == nil && test.reason != "" ||
				e.Return != nil && (e.Return.Reason != test.reason || e.Return.Rows[0].Position != 7) {
				t.Errorf("%+v", e.Return)
			}
		})
	}
}
