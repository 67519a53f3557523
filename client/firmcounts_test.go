package client_test

import (
	"context"
	"testing"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// The firms by state come to whoever asks for them in every dialect, by one request more where the first does not tell;
// who does not ask makes no request more.
func TestFirmCounts(t *testing.T) {
	s := openSite(t)
	for i, app := range s.Apps {
		c := s.client(t, func(c *client.Config) {
			c.AppKey, c.Secret = app.AppKey, func(context.Context) (string, error) { return app.AppSecret, nil }
		})
		r, err := c.Receive(t.Context(), client.Case(sandbox.Batch(uint64(100+i), 2)))
		if err != nil {
			t.Fatalf("%s: %v", app.Dialect, err)
		}
		e, err := c.Query(t.Context(), api.QueryRequest{AcceptID: r.AcceptID, FirmCounts: true})
		if err != nil || e.Firms == nil || e.Firms.Total() != 2 {
			t.Errorf("%s: %+v %v", app.Dialect, e, err)
		}
		e, err = c.Query(t.Context(), api.QueryRequest{AcceptID: r.AcceptID})
		if told := e.Firms != nil; err != nil || told != (app.Dialect == api.All) {
			t.Errorf("%s, unasked: %+v %v", app.Dialect, e, err)
		}
	}
}
