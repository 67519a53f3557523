package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"diaoxiao/api"
)

// linesBegin and linesEnd are around the lines to paste.
const (
	linesBegin = "──── 以下各行可以粘贴到 bash ────"
	linesEnd   = "──── 以上 ────"
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
	for !strings.Contains(shown, linesEnd) {
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
	_, script, _ := strings.Cut(shown, linesBegin+"\n")
	script, _, _ = strings.Cut(script, linesEnd)
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
	for word, times := range map[string]int{"login ": 2, "logout ": 2, "queryCaseinfo ": 2, "receiveCaseinfo ": 2,
		"受理 ": 1, "重复报送 ": 1} {
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
