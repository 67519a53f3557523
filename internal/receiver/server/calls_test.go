package server

import (
	"diaoxiao/internal/receiver/receivertest"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/sandbox"
)

// Every call is a row of the database once the server has stopped, with what the answer said and without its token;
// pages are not.
func TestCallsAreRecorded(t *testing.T) {
	dir := t.TempDir()
	r := serveHere(t, dir, func(c *config.Settings) { c.OpsListen = "127.0.0.1:0" })
	r.admit(t, "应用甲")
	acceptID := r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 3)))
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 3)))
	if _, err := r.Exchange(t.Context(), api.Receive, r.Token, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{r.Base + "/openapi.html", r.Base + "/security/Login?access_token=" + r.Token,
		"http://" + r.OpsAddr.String() + "/readyz"} {
		a, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, a.Body)
		a.Body.Close()
	}
	r.end(t)

	again := serveHere(t, dir, nil)
	app, err := again.Desk.App(t.Context(), intake.System, "应用甲")
	if err != nil {
		t.Fatal(err)
	}
	calls, err := calllog.NewCalls(again.Desk).SearchCalls(t.Context(), intake.Actor("cli:test"), intake.CallQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range calls {
		if c.Source != "127.0.0.1" || c.RequestID == "" || c.Took <= 0 || time.Since(c.At) > time.Minute ||
			strings.Contains(fmt.Sprintf("%+v", c), r.Token) {
			t.Errorf("%+v", c)
		}
		got = append(got, fmt.Sprint(c.Name, " ", c.AppID == app.ID, " ", c.AppName, " ", c.Outcome, " ", c.Codes, " ",
			c.Status, " ", c.Items, " ", c.AcceptID == acceptID))
	}
	want := []string{
		"/security/Login false  FAILURE 19011 404 0 false",
		"receiveCaseinfo true 应用甲 refused 14000,14001,14002,14003,14004,14005,14006,14007 200 0 false",
		"receiveCaseinfo true 应用甲 repeated  200 3 true",
		"receiveCaseinfo true 应用甲 accepted  200 3 true",
		"login true 应用甲 SUCCESS  200 0 false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The time for which calls are kept is that of the settings.
func TestCallsAreKept(t *testing.T) {
	conf := config.Defaults()
	conf.Data, conf.Listen, conf.LogDays = t.TempDir(), "127.0.0.1:0", 200
	s, err := Start(t.Context(), Config{Settings: conf, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	put := func(tx intake.Tx) error {
		var calls []intake.Call
		for _, days := range []int{1, 2, 3, 199, 201} { // the first three say that the clock is right
			calls = append(calls, intake.Call{At: time.Now().AddDate(0, 0, -days), AppID: 1})
		}
		return tx.PutCalls(calls)
	}
	if err := s.store.Background(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if s, err = Start(t.Context(), Config{Settings: conf, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	left := 5
	for end := time.Now().Add(20 * time.Second); left > 4 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		calls, err := calllog.NewCalls(s.Desk).SearchCalls(t.Context(), intake.Actor("cli:test"), intake.CallQuery{})
		if err != nil {
			t.Fatal(err)
		}
		left = len(calls)
	}
	if left != 4 {
		t.Errorf("%d calls are left", left)
	}
}
