package evidencelog_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/receivertest"
)

const witnessName = "witness.example.cn/light"

// TestWitness has checkpoints cosigned by litewitness, on both engines. A policy that asks for the witness is met by a
// receipt from then on; a receipt of a case that no cosigned checkpoint covers yet has none.
func TestWitness(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			p := o.policyWith(startWitness(t, o.keys.VerifierKeys()[0]))
			w := evidencelog.NewWitnesses(o.desk, nil, p.Witnesses())
			o.must(w.Pass(t.Context())) // there is no log yet
			first := o.send("一号", receivertest.Entities(0, 2)...)
			o.sign()
			if _, err := verifyFile(p, o.receipt(first, evidencelog.Content{})); !errors.Is(err, evidence.ErrWitness) {
				t.Errorf("without a cosignature: %v", err)
			}
			for range 2 { // again: nothing is new
				o.must(w.Pass(t.Context()))
			}
			o.checkCosigned(p, first)
			second := o.send("二号", receivertest.Entities(5, 300)...)
			o.sign()
			o.checkCosigned(p, first) // by the checkpoint before
			if _, err := verifyFile(p, o.receipt(second, evidencelog.Content{})); !errors.Is(err, evidence.ErrWitness) {
				t.Errorf("a case that no cosigned checkpoint covers: %v", err)
			}
			o.must(w.Pass(t.Context()))
			o.checkCosigned(p, second)
			o.giveBack(second)
			o.sign()
			v, err := verifyFile(o.policy(), o.receipt(second, evidencelog.Content{Events: true}))
			o.must(err)
			if len(v.Events) == 0 {
				t.Error("a cosignature hides the return")
			}
			// Another node, which asks with another size than the witness has.
			o.must(evidencelog.NewWitnesses(o.desk, nil, p.Witnesses()).Pass(t.Context()))
			if _, by, err := p.Open(o.checkpoint()); err != nil || len(by.Witnesses) != 1 {
				t.Errorf("the checkpoint is cosigned by %q, %v", by.Witnesses, err)
			}
			if s := w.States()[0]; s.Err != nil || s.Size == 0 || s.At.IsZero() || s.Refused() {
				t.Errorf("%+v", s)
			}
		})
	}
}

func (o *office) policyWith(witness string) evidence.Policy {
	o.Helper()
	p, err := evidence.ParsePolicy("log " + strings.Join(o.keys.VerifierKeys(), "\nlog ") + "\n" + witness +
		"quorum 见证所\n")
	o.must(err)
	return p
}

func (o *office) checkCosigned(p evidence.Policy, acceptID string) {
	o.Helper()
	v, err := verifyFile(p, o.receipt(acceptID, evidencelog.Content{Whole: true}))
	if err != nil || len(v.Signed.Witnesses) != 1 || v.Signed.Witnesses[0] != "见证所" || v.Signed.Unknown > 0 {
		o.Errorf("%+v: %v", v.Signed, err)
	}
}

// TestWitnessRefuses puts an older copy of the database back, takes away what the node remembers, and has it sign anew:
// the witness signs neither the shorter log nor the one that outgrew what it had signed, and the state says why.
func TestWitnessRefuses(t *testing.T) {
	o := openOffice(t, t.TempDir())
	p := o.policyWith(startWitness(t, o.keys.VerifierKeys()[0]))
	o.send("一号", receivertest.Entities(0, 2)...)
	o.sign()
	o.must(evidencelog.NewWitnesses(o.desk, nil, p.Witnesses()).Pass(t.Context()))
	o.must(o.store.Close())
	older := readAll(t, o.place)
	o.open()
	for i := range 3 {
		o.receiptOfNew(fmt.Sprint("早", i, "号"))
	}
	o.must(evidencelog.NewWitnesses(o.desk, nil, p.Witnesses()).Pass(t.Context()))
	o.must(o.store.Close())
	for name, text := range older {
		o.must(os.WriteFile(filepath.Join(o.place, name), text, 0o600))
	}
	o.must(os.RemoveAll(filepath.Join(o.place, "diaoxiao.mark")))
	o.memory = evidencelog.NewMemory(t.TempDir())
	o.open()
	for i := range 8 {
		o.receiptOfNew(fmt.Sprint("晚", i, "号"))
		w := evidencelog.NewWitnesses(o.desk, nil, p.Witnesses())
		if err := w.Pass(t.Context()); !errors.Is(err, evidencelog.ErrOtherHistory) || !w.States()[0].Refused() {
			t.Errorf("after %d other cases: %v", i+1, err)
		}
	}
}

// TestWitnessAnswers has witnesses that answer wrongly, never or elsewhere.
func TestWitnessAnswers(t *testing.T) {
	o := openOffice(t, t.TempDir())
	o.send("一号", receivertest.Entities(0, 2)...)
	o.sign()
	line := startWitness(t, o.keys.VerifierKeys()[0])
	for name, c := range map[string]struct {
		status int
		answer string
		want   string
		fork   bool
	}{
		"unknown":    {403, "unknown log", "unknown log", false},
		"forged":     {200, "— " + witnessName + " AAAAAAAA\n", "no valid signature", false},
		"away":       {302, "", "302", false},
		"endless":    {200, strings.Repeat("a", 1<<20), "no valid signature", false},
		"beyond":     {409, "1099511627776", "has size 1099511627776", true},
		"nonsense":   {409, "?", "409", false},
		"other root": {409, "1", "size 1", true},
		"no proof":   {422, "bad consistency proof", "bad consistency", true},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://127.0.0.1:1/")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
			}))
			defer srv.Close()
			f := strings.Fields(line)
			p := o.policyWith(fmt.Sprintf("%s %s %s %s\n", f[0], f[1], f[2], srv.URL))
			w := evidencelog.NewWitnesses(o.desk, nil, p.Witnesses())
			err := w.Pass(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || w.States()[0].Refused() != c.fork {
				t.Errorf("%v", err)
			}
		})
	}
}

// startWitness starts litewitness, which knows the log, and returns its line of a policy.
func startWitness(t *testing.T, vkey string) string {
	t.Helper()
	bin, dir := witnessPrograms(t), t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", in("key"))
	fingerprint := strings.Fields(string(run(t, "ssh-keygen", "-l", "-f", in("key"))))[1]
	// A socket's path has 108 bytes at most, a folder of a test may have more.
	short, err := os.MkdirTemp("", "w")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(short) })
	socket := filepath.Join(short, "s")
	start(t, "ssh-agent", "-D", "-a", socket)
	await(t, func() bool { _, err := os.Stat(socket); return err == nil })
	t.Setenv("SSH_AUTH_SOCK", socket)
	run(t, "ssh-add", "-q", in("key"))
	run(t, filepath.Join(bin, "witnessctl"), "add-log", "-db", in("db"), "-origin", origin)
	run(t, filepath.Join(bin, "witnessctl"), "add-key", "-db", in("db"), "-origin", origin, "-key", vkey)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	said := start(t, filepath.Join(bin, "litewitness"), "-db", in("db"), "-name", witnessName, "-key", fingerprint,
		"-ssh-agent", socket, "-listen", address)
	await(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	_, rest, _ := strings.Cut(said(), "vkey=")
	return fmt.Sprintf("witness 见证所 %s http://%s/\n", strings.Fields(strings.ReplaceAll(rest, `"`, ""))[0], address)
}

var installWitness = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "litewitness")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "install", "filippo.io/torchwood/cmd/litewitness@v0.6.1",
		"filippo.io/torchwood/cmd/witnessctl@v0.6.1")
	cmd.Env = append(os.Environ(), "GOBIN="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return dir, err
})

// witnessPrograms installs litewitness once, apart from the module: its versions of what we use too stay its own.
func witnessPrograms(t *testing.T) string {
	t.Helper()
	dir, err := installWitness()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func run(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return out
}

// start runs a program until the test ends, and returns what it said so far.
func start(t *testing.T, program string, args ...string) func() string {
	t.Helper()
	var said locked
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	return said.String
}

type locked struct {
	mutex sync.Mutex
	b     bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.b.String()
}

// await waits until something is so.
func await(t *testing.T, is func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("not within 20 s")
		}
	}
}
