package server

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/receivertest"
)

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
	p := receivertest.NewPair(t.TempDir())
	p.Write(t, 1)
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.TLSCert, c.TLSKey = p.Cert, p.Key })
	address := r.Addr.String()
	if got := serial(t, address); got != 1 {
		t.Fatal(got)
	}
	p.Write(t, 2)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 2 {
		t.Errorf("certificate %d after the files changed", got)
	}
	p.Write(t, 3, p.Cert)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 2 {
		t.Errorf("certificate %d while only half of the pair is written", got)
	}
	p.Write(t, 4)
	time.Sleep(1100 * time.Millisecond)
	if got := serial(t, address); got != 4 {
		t.Errorf("certificate %d after the pair was complete", got)
	}
}

// The log reports each change of the files once, also a change that cannot be read.
func TestCertificateReloadIsLogged(t *testing.T) {
	var log bytes.Buffer
	p := receivertest.NewPair(t.TempDir())
	p.Write(t, 1)
	c, err := newCertificate(p.Cert, p.Key, slog.New(slog.NewTextHandler(&log, nil)))
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
	receivertest.Put(t, p.Key, []byte("x"), 2)
	handshake()
	handshake()
	os.Remove(p.Cert)
	handshake()
	p.Write(t, 3)
	handshake()
	handshake()
	if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "level=WARN") ||
		!strings.Contains(log.String(), "reloaded") {
		t.Error(log.String())
	}
}

// Old protocol versions are refused, and so is plain HTTP on the TLS port.
func TestTLSIsModern(t *testing.T) {
	t.Parallel()
	p := receivertest.NewPair(t.TempDir())
	p.Write(t, 1)
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.TLSCert, c.TLSKey = p.Cert, p.Key })
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false,
		tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c, err := tls.Dial("tcp", r.Addr.String(), &tls.Config{InsecureSkipVerify: true, MinVersion: version,
			MaxVersion: version})
		if (err == nil) != works {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			c.Close()
		}
	}
	if _, err := r.Exchange(t.Context(), api.Login, "", []byte("{}")); err == nil {
		t.Error("plain HTTP on the TLS port is answered as if it were the interface")
	}
}

// The end of the certificate is a figure, a line of the system page and, where it is near, a warning.
func TestCertificateEndIsKnown(t *testing.T) {
	p := receivertest.NewPair(t.TempDir())
	end := time.Now().Add(29 * 24 * time.Hour)
	p.WriteUntil(t, end, 1)
	r := serveHere(t, t.TempDir(), func(c *config.Settings) {
		c.TLSCert, c.TLSKey, c.OpsListen = p.Cert, p.Key,
			"127.0.0.1:0"
	})
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
