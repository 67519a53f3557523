package sandbox_test

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"diaoxiao/sandbox"
)

// Names that lead to this machine are answered, those that somebody else may make lead here are not; nothing is told to
// them.
func TestNamesOfTheSandbox(t *testing.T) {
	s := open(t, sandbox.Config{})
	_, port, _ := net.SplitHostPort(s.Addr.String())
	for host, want := range map[string]int{
		"127.0.0.1:" + port:         200,
		"127.0.0.1":                 200,
		"localhost:" + port:         200,
		"LOCALHOST":                 200,
		"[::1]:" + port:             200,
		"evil.example:" + port:      421,
		"evil.example":              421,
		"127.0.0.1.evil.example":    421,
		"localhost.evil.example:80": 421,
		"10.1.2.3":                  421,
	} {
		for _, path := range []string{"/sandbox/info.json", "/sandbox/"} {
			if status, text := ask(t, s.Addr.String(), path, host); status != want ||
				want != 200 && (strings.Contains(text, s.AppSecret) || !strings.Contains(text, "本机")) {
				t.Errorf("%s%s: %d, want %d: %s", host, path, status, want, text)
			}
		}
	}
	if status, _ := ask(t, s.Addr.String(), "/security/login", "receiver.behind.a.proxy"); status != 405 {
		t.Error("a call of the interface under another name:", status)
	}
	// whoever listens for others is called by names that we do not know
	open := open(t, sandbox.Config{Listen: "0.0.0.0:0"})
	if status, text := ask(
		t,
		open.ControlURL[len("http://"):len(open.URL)],
		"/sandbox/info.json",
		"sandbox.example",
	); status != 200 {
		t.Error(status, text)
	}
}

// ask asks at an address under the name host.
func ask(t *testing.T, addr, path, host string) (int, string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// The certificate to trust is served; a sandbox without one says how to get one.
func TestServesItsCA(t *testing.T) {
	s := open(t, sandbox.Config{OwnCA: true})
	block, _ := pem.Decode([]byte(get(t, s, "ca.pem")))
	if block == nil {
		t.Fatal("not a certificate")
	}
	if c, err := x509.ParseCertificate(block.Bytes); err != nil || !c.IsCA {
		t.Error(c, err)
	}
	if text := get(t, s, ""); !strings.Contains(text, "/sandbox/ca.pem") ||
		!strings.Contains(text, "--cacert "+s.CAFile) {
		t.Error(text)
	}
	r, err := http.Get(open(t, sandbox.Config{}).ControlURL + "ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, _ := io.ReadAll(r.Body); r.StatusCode != 404 || !strings.Contains(string(b), "--tls") {
		t.Errorf("%d: %s", r.StatusCode, b)
	}
}
