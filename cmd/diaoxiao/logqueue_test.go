package main

import (
	"context"
	"diaoxiao/internal/receiver/receivertest"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// fickleLog is the reader of a log. The test decides whether it reads, blocks or fails.
type fickleLog struct {
	mu   sync.Mutex // held while the reader blocks
	text strings.Builder
	fail error
}

func (f *fickleLog) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return 0, f.fail
	}
	return f.text.Write(p)
}

func (f *fickleLog) setFailure(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *fickleLog) read() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text.String()
}

// await waits until the log contains a text.
func (f *fickleLog) await(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(f.read(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the log has no %q", text)
		}
	}
}

// logged is a server in this process that logs to a fickleLog, and a sender that is logged in.
type logged struct {
	receivertest.Sender
	log *fickleLog
	ops string
}

// serveWithLog runs the command serve with this log.
func serveWithLog(t *testing.T, log *fickleLog) *logged {
	ctx, cancel := context.WithCancel(t.Context())
	ended, dir := make(chan int, 1), t.TempDir()
	go func() {
		ended <- run(ctx, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"},
			nil, io.Discard, log)
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("exit code %d", code)
		}
	})
	log.await(t, `"listening"`)
	s := &logged{log: log}
	for line := range strings.Lines(log.read()) {
		var l listening
		if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "listening" {
			s.Base, s.ops = "http://"+l.Addr, "http://"+l.Ops
		}
	}
	made := must(t, "app", "create", "--data", dir, "--name", "应用甲", "--account", receivertest.Account)
	words := strings.Fields(made.out)
	a, err := s.Call(t.Context(), api.Login, "",
		receivertest.LoginBody(intake.Credentials{AppKey: words[1], AppSecret: words[3]}))
	if err != nil {
		t.Fatal(err)
	}
	s.Token = a.Token
	return s
}

// ask sends n cases without content, whose log lines carry a mark; all must be answered.
func (s *logged) ask(t *testing.T, mark string, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for i := range n {
		if _, err := s.Exchange(ctx, api.Receive, s.Token,
			fmt.Appendf(nil, `{"caseid":"%s-%d."}`, mark, i)); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

// A log reader that blocks delays no request. When it reads again, it gets the lines that waited and the later ones.
func TestLogReaderStandsStill(t *testing.T) {
	log := new(fickleLog)
	s := serveWithLog(t, log)
	log.mu.Lock()
	s.ask(t, "still", 2000)
	ready := status(s.ops + "/readyz")
	log.mu.Unlock()
	if ready != http.StatusOK {
		t.Errorf("/readyz %d", ready)
	}
	s.ask(t, "again", 1)
	log.await(t, "still-1999.")
	log.await(t, "again-0.")
}

// A failed write of the log does not end logging: the lost lines are counted, and the next lines are written.
func TestLogWriteFails(t *testing.T) {
	log := new(fickleLog)
	s := serveWithLog(t, log)
	log.setFailure(errors.New("no space left on device"))
	s.ask(t, "lost", 3)
	lost := func() (n int) {
		m := regexp.MustCompile(`(?m)^diaoxiao_log_lines_lost_total (\d+)$`).FindStringSubmatch(page(t,
			s.ops+"/metrics"))
		if m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		return n
	}
	for end := time.Now().Add(20 * time.Second); lost() < 3; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("lost lines are not counted")
		}
	}
	log.setFailure(nil)
	s.ask(t, "kept", 1)
	log.await(t, "kept-0.")
	if strings.Contains(log.read(), "lost-") {
		t.Error("a line that was counted as lost is in the log")
	}
}

func page(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Requests without a valid credential fill neither the log nor the database: a limited number a minute of each source
// is logged and recorded, the others are counted, and the log says how many. The requests of a sender are all logged.
func TestStrangersFillNoLog(t *testing.T) {
	log := new(fickleLog)
	s := serveWithLog(t, log)
	for i := range 500 {
		status(fmt.Sprintf("%s/nowhere-%d.", s.Base, i))
		if _, err := s.Exchange(t.Context(), api.Receive, "00000000-0000-0000-0000-000000000000",
			[]byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	s.ask(t, "sender", 200)
	log.await(t, "sender-199.")
	if n := strings.Count(log.read(), "sender-"); n != 200 {
		t.Errorf("%d of 200 requests of a sender are logged", n)
	}
	if n := strings.Count(log.read(), "/nowhere-") + strings.Count(log.read(), `"codes":"13000"`); n < 10 || n > 60 {
		t.Errorf("%d of 1,000 requests of a stranger are logged", n)
	}
	if text := page(t, s.ops+"/metrics"); !regexp.MustCompile(
		`(?m)^diaoxiao_requests_unlogged_total 9[0-9]{2}$`).MatchString(text) {
		t.Errorf("the others are not counted: %s", regexp.MustCompile(`(?m)^.*unlogged_total.*$`).FindAllString(text,
			-1))
	}
}
