package client_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

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
