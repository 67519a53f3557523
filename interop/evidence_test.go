package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// office is the real program with an evidence log, serving in a folder of its own, as its users have it.
type office struct {
	*testing.T
	dir    string
	sender receivertest.Sender
}

// program is where buildProgram puts it.
const program = "../.cache/interop-diaoxiao"

// buildProgram builds the program, once for all tests.
var buildProgram = sync.OnceValues(func() ([]byte, error) {
	return exec.Command("go", "build", "-o", program, "diaoxiao/cmd/diaoxiao").CombinedOutput()
})

// diaoxiao is a command of the program, to be run.
func diaoxiao(o *office, args ...string) *exec.Cmd {
	return exec.CommandContext(o.Context(), program, args...)
}

// openOffice builds the program, makes keys and an app, and serves. more are settings.
func openOffice(t *testing.T, more ...string) *office {
	t.Helper()
	o := &office{T: t, dir: t.TempDir()}
	if out, err := buildProgram(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	o.run("evidence", "init", o.at("keys"), "--name", "credit.example.cn/diaoxiao")
	var made intake.Credentials
	o.must(json.Unmarshal(o.run("app", "create", "--data", o.at("data"), "--name", "应用甲", "--account",
		receivertest.Account, "--json"), &made))
	o.sender = receivertest.Sender{Base: o.serve(more), App: made}
	a, err := o.sender.Call(t.Context(), api.Login, "", receivertest.LoginBody(made))
	o.must(err)
	o.sender.Token = a.Token
	return o
}

func (o *office) at(name string) string { return filepath.Join(o.dir, name) }

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// run runs a command of the program, which must succeed.
func (o *office) run(args ...string) []byte {
	o.Helper()
	cmd := diaoxiao(o, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		o.Fatalf("diaoxiao %q: %v\n%s%s", args, err, out, errs.Bytes())
	}
	return out
}

// serve starts the server, and returns its address once it listens.
func (o *office) serve(more []string) string {
	o.Helper()
	log, err := os.Create(o.at("log"))
	o.must(err)
	defer log.Close()
	cmd := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", o.at("data"),
		"--evidence-keys", o.at("keys"), "--evidence-passphrase-file", o.at("keys/passphrase")}, more...)...)
	cmd.Stderr = log
	o.must(cmd.Start())
	o.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var l struct{ Msg, Addr string }
		text, err := os.ReadFile(log.Name())
		o.must(err)
		for line := range bytes.Lines(text) {
			if json.Unmarshal(line, &l) == nil && l.Msg == "listening" {
				return "http://" + l.Addr
			}
		}
	}
	o.Fatal("the server does not listen")
	return ""
}

// send sends a case over HTTP and returns its acceptid.
func (o *office) send(n int) string {
	o.Helper()
	return o.sender.Receive(o.T, receivertest.CaseBody(api.Case{CaseID: fmt.Sprint("内市监罚〔2026〕", n, "号"),
		CaseName: "长期停业未经营案\t“甲”", CaseIntroduction: "连续两年未报送年度报告", Illegality: "自行停业连续六个月以上",
		Penalty: "吊销营业执照", PenaltyDate: "2026-10-08", PenaltyOrg: "某市市场监督管理局",
		PenaltyList: receivertest.Entities(n, 2)}))
}

// receipt is the file of the receipt of a case.
func (o *office) receipt(acceptID string) []byte {
	o.Helper()
	return o.run("receipt", acceptID, "--data", o.at("data"))
}

// vkeys are the public keys of the log: Ed25519, SM2.
func (o *office) vkeys() (keys []string) {
	o.Helper()
	policy, err := os.ReadFile(o.at("keys/policy.txt"))
	o.must(err)
	for line := range strings.Lines(string(policy)) {
		if vkey, ok := strings.CutPrefix(line, "log "); ok {
			keys = append(keys, strings.TrimSpace(vkey))
		}
	}
	return keys
}
