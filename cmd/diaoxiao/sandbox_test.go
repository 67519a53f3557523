package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/trial"
	"diaoxiao/sandbox"
)

// sandboxProcess is a process of diaoxiao sandbox.
type sandboxProcess struct {
	sandbox.Info
	cmd  *exec.Cmd
	temp string
	out  *bufio.Reader
	err  bytes.Buffer
	http *http.Client
}

// startSandbox starts diaoxiao sandbox with a temporary folder of its own.
func startSandbox(t *testing.T, args ...string) *sandboxProcess {
	t.Helper()
	p := &sandboxProcess{temp: t.TempDir(), http: http.DefaultClient}
	p.cmd = exec.Command("diaoxiao", append([]string{"sandbox"}, args...)...)
	p.cmd.Env = append(p.cmd.Environ(), "TMPDIR="+p.temp)
	p.cmd.Stderr = &p.err
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	p.out = bufio.NewReader(out)
	return p
}

func (p *sandboxProcess) ready(t *testing.T) {
	t.Helper()
	line, err := p.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &p.Info)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, line)
	}
}

// end ends the process by a signal and returns the rest of its output. It demands that no temporary file is left.
func (p *sandboxProcess) end(t *testing.T, sig os.Signal) string {
	t.Helper()
	p.cmd.Process.Signal(sig)
	rest, _ := io.ReadAll(p.out)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v: %v, %s", sig, err, p.err.String())
	}
	if left, err := os.ReadDir(p.temp); err != nil || len(left) > 0 {
		t.Errorf("%v: left behind %v, %v", sig, left, err)
	}
	return string(rest)
}

func (p *sandboxProcess) post(t *testing.T, c api.Call, token, body string) (api.Answer, error) {
	t.Helper()
	r, err := p.http.Post(p.URL+c.Path()+"?access_token="+token, "application/json", strings.NewReader(body))
	if err != nil {
		return api.Answer{}, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return api.Answer{}, err
	}
	return api.ReadAnswer(b, c)
}

// The credentials in the JSON work, over TLS with the file of the CA. The transcript is written and contains no secret.
// Nothing else is printed.
func TestSandboxForScripts(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "往来.jsonl")
	p := startSandbox(t, "--listen", "127.0.0.1:0", "--tls", "--dialect", "table", "--seed", "9", "--transcript", file,
		"--json")
	p.ready(t)
	ca, err := os.ReadFile(p.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	p.http = &http.Client{Transport: transport}
	login := fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":"应答丢失"}`, p.AppKey, p.AppSecret)
	a, err := p.post(t, api.Login, "", login)
	if err != nil || a.Token == "" {
		t.Fatal(a, err)
	}
	body := string(receivertest.CaseBody(sandbox.Batch(1, 3)))
	if _, err := p.post(t, api.Receive, a.Token, body); err == nil {
		t.Error("the answer was not lost")
	}
	if got, err := p.post(t, api.Receive, a.Token, body); err != nil || got.AcceptID == "" {
		t.Error(got, err)
	}
	if rest := p.end(t, os.Interrupt); rest != "" || p.err.Len() > 0 {
		t.Errorf("also says %s%s", rest, p.err.String())
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 3 || strings.Contains(string(text), a.Token) ||
		strings.Contains(string(text), p.AppSecret) {
		t.Errorf("%v: %s", err, text)
	}
}

// The output for people shows the address, the credentials, each exchange, and a verdict at the end.
func TestSandboxForPeople(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:8090") // an error means that the port is taken already
	if err == nil {
		defer taken.Close()
	}
	p := startSandbox(t)
	shown := ""
	for !strings.Contains(shown, "Ctrl-C") {
		line, err := p.out.ReadString('\n')
		if shown += line; err != nil {
			t.Fatal(shown, p.err.String())
		}
	}
	for _, f := range sandbox.Faults() {
		if !strings.Contains(shown, f.Name) || !strings.Contains(shown, f.ID) {
			t.Errorf("%s is not shown", f.Name)
		}
	}
	for line := range strings.Lines(shown) {
		if display.Columns(line) > 100 && !strings.Contains(line, "dx") && !strings.Contains(line, p.temp) {
			t.Errorf("%d columns: %s", display.Columns(line), line)
		}
	}
	field := func(name string) string {
		_, rest, _ := strings.Cut(shown, "\n  "+display.Pad(name, 12))
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	p.URL = field("接口地址")
	a, err := p.post(t, api.Login, "", fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":"经办人"}`, field("appKey"),
		field("appSecret")))
	if err != nil || a.Token == "" {
		t.Fatal(a, err, shown)
	}
	if line := "\n  diaoxiao submit 清单.csv --url " + p.URL + " --app-key " + field("appKey") +
		" --account 经办人 --secret-file " + p.temp; !strings.Contains(shown, line) {
		t.Errorf("the line to paste is not shown: %s", shown)
	}
	rest := p.end(t, syscall.SIGTERM)
	if !strings.Contains(rest, "login") || !strings.Contains(rest, "HTTP 200") {
		t.Errorf("%s", rest)
	}
	if text := p.err.String(); !strings.Contains(text, "通过 1 项，不符 1 项") || !strings.Contains(text, "会话没有注销  #1") {
		t.Errorf("%s", text)
	}
}

func TestSandboxCleansUp(t *testing.T) {
	t.Parallel()
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP) // under nohup the sandbox would ignore them too
	defer signal.Stop(hangUps)
	for _, sent := range []os.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGPIPE} {
		p := startSandbox(t, "--listen", "127.0.0.1:0", "--json")
		p.ready(t)
		p.end(t, sent)
	}
}

// Sandboxes share nothing: each has its own credentials and its own outbox. The command line that it offers for pasting
// works, with TLS too.
func TestSandboxesAreNotTakenForEachOther(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "案件.json")
	if err := os.WriteFile(list, receivertest.CaseBody(sandbox.Batch(1, 3)), 0o600); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, args := range [][]string{{}, {}, {"--tls"}} {
		p := startSandbox(t, append(args, "--listen", "127.0.0.1:0", "--json")...)
		p.ready(t)
		if seen[p.AppKey] {
			t.Error("the same credentials again, seed", p.Seed)
		}
		seen[p.AppKey] = true
		line := strings.Replace(trial.SubmitLine(&sandbox.Server{URL: p.URL, AppKey: p.AppKey, CAFile: p.CAFile,
			SecretFile: p.SecretFile, Outbox: p.Outbox}), "清单.csv", list, 1)
		out, err := exec.Command("sh", "-c", line).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "✔ 已受理") || strings.Contains(string(out), "以前已受理") {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		p.end(t, os.Interrupt)
	}
}

// A sandbox that is set to listen beyond this machine warns.
func TestSandboxWarns(t *testing.T) {
	t.Parallel()
	p := startSandbox(t, "--listen", "0.0.0.0:0", "--json")
	p.ready(t)
	p.end(t, os.Interrupt)
	if !strings.Contains(p.err.String(), "其他机器也能访问") || !strings.HasPrefix(p.URL, "http://127.0.0.1:") {
		t.Error(p.URL, p.err.String())
	}
}
