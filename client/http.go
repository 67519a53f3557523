package client

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// NewHTTP returns an HTTP client made for this interface: TLS 1.2 or newer against roots (nil: the system's), HTTP/1.1
// with many kept connections, the proxy of the environment, no redirects, no cookies. It sets no limit to a whole
// exchange: a large list over a slow line may take its time, and Config.Silence ends one that stands still.
func NewHTTP(roots *x509.CertPool) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        60 * time.Second, // the server's is longer
			MaxIdleConnsPerHost:    64,
			MaxResponseHeaderBytes: 64 << 10,
			WriteBufferSize:        32 << 10,
			Protocols:              &protocols,
		},
	}
}
