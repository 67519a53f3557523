package main

import (
	"bytes"
	"context"
	"diaoxiao/internal/receiver/receivertest"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/sandbox"
)

// process is a diaoxiao serve of its own.
type process struct {
	receivertest.Sender
	cmd *exec.Cmd
	ops string
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("diaoxiao", append([]string{"serve", "--listen", "127.0.0.1:0", "--ops-listen",
		"127.0.0.1:0"}, args...)...)}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	lines := json.NewDecoder(log)
	var l listening
	for l.Msg != "listening" {
		if err := lines.Decode(&l); err != nil {
			t.Fatal(err)
		}
	}
	p.Base, p.ops = "http://"+l.Addr, "http://"+l.Ops
	go io.Copy(io.Discard, log)
	return p
}

// status is the HTTP status of a GET, 0 where there is no answer.
func status(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// After SIGTERM the server first reports that it is not ready, and serves during the delay. Then it answers every
// request that it has begun to receive, accepted cases are durable, and it exits with 0.
func TestStopAnswersWhatWasBegun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := serveHere(t, dir, nil)
	r.admit(t, "应用甲")
	r.end(t)
	p := startProcess(t, "--data", dir, "--shutdown-delay", "4s")
	if got := status(p.ops + "/readyz"); got != 200 {
		t.Fatalf("readyz %d before the signal", got)
	}
	body, begun, finish := slowBody(receivertest.CaseBody(sandbox.Batch(1,
		500))) // the delay has to last for the four calls below
	answers := make(chan api.Answer, 1)
	go func() { answers <- p.receiveSlowly(t, r.Token, body) }()
	<-begun
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); status(p.ops+"/readyz") == 200 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if got := status(p.ops + "/readyz"); got != 503 {
		t.Errorf("readyz %d after the signal", got)
	}
	if got := status(p.ops + "/livez"); got != 200 {
		t.Errorf("livez %d after the signal", got)
	}
	if _, err := p.Call(t.Context(), api.Login, "", receivertest.LoginBody(r.App)); err != nil {
		t.Errorf("login during the delay: %v", err)
	}
	for status(p.Base) != 0 { // until the delay is over and the port closed; the body is still on its way
		time.Sleep(20 * time.Millisecond)
	}
	finish()
	a := <-answers
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if list := must(t, "case", "list", "--json", "--data", dir); a.AcceptID == "" ||
		!strings.Contains(list.out, a.AcceptID) {
		t.Errorf("answer %+v, then %s", a, list.out)
	}
}

// slowBody reads as the first half of body, then begun is closed, and as the rest once finish is called. Posted by
// postSlowly it is not read before the server asks for it.
func slowBody(body []byte) (r io.Reader, begun chan struct{}, finish func()) {
	in, out := io.Pipe()
	begun = make(chan struct{})
	go func() {
		out.Write(body[:len(body)/2])
		close(begun)
	}()
	return in, begun, func() {
		out.Write(body[len(body)/2:])
		out.Close()
	}
}

// postSlowly sends a case whose body waits for 100 Continue: once it is read, the server is at work on the request, and
// not only the kernel has taken the connection.
func postSlowly(s *receivertest.Sender, token string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequest("POST", s.Base+api.Receive.Path()+"?access_token="+token, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue")
	c := http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute, DisableKeepAlives: true}}
	return c.Do(r)
}

func (p *process) receiveSlowly(t *testing.T, token string, body io.Reader) (a api.Answer) {
	resp, err := postSlowly(&p.Sender, token, body)
	if err != nil {
		t.Error(err)
		return a
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil {
		a, err = api.ReadAnswer(text, api.Receive)
	}
	if err != nil {
		t.Error(err)
	}
	return a
}

// A request that does not come to its end is not waited for for ever.
func TestStopWaitsSoLong(t *testing.T) {
	t.Parallel()
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.ShutdownWait = 100 * time.Millisecond })
	r.admit(t, "应用甲")
	body, begun, finish := slowBody(receivertest.CaseBody(sandbox.Batch(1, 3)))
	defer finish()
	go postSlowly(r.Sender, r.Token, body)
	<-begun
	r.stopped = true
	if err := r.Stop(); err == nil || !strings.Contains(err.Error(), "等待 100ms 后仍有请求没有应答完") {
		t.Error(err)
	}
}

// A signal before the server is up is no fault.
func TestStopBeforeStart(t *testing.T) {
	var out, errw bytes.Buffer
	code := run(interrupted(), []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, nil, &out, &errw)
	if code != exitOK || errw.Len() > 0 && !strings.Contains(errw.String(), "stopped") {
		t.Errorf("%d %s", code, errw.String())
	}
}

// Any other command that is interrupted says so, and fails.
func TestInterrupted(t *testing.T) {
	dir, _ := filled(t)
	for _, args := range [][]string{
		{"export"}, {"case", "list"}, {"db", "check"}, {"db", "backup", t.TempDir() + "/b.db"}, {"reverify"}, {"audit"},
	} {
		var out, errw bytes.Buffer
		code := run(interrupted(), append(args, "--data", dir), nil, &out, &errw)
		if code != exitFailure || !strings.Contains(errw.String(), "已中断") {
			t.Errorf("%v: %d %s", args, code, errw.String())
		}
	}
	must(t, "db", "check", "--data", dir)
}

// An export that is interrupted ends with a whole line, and says how far it came.
func TestInterruptedExport(t *testing.T) {
	r := serveHere(t, t.TempDir(), nil)
	r.admit(t, "应用甲")
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 1254)))
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(2, 3)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var text, errw bytes.Buffer
	out := writerFunc(func(p []byte) (int, error) { cancel(); return text.Write(p) })
	code := run(ctx, []string{"export", "--data", r.Settings.Data}, nil, out, &errw)
	if code != exitFailure || errw.String() != "错误：导出没有做完：已中断；已完整写出 1 件，其后的没有导出\n" {
		t.Errorf("%d %s", code, errw.String())
	}
	if strings.Count(text.String(), "\n") != 1 || !strings.HasSuffix(text.String(), "}\n") {
		t.Errorf("%.100s", text.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
