package conformance_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"diaoxiao/api"
	"diaoxiao/conformance"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// desk is a real desk over a real store.
func desk(t testing.TB) *intake.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return intake.NewDesk(intake.Config{Store: s})
}

// door is the real front door of a desk, perhaps with something around it.
func door(t testing.TB, d *intake.Desk, around func(http.Handler) http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config = httpapi.Server(httpapi.Config{Desk: d})
	if around != nil {
		s.Config.Handler = around(s.Config.Handler)
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// admit creates two apps and returns the target that is tried as the first of them.
func admit(t testing.TB, d *intake.Desk, url string, dialect api.Dialect) conformance.Target {
	t.Helper()
	one, other := app(t, d, dialect), app(t, d, dialect)
	return conformance.Target{URL: url, Credentials: one, Colleague: "李四", Stranger: other, Dialect: string(dialect)}
}

func app(t testing.TB, d *intake.Desk, dialect api.Dialect) conformance.Credentials {
	t.Helper()
	c, err := d.CreateApp(
		context.Background(),
		intake.Actor("test"),
		intake.AppSpec{Name: t.Name() + rand(), Dialect: dialect, Accounts: []string{"张三", "李四"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return conformance.Credentials{AppKey: c.AppKey, AppSecret: c.AppSecret, Account: "张三"}
}

// try runs the checks.
func try(t testing.TB, target conformance.Target, o conformance.Options) conformance.Report {
	t.Helper()
	if o.RunID == "" {
		o.RunID = rand()
	}
	r, err := conformance.Run(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
