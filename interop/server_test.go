package interop

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// account is the one account of every app.
const account = "张三"

// receiver is the real front door over a real store, behind TLS.
type receiver struct {
	URL  string
	CA   string // file of the private CA, made for this receiver
	Desk *intake.Desk

	door  http.Handler
	fault fault
	mu    sync.Mutex
	calls map[string]int // requests seen so far, by the last element of their path
	seen  []string       // tokens
}

// fault stands between the network and the front door. n counts the requests of one call from 1.
type fault func(r *receiver, call string, n int, w http.ResponseWriter, req *http.Request)

// pass lets a request through.
func pass(r *receiver, _ string, _ int, w http.ResponseWriter, req *http.Request) {
	r.door.ServeHTTP(w, req)
}

// receive opens a receiver with a store of its own; nil is pass.
func receive(t *testing.T, f fault) *receiver {
	t.Helper()
	return receiveAs(t, f, "localhost")
}

// receiveAs is receive with a certificate for other names.
func receiveAs(t *testing.T, f fault, names ...string) *receiver {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "data"), store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{Desk: intake.NewDesk(intake.Config{Store: s}), fault: f, calls: make(map[string]int)}
	if f == nil {
		r.fault = pass
	}
	server := httpapi.Server(httpapi.Config{Desk: r.Desk})
	r.door, server.Handler, server.ErrorLog = server.Handler, r, log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conf, ca := certificates(t, names)
	r.URL, r.CA = "https://"+l.Addr().String(), ca
	served := make(chan error)
	go func() { served <- server.Serve(tls.NewListener(l, conf)) }()
	t.Cleanup(func() {
		server.Close()
		<-served
		s.Close()
	})
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	call := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	r.mu.Lock()
	r.calls[call]++
	n := r.calls[call]
	if token := req.URL.Query().Get("access_token"); token != "" {
		r.seen = append(r.seen, token)
	}
	r.mu.Unlock()
	r.fault(r, call, n, w, req)
}

func (r *receiver) count(call api.Call) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[string(call)]
}

// tokens are those that came in so far.
func (r *receiver) tokens() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.seen...)
}

// quietly lets the front door answer nobody: what it does is done.
func (r *receiver) quietly(req *http.Request) { r.door.ServeHTTP(httptest.NewRecorder(), req) }

// logout ends the session of a request.
func (r *receiver) logout(req *http.Request) {
	out := httptest.NewRequestWithContext(req.Context(), http.MethodPost, "/security/logout?"+req.URL.RawQuery, nil)
	r.quietly(out)
}

// app admits an app that is answered in the dialect.
func (r *receiver) app(t *testing.T, d api.Dialect) intake.Credentials {
	t.Helper()
	c, err := r.Desk.CreateApp(
		t.Context(),
		intake.Actor("test"),
		intake.AppSpec{Name: "办案系统 " + string(d), Dialect: d, Accounts: []string{account}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cases is everything that was accepted.
func (r *receiver) cases(t *testing.T) []intake.Case {
	t.Helper()
	var cs []intake.Case
	for row, err := range casework.New(r.Desk).AllCases(context.Background(), intake.System, intake.CaseQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		cs = append(cs, row.Case)
	}
	return cs
}

// body is what the store holds of a case, byte by byte.
func (r *receiver) body(t *testing.T, c intake.Case) string {
	t.Helper()
	rc, err := r.Desk.Body(t.Context(), intake.System, c)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// certificates makes a private CA and a certificate by it for the names, and for 127.0.0.1 if localhost is among them.
func certificates(t *testing.T, names []string) (conf *tls.Config, caFile string) {
	t.Helper()
	ca := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "test CA " + rand.Text()},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	caKey, caDER := sign(t, ca, ca, nil)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "diaoxiao"},
		NotBefore:    ca.NotBefore,
		NotAfter:     ca.NotAfter,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     names,
	}
	if slices.Contains(names, "localhost") {
		leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	key, der := sign(t, leaf, ca, caKey)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(
		caFile,
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}),
		0o666,
	); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, caFile
}

// sign makes a key and has its certificate signed; without by it signs itself.
func sign(t *testing.T, c, parent *x509.Certificate, by *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by = key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}
