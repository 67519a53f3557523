package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
)

// pair writes a certificate with that serial number and its key into dir.
type pair struct{ cert, key string }

func newPair(dir string) pair {
	return pair{filepath.Join(dir, "server.crt"), filepath.Join(dir, "server.key")}
}

func (p pair) write(t *testing.T, serial int64, files ...string) {
	t.Helper()
	p.writeUntil(t, time.Now().Add(time.Hour), serial, files...)
}

// writeUntil writes a certificate that ends at that time.
func (p pair) writeUntil(t *testing.T, end time.Time, serial int64, files ...string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "diaoxiao"}, NotBefore: end.Add(-2 * time.Hour),
		NotAfter: end, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{p.cert: {Type: "CERTIFICATE", Bytes: cert}, p.key: {Type: "PRIVATE KEY", Bytes: private}} {
		if len(files) > 0 && files[0] != path {
			continue
		}
		put(t, path, pem.EncodeToMemory(block), serial)
	}
}

// put writes a file as of that many seconds from a moment: two writes may come within one tick of the file system's
// clock.
func put(t *testing.T, path string, text []byte, seconds int64) {
	t.Helper()
	at := time.Unix(1_700_000_000+seconds, 0)
	if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

// serial is the serial number of the certificate that a server shows.
func serial(t *testing.T, address string) int64 {
	t.Helper()
	c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if p := c.ConnectionState().NegotiatedProtocol; p != "h2" {
		t.Errorf("protocol %q", p)
	}
	return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// New files count from the next handshake on, at the latest a second later; half a pair does not count.
func TestCertificateIsReloaded(t *testing.T) {
	t.Parallel()
	p := newPair(t.TempDir())
	p.write(t, 1)
	r := serveHere(t, t.TempDir(), func(c *config) { c.TLSCert, c.TLSKey = p.cert, p.key })
	address := r.addr.String()
	if got := serial(t, address); got != 1 {
		t.Fatal(got)
	}
	p.write(t, 2)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 2 {
		t.Errorf("certificate %d after the files changed", got)
	}
	p.write(t, 3, p.cert)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 2 {
		t.Errorf("certificate %d while only half of the pair is written", got)
	}
	p.write(t, 4)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 4 {
		t.Errorf("certificate %d after the pair was complete", got)
	}
}

// Each change is told of once, what cannot be read too.
func TestCertificateReloadIsLogged(t *testing.T) {
	var log bytes.Buffer
	p := newPair(t.TempDir())
	p.write(t, 1)
	c, err := newCertificate(p.cert, p.key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	handshake := func() {
		c.looked = time.Time{}
		if got, err := c.get(nil); err != nil || got == nil {
			t.Fatal(got, err)
		}
	}
	handshake()
	put(t, p.key, []byte("x"), 2)
	handshake()
	handshake()
	os.Remove(p.cert)
	handshake()
	p.write(t, 3)
	handshake()
	handshake()
	if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "reloaded") {
		t.Error(log.String())
	}
}

// Old protocol versions are refused, and so is plain HTTP on the TLS port.
func TestTLSIsModern(t *testing.T) {
	t.Parallel()
	p := newPair(t.TempDir())
	p.write(t, 1)
	r := serveHere(t, t.TempDir(), func(c *config) { c.TLSCert, c.TLSKey = p.cert, p.key })
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c, err := tls.Dial("tcp", r.addr.String(), &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
		if (err == nil) != works {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			c.Close()
		}
	}
	if _, err := r.exchange(t.Context(), api.Login, "", []byte("{}")); err == nil {
		t.Error("plain HTTP on the TLS port is answered as if it were the interface")
	}
}

// What is wrong with the files is told before anything is opened to senders.
func TestBadCertificate(t *testing.T) {
	p := newPair(t.TempDir())
	p.write(t, 1)
	p.write(t, 2, p.key)
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, {"config", "check"}} {
		r := runHere(t, nil, append(args, "--tls-cert", p.cert, "--tls-key", p.key)...)
		if r.code != exitUsage || !strings.Contains(r.err, "读取 TLS 证书 "+p.cert+" 与私钥 "+p.key) {
			t.Errorf("%d %s", r.code, r.err)
		}
	}
}

// A certificate that has ended is found by config check.
func TestExpiredCertificate(t *testing.T) {
	p := newPair(t.TempDir())
	p.writeUntil(t, time.Now().Add(-time.Minute), 1)
	r := runHere(t, nil, "config", "check", "--tls-cert", p.cert, "--tls-key", p.key)
	if r.code != exitUsage || !strings.Contains(r.err, "TLS 证书 "+p.cert+" 已于") || !strings.Contains(r.err, "过期，请换上新的证书") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

// The end of the certificate is a figure, a line of the system page and, where it is near, a warning.
func TestCertificateEndIsKnown(t *testing.T) {
	p := newPair(t.TempDir())
	end := time.Now().Add(29 * 24 * time.Hour)
	p.writeUntil(t, end, 1)
	r := serveHere(t, t.TempDir(), func(c *config) { c.TLSCert, c.TLSKey, c.OpsListen = p.cert, p.key, "127.0.0.1:0" })
	if got := r.scrape(t)["diaoxiao_certificate_end_seconds"]; got != float64(end.Unix()) {
		t.Errorf("%f, want %d", got, end.Unix())
	}
	said := false
	for _, f := range r.system(t.Context()).Facts {
		said = said || f.Name == "TLS 证书到期" && f.Value == cli.Beijing(end) && f.Bad
	}
	if !said {
		t.Error("the system page does not say so")
	}
}
