package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// demoProcess runs the demo with a TMPDIR of its own and returns it with its output as far as the lines to paste.
func demoProcess(t *testing.T) (cmd *exec.Cmd, temp, shown string, rest *bufio.Reader) {
	t.Helper()
	temp = filepath.Join(t.TempDir(), "临时 it's") // the lines to paste have to quote this
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command("diaoxiao", "demo", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Environ(), "TMPDIR="+temp)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	rest = bufio.NewReader(out)
	for !strings.Contains(shown, pasteEnd) {
		line, err := rest.ReadString('\n')
		if shown += line; err != nil {
			t.Fatalf("%v after %s", err, shown)
		}
	}
	return cmd, temp, shown, rest
}

// The curl lines of the demo work in bash against the server that goes on running; Ctrl-C leaves nothing behind.
func TestDemoLinesToPaste(t *testing.T) {
	t.Parallel()
	cmd, temp, shown, rest := demoProcess(t)
	_, script, _ := strings.Cut(shown, pasteBegin+"\n")
	script, _, _ = strings.Cut(script, pasteEnd)
	for range 2 { // pasted twice: the same acceptid
		checkPasted(t, script)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	live, err := io.ReadAll(rest)
	if err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	for word, times := range map[string]int{"login ": 2, "logout ": 2, "queryCaseinfo ": 2, "receiveCaseinfo ": 2, "受理 ": 1, "重复报送 ": 1} {
		if n := strings.Count(string(live), word); n != times {
			t.Errorf("%d times %q in %s", n, word, live)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// checkPasted runs the lines: four answers, one for each call, all of them a success.
func checkPasted(t *testing.T, script string) {
	t.Helper()
	cmd := exec.Command("bash", "-euo", "pipefail")
	cmd.Stdin = strings.NewReader(script)
	cmd.Env = append(cmd.Environ(), "http_proxy=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	var answers []api.Answer
	for i, call := range []api.Call{api.Login, api.Receive, api.Query, api.Logout} {
		a, err := api.ReadAnswer([]byte(lines[i]), call)
		if err != nil || len(a.Problems) > 0 {
			t.Fatalf("%s: %v", lines[i], err)
		}
		answers = append(answers, a)
	}
	if answers[2].AcceptID != answers[1].AcceptID || answers[2].Status.Items != 3 {
		t.Errorf("%s", out)
	}
}

// The demo shows the calls as they go over the wire, every bad row, and an answer that refuses.
func TestDemoShows(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r := must(t, "demo", "--once", "--listen", "127.0.0.1:0")
	for _, want := range []string{
		"> POST /security/login HTTP/1.1\n> Host: 127.0.0.1:", "> POST /security/receiveCaseinfo?access_token=", "> POST /security/queryCaseinfo?",
		"> POST /security/logout?", "< HTTP/1.1 200 OK\n", `> "caseid": "呼市监处罚〔2026〕1号",`, "……（此处略去 2,502 行，", "……（与上一次相同的 ",
		`"caseid": "呼市监处罚〔2026〕1号",`, `\u547c\u5e02`, "严重 4 条，警示 4 条，提示 3 条", `"errorCode": "14008"`, `"field": "penaltylist[1].legal"`, "用时 ",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q", want)
		}
	}
	for pos, rule := range sandbox.BadRows(demoEntities) {
		e := sandbox.Batch(demoSeed, demoEntities).PenaltyList[pos]
		title, _ := rules.ByNo(rule)
		if !strings.Contains(r.out, title.Title) || !strings.Contains(r.out, entityOf([]api.Entity{e}, 0)) {
			t.Errorf("row %d, %s, is not shown", pos+1, title.Title)
		}
	}
	for line := range strings.Lines(r.out) {
		if display.Columns(line) > 100 && !strings.Contains(line, os.Getenv("TMPDIR")) {
			t.Errorf("%d columns: %s", display.Columns(line), line)
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A pager that is closed, a terminal that goes away and an interruption at any moment leave nothing behind either.
func TestDemoCleansUp(t *testing.T) {
	t.Parallel()
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP) // under nohup the demo would ignore them too
	defer signal.Stop(hangUps)
	for _, sent := range []os.Signal{syscall.SIGPIPE, syscall.SIGHUP, syscall.SIGTERM, nil} {
		temp := t.TempDir()
		cmd := exec.Command("diaoxiao", "demo", "--listen", "127.0.0.1:0")
		cmd.Env = append(cmd.Environ(), "TMPDIR="+temp)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if sent == nil {
			out.Close()
		} else {
			cmd.Process.Signal(sent)
			io.Copy(io.Discard, out)
		}
		cmd.Wait()
		if left, _ := os.ReadDir(temp); len(left) > 0 || err != nil {
			t.Errorf("%v after %q: %v left behind, %v", sent, line, left, err)
		}
	}
}

// Anything that is not as it should be is a failure.
func TestDemoFails(t *testing.T) {
	for name, answer := range map[string]string{
		"refused":             `{"ackCode":"FAILURE","errors":[{"errorCode":"12004"}]}`,
		"no token":            `{"ackCode":"SUCCESS","errors":[]}`,
		"no acceptid":         `{"ackCode":"SUCCESS","errors":[],"access_token":"x"}`,
		"acceptid unlike one": `{"ackCode":"SUCCESS","errors":[],"access_token":"x","acceptid":"12"}`,
		"not JSON":            `<html>`,
	} {
		d := fakeDemonstration(t, func(api.Call) string { return answer })
		err := d.login(t.Context())
		if err == nil {
			err = d.send(t.Context())
		}
		if err == nil || exitCode(err) != exitFailure {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := fakeDemonstration(t, func(api.Call) string { return `{"ackCode":"SUCCESS","acceptid":"202611240000000027","items":1254}` })
	d.acceptID = "202611240000000019"
	for name, step := range map[string]func(context.Context) error{"repeat": d.repeat, "query": d.query, "mistake": d.mistake} {
		if err := step(t.Context()); err == nil || !strings.HasPrefix(explain.Speaker{server.Vocabulary(), clientWords}.Explain(err), "与预期不符：") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := missingFindings([]rules.Finding{{Pos: 125, Rule: 105}}); err == nil {
		t.Error("missing findings are not missed")
	}
}

// fakeDemonstration is a demo whose server answers as told.
func fakeDemonstration(t *testing.T, answer func(api.Call) string) *demonstration {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, answer(api.Call(filepath.Base(r.URL.Path))))
	}))
	t.Cleanup(s.Close)
	return &demonstration{wire: wire{base: s.URL, out: &bytes.Buffer{}}, body: []byte("{}")}
}
