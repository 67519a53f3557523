package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a TLS certificate that is read again when its files change.
type certificate struct {
	cert, key string
	log       *slog.Logger
	mu        sync.Mutex
	current   *tls.Certificate
	stamp     [2]time.Time // of the files that current was read from
	refused   [2]time.Time // of files that could not be read
	looked    time.Time
}

func newCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log}
	stamp, err := c.stamps()
	if err != nil {
		return nil, err
	}
	return c, c.read(stamp)
}

func (c *certificate) stamps() (s [2]time.Time, err error) {
	for i, path := range []string{c.cert, c.key} {
		info, err := os.Stat(path)
		if err != nil {
			return s, fmt.Errorf("读取 TLS 证书：%w", err)
		}
		s[i] = info.ModTime()
	}
	return s, nil
}

func (c *certificate) read(stamp [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("读取 TLS 证书 %s 与私钥 %s：%w", c.cert, c.key, err)
	}
	c.current, c.stamp = &pair, stamp
	return nil
}

// get returns the certificate for a handshake. It looks at the files once a second at most; while new ones cannot be
// read, perhaps because only one of the two is written yet, the old ones stay in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) > time.Second {
		c.looked = time.Now()
		c.reread()
	}
	return c.current, nil
}

// end is the time at which the certificate in use expires.
func (c *certificate) end() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current.Leaf.NotAfter
}

// soonExpired is how long before a certificate expires the warnings begin.
const soonExpired = 30 * 24 * time.Hour

// watchCertificate warns at each interval, from soonExpired on, that the certificate expires. It returns when ctx ends.
func (s *Server) watchCertificate(ctx context.Context, every time.Duration) {
	if s.cert == nil {
		return
	}
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if end := s.cert.end(); time.Until(end) < soonExpired {
			s.Log.Warn("TLS certificate ends soon", "until", end)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// reread reports each change of the files once, in the log.
func (c *certificate) reread() {
	stamp, err := c.stamps()
	if err != nil || stamp == c.stamp || stamp == c.refused {
		return
	}
	if err := c.read(stamp); err != nil {
		c.refused = stamp
		c.log.Warn("new TLS certificate cannot be read, the old one stays in use", "err", err)
		return
	}
	c.log.Info("TLS certificate reloaded", "until", c.current.Leaf.NotAfter)
}

// tlsConfig accepts TLS 1.3, and the suites of TLS 1.2 that have forward secrecy and are not CBC. With cbc it also
// accepts CBC suites that have forward secrecy.
func tlsConfig(c *certificate, cbc bool) *tls.Config {
	suites := []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}
	if cbc {
		suites = append(suites, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: suites, GetCertificate: c.get,
		NextProtos: []string{"h2", "http/1.1"}}
}

// TLSConfig is the configuration of a server with the certificate in these files. The files are read again when they
// change; each change is logged.
func TLSConfig(cert, key string, log *slog.Logger) (*tls.Config, error) {
	c, err := newCertificate(cert, key, log)
	if err != nil {
		return nil, err
	}
	return tlsConfig(c, false), nil
}
