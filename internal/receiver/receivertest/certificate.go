package receivertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Pair is the files of a certificate and its key.
type Pair struct{ Cert, Key string }

// NewPair is a pair of files in a folder that are still to be written.
func NewPair(dir string) Pair {
	return Pair{filepath.Join(dir, "server.crt"), filepath.Join(dir, "server.key")}
}

// Write writes a certificate of that serial number and its key, or only the named file of the two.
func (p Pair) Write(t *testing.T, serial int64, files ...string) {
	t.Helper()
	p.WriteUntil(t, time.Now().Add(time.Hour), serial, files...)
}

// WriteUntil writes a certificate that ends at that time.
func (p Pair) WriteUntil(t *testing.T, end time.Time, serial int64, files ...string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "diaoxiao"},
		NotBefore: end.Add(-2 * time.Hour), NotAfter: end, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{p.Cert: {Type: "CERTIFICATE", Bytes: cert},
		p.Key: {Type: "PRIVATE KEY", Bytes: private}} {
		if len(files) > 0 && files[0] != path {
			continue
		}
		Put(t, path, pem.EncodeToMemory(block), serial)
	}
}

// Put writes a file as of that many seconds from a moment: two writes may come within one tick of the file system's
// clock.
func Put(t *testing.T, path string, text []byte, seconds int64) {
	t.Helper()
	at := time.Unix(1_700_000_000+seconds, 0)
	if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}
