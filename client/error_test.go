package client_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

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
	for address, attempts := range map[string]int{
		"http://" + gone.Addr().String(): 3,
		secure.URL:                       1,
		"https://" + strings.TrimPrefix(s.URL, "http://"): 1,
	} {
		c := s.client(t, func(c *client.Config) { c.URL, c.Attempts = address, 3 })
		_, err := c.Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		e, ok := errors.AsType[*client.Error](err)
		if !ok || !errors.Is(err, client.ErrUnreachable) || errors.Is(err, client.ErrUnknown) ||
			e.Attempts != attempts {
			t.Errorf("%s: %v (%+v)", address, err, e)
		}
	}
}

// Anything that answers but is not the interface is told as such, at once.
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
		_, err := s.client(t, func(c *client.Config) {
			c.URL = other.URL
		}).Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		if e, ok := errors.AsType[*client.Error](err); !ok || !errors.Is(err, client.ErrNotInterface) ||
			errors.Is(err, client.ErrUnknown) || e.Attempts != 1 {
			t.Errorf("%s: %v", name, err)
		}
		other.Close()
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
		_, err := s.client(t, func(c *client.Config) {
			c.Attempts = 2
		}).Receive(t.Context(), client.Case(sandbox.Batch(1, 1)))
		fmt.Fprintf(&told, "%v %+v %+v\n", err, errors.Unwrap(err), s.exchanges)
		if token == "" || strings.Contains(told.String(), token) || strings.Contains(told.String(), s.AppSecret) {
			t.Fatalf("%s", told.String())
		}
	}
}
