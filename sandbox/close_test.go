package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"diaoxiao/sandbox"
)

// Requests that come while the sandbox closes are answered or turned away, and none is taken up once it has closed.
func TestRequestsWhileClosing(t *testing.T) {
	taken := make(chan sandbox.Exchange, 1000)
	s, err := sandbox.Start(t.Context(), sandbox.Config{Observe: func(x sandbox.Exchange) { taken <- x }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() int {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/security/login", strings.NewReader("{}")))
		return w.Code
	}
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 50 {
				ask()
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	work.Wait()
	before := len(taken)
	if code := ask(); code != http.StatusServiceUnavailable || len(taken) != before {
		t.Errorf("a request after the end: status %d, %d exchanges, before %d", code, len(taken), before)
	}
}
