package client_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// A private CA is trusted where it is given.
func TestPrivateCA(t *testing.T) {
	s := openSite(t)
	target, _ := url.Parse(s.URL)
	secure := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(target))
	defer secure.Close()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))
	c := s.client(t, func(c *client.Config) { c.URL, c.HTTP = secure.URL, client.NewHTTP(roots) })
	if _, err := c.Receive(t.Context(), client.Case(sandbox.Batch(1, 1))); err != nil {
		t.Error(err)
	}
}
