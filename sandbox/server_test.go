package sandbox_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// open starts a sandbox. When the test ends, neither the transcript nor the verdict may hold a secret or a token.
func open(t *testing.T, c sandbox.Config) *sandbox.Server {
	t.Helper()
	var file bytes.Buffer
	if c.Transcript == nil {
		c.Transcript = &file
	}
	s, err := sandbox.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d, %s", s.Seed, s.ControlURL)
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		all := ""
		for _, path := range []string{"transcript.json", "transcript", "verdict.json", "verdict"} {
			all += get(t, s, path)
		}
		all += file.String()
		for _, secret := range secretsOf(s) {
			if strings.Contains(all, secret) {
				t.Errorf("a secret or token stands in transcript or verdict: %.4s…", secret)
			}
		}
	})
	return s
}

func secretsOf(s *sandbox.Server) []string {
	all := tokens.of(s)
	for _, a := range s.Apps {
		all = append(all, a.AppSecret)
	}
	return all
}

// rootsOf is what a client has to trust.
func rootsOf(s *sandbox.Server) *x509.CertPool {
	roots := x509.NewCertPool()
	if ca, err := os.ReadFile(s.CAFile); err == nil {
		roots.AppendCertsFromPEM(ca)
	}
	return roots
}

// get reads a page of the sandbox.
func get(t *testing.T, s *sandbox.Server, path string) string {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: rootsOf(s)}}
	defer transport.CloseIdleConnections()
	r, err := (&http.Client{Transport: transport}).Get(s.ControlURL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%s: %d, %v, %s", path, r.StatusCode, err, b)
	}
	return string(b)
}

// post sends JSON to the control API and returns the status and the answer.
func post(t *testing.T, s *sandbox.Server, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.ControlURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(b)
}

// judged is the judgement of one scenario, with its evidence.
func judged(t *testing.T, s *sandbox.Server, id string) sandbox.Scenario {
	t.Helper()
	for _, sc := range s.Verdict().Scenarios {
		if sc.ID == id {
			return sc
		}
	}
	t.Fatalf("no scenario %s", id)
	return sandbox.Scenario{}
}

// Nothing of a sandbox is left, also of one that was reset.
func TestNothingIsKept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Reset(t.Context()), s.Close()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if s, err := sandbox.Start(t.Context(), sandbox.Config{Listen: "192.0.2.1:1"}); err == nil {
		t.Error("listens on", s.URL)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left of one that could not start: %q", left)
	}
}

func TestEveryDialect(t *testing.T) {
	for _, d := range api.Dialects() {
		s := open(t, sandbox.Config{Dialect: d})
		for _, a := range s.Apps {
			c := newSender(t, s, sandbox.Account)
			c.app = a
			c.login()
			want := map[api.Dialect][]string{
				api.All:      {"acceptid", "accpetid"},
				api.Table:    {"acceptid"},
				api.Example:  {"accpetid"},
				api.Overview: {"acceptid"},
			}
			body := c.send(caseBody(1, 3)).body
			for _, name := range []string{"acceptid", "accpetid"} {
				if got := strings.Contains(body, `"`+name+`"`); got != contains(want[a.Dialect], name) {
					t.Errorf("%s: %s", a.Dialect, body)
				}
			}
			if a.Dialect == d && (a.AppKey != s.AppKey || a.AppSecret != s.AppSecret) {
				t.Errorf("%s is not the app of the server", d)
			}
		}
	}
}

func contains(list []string, s string) bool { return strings.Contains(strings.Join(list, " "), s) }

func TestCasesAreVerified(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, sandbox.Account)
	c.login()
	c.send(caseBody(1, 200))
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		a, err := api.ReadAnswer(
			[]byte(c.call(api.Query, `{"caseid":"`+sandbox.Batch(1, 1).CaseID+`"}`).body),
			api.Query,
		)
		if err == nil && a.Status != nil && a.Status.State == "已核验" && a.Status.Findings > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v, %v", a, err)
		}
	}
}

// The same seed makes the same credentials, another seed others.
func TestSeedMakesCredentials(t *testing.T) {
	a, b, c := open(t, sandbox.Config{Seed: 7}), open(t, sandbox.Config{Seed: 7}), open(t, sandbox.Config{Seed: 8})
	if a.AppKey != b.AppKey || a.AppSecret != b.AppSecret || a.AppSecret == c.AppSecret || a.AppKey == c.AppKey {
		t.Error(a.AppKey, b.AppKey, c.AppKey)
	}
	x, y := newSender(t, a, sandbox.Account), newSender(t, b, sandbox.Account)
	if x.login(); x.token == y.login() {
		t.Error("tokens come from the seed")
	}
}

// After a reset nothing is known any more but the credentials.
func TestReset(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, "应答丢失")
	c.login()
	c.send(caseBody(1, 3))
	c.accept(caseBody(1, 3))
	s.AddRule(sandbox.Rule{Fault: "busy"})
	if status, text := post(t, s, "POST", "reset", ""); status != 204 {
		t.Fatal(status, text)
	}
	if text := get(t, s, "transcript.json"); strings.TrimSpace(text) != "[]" {
		t.Error(text)
	}
	if again := c.send(caseBody(1, 3)); !strings.Contains(again.body, "13000") {
		t.Error("the token is still good:", again)
	}
	c.login()
	if no := c.stored(sandbox.Batch(1, 1).CaseID); no != "" {
		t.Error("the case is still there:", no)
	}
	if lost := c.send(caseBody(1, 4)); lost.err == nil {
		t.Error("not the first attempt:", lost)
	}
	var rules []sandbox.Rule
	if err := json.Unmarshal([]byte(get(t, s, "rules")), &rules); err != nil || len(rules) > 0 {
		t.Error(rules, err)
	}
}
