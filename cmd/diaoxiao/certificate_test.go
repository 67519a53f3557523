package main

import (
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/receivertest"
)

// A fault in the files of the certificate is reported before the server listens, and by config check.
func TestBadCertificate(t *testing.T) {
	p := receivertest.NewPair(t.TempDir())
	p.Write(t, 1)
	p.Write(t, 2, p.Key)
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, {"config", "check"}} {
		r := runHere(t, nil, append(args, "--tls-cert", p.Cert, "--tls-key", p.Key)...)
		if r.code != exitUsage || !strings.Contains(r.err, "读取 TLS 证书 "+p.Cert+" 与私钥 "+p.Key) {
			t.Errorf("%d %s", r.code, r.err)
		}
	}
}

// config check finds a certificate that has expired.
func TestExpiredCertificate(t *testing.T) {
	p := receivertest.NewPair(t.TempDir())
	p.WriteUntil(t, time.Now().Add(-time.Minute), 1)
	r := runHere(t, nil, "config", "check", "--tls-cert", p.Cert, "--tls-key", p.Key)
	if r.code != exitUsage || !strings.Contains(r.err, "TLS 证书 "+p.Cert+" 已于") ||
		!strings.Contains(r.err, "过期，请换上新的证书") {
		t.Errorf("%d %s", r.code, r.err)
	}
}
