package server

import (
	"bufio"
	"crypto/tls"
	"diaoxiao/internal/receiver/receivertest"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/sandbox"
)

// dial opens a connection to a server and sends text.
func (r *running) dial(t *testing.T, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.Addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, text); err != nil && !closed(err) {
		t.Fatal(err)
	}
	return c
}

// closed reports whether the other side closed the connection.
func closed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// closedByServer reports whether nothing but the end comes from the server.
func closedByServer(c net.Conn) bool {
	_, err := c.Read(make([]byte, 1))
	return closed(err)
}

// alone sends a case on a connection of its own.
func (r *running) alone(t *testing.T, serial uint64) error {
	t.Helper()
	c := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Post("http://"+r.Addr.String()+api.Receive.Path()+"?access_token="+r.Token, "application/json",
		strings.NewReader(string(receivertest.CaseBody(sandbox.Batch(serial, 1)))))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && !strings.Contains(string(body), "SUCCESS") {
		err = fmt.Errorf("%s", body)
	}
	return err
}

const halfHead = "POST /security/login HTTP/1.1\r\nHost: x\r\n"

// Connections that wait for a request make room for others, those of the source that has the most first; the ones at
// work stay, and the operators' listener is reachable all the while.
func TestConnectionsMakeRoom(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.MaxConnections, c.MaxConnectionsPerSource, c.OpsListen = 20, 20, "127.0.0.1:0"
	})
	r.admit(t, "应用甲")
	body := string(receivertest.CaseBody(sandbox.Batch(1, 1)))
	busy := r.dial(t, fmt.Sprintf("POST %s?access_token=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s",
		api.Receive.Path(), r.Token, len(body), body[:20]))
	for _, kind := range []string{"", halfHead, "\x16\x03\x01"} {
		var held []net.Conn
		for range 40 {
			held = append(held, r.dial(t, kind))
		}
		for i := range 3 {
			if err := r.alone(t, uint64(100+i)); err != nil {
				t.Errorf("beside connections with %q: %v", kind, err)
			}
		}
		if !closedByServer(held[0]) {
			t.Errorf("%q: the longest waiting was not closed", kind)
		}
	}
	f := r.scrape(t)
	if f["diaoxiao_connections"] > 20 || f["diaoxiao_connections_limit"] != 20 ||
		f["diaoxiao_connections_evicted_total"] < 60 || f["diaoxiao_ready"] != 1 {
		t.Errorf("%v", f)
	}
	io.WriteString(busy, body[20:])
	if res, err := http.ReadResponse(bufio.NewReader(busy), nil); err != nil || res.StatusCode != 200 {
		t.Errorf("a request under way was cut: %v", err)
	}
}

// Where all are at work, a new connection is closed at once, and the next one finds room when they are done.
func TestConnectionsAtWork(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.MaxConnectionsPerSource, c.OpsListen = 4,
			"127.0.0.1:0"
	})
	r.admit(t, "应用甲")
	receivertest.CloseIdleConnections()
	r.awaitFigures(t, "the connection of the login to end",
		func(f figures) bool { return f["diaoxiao_connections"] == 0 })
	var busy []net.Conn
	for range 4 {
		c := r.dial(t, "POST "+api.Receive.Path()+"?access_token="+r.Token+" HTTP/1.1\r\n"+
			"Host: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
			t.Fatalf("%q %v", line, err)
		}
		busy = append(busy, c)
	}
	if !closedByServer(r.dial(t, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
		t.Error("a fifth connection of one source was let in")
	}
	if f := r.scrape(t); f["diaoxiao_connections_refused_total"] < 1 || f["diaoxiao_connections"] > 4 {
		t.Errorf("%v", f)
	}
	for _, c := range busy {
		c.Close()
	}
	for end := time.Now().Add(time.Minute); r.alone(t, 1) != nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no room after the others were done")
		}
	}
}

// A proxy that is trusted carries many senders: it has no bound of its own.
func TestConnectionsOfProxy(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.MaxConnectionsPerSource, c.OpsListen, c.BehindProxy = 2, "127.0.0.1:0", true
	})
	for range 20 {
		r.dial(t, halfHead)
	}
	r.awaitFigures(t, "20 connections of a proxy", func(f figures) bool { return f["diaoxiao_connections"] == 20 })
	if f := r.scrape(t); f["diaoxiao_connections_evicted_total"]+f["diaoxiao_connections_refused_total"] != 0 {
		t.Errorf("%v", f)
	}
}

// Connections leave descriptors for everything else, however few there are.
func TestConnectionsWithinFiles(t *testing.T) {
	for _, x := range []struct {
		most  int
		files uint64
		want  int
	}{{4096, 65536, 4096}, {4096, 4096, 3584}, {4096, 1024, 512}, {4096, 256, 128}, {4096, 1, 1}, {10, 65536,
		10}, {4096, 0, 4096}, {4096, 1 << 63, 4096}} {
		if got := withinFiles(x.most, x.files); got != x.want {
			t.Errorf("%d connections, %d files: %d, want %d", x.most, x.files, got, x.want)
		}
	}
}

// A length and chunks at once are refused, and their connection ends; chunks alone are lawful, and go on.
func TestLengthAndChunks(t *testing.T) {
	r := serveHere(t, t.TempDir(), nil)
	r.admit(t, "应用甲")
	chunks := "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n"
	for head, want := range map[string]string{
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n":                      "400",
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n":                      "400",
		"Transfer-Encoding: Chunked\r\nX: y\r\ncontent-LENGTH:5\r\n":               "400",
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 5\r\n": "400",
		"Transfer-Encoding: chunked\r\n":                                           "200",
		"Transfer-Encoding: chunked\r\nX-Content-Length: 5\r\n":                    "200",
		"Transfer-Encoding: chunked\r\nX: a\r\n Content-Length: 5\r\n":             "200",
	} {
		for _, path := range []string{api.Login.Path(), "/console/login"} {
			if want == "200" && path != api.Login.Path() {
				continue // a page refuses this body anyway
			}
			request := "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + head + "\r\n" + chunks
			c := r.dial(t, request)
			in := bufio.NewReader(c)
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
			if bad := res.StatusCode == 400; bad != (want == "400") {
				t.Errorf("%s %q: %s", path, head, res.Status)
			}
			if want == "400" {
				if _, err = in.Peek(1); !closed(err) {
					t.Errorf("%s %q: the connection goes on: %v", path, head, err)
				}
				continue
			}
			io.WriteString(c, request)
			if res, err = http.ReadResponse(in, nil); err != nil || res.StatusCode == 400 {
				t.Errorf("%s %q: again: %v", path, head, err)
			}
		}
	}
}

// TLS 1.2 is for old clients that know GCM or ChaCha20, as Java 8 does; CBC is there for older ones where it is asked
// for.
func TestCipherSuites(t *testing.T) {
	p := receivertest.NewPair(t.TempDir())
	p.Write(t, 1)
	for _, cbc := range []bool{false, true} {
		r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.TLSCert, c.TLSKey, c.TLSCBC = p.Cert, p.Key, cbc })
		for suite, want := range map[uint16]bool{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: true, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: true,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: true,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:          cbc, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: cbc,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: false, tls.TLS_RSA_WITH_AES_128_GCM_SHA256: false,
		} {
			c, err := tls.Dial("tcp", r.Addr.String(),
				&tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}})
			if err == nil {
				c.Close()
			}
			if (err == nil) != want {
				t.Errorf("cbc %t: %s: %v", cbc, tls.CipherSuiteName(suite), err)
			}
		}
	}
}

// An app has so many sessions at once. None of them is ended for another; the login is refused until one is over.
func TestSessionsAreBounded(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.MaxSessions = 3 })
	r.admit(t, "应用甲")
	tokens := []string{r.Token}
	login := func() (string, error) {
		a, err := r.Exchange(t.Context(), api.Login, "", receivertest.LoginBody(r.App))
		if err == nil && len(a.Problems) > 0 {
			err = errors.New(api.CodeList(a.Problems))
		}
		return a.Token, err
	}
	for range 2 {
		token, err := login()
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	for range 30 { // more often than a login may fail
		if _, err := login(); err == nil || err.Error() != string(api.TooManyRequests) {
			t.Fatalf("a fourth session: %v", err)
		}
	}
	for i, token := range tokens {
		r.Token = token
		if err := r.alone(t, uint64(10+i)); err != nil {
			t.Errorf("session %d: %v", i, err)
		}
	}
	app := r.App
	r.admit(t, "应用乙") // another app is not kept out
	r.App = app
	if _, err := r.Call(t.Context(), api.Logout, tokens[0], []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := login(); err != nil {
		t.Errorf("after a logout: %v", err)
	}
}
