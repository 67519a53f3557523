package sandbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"diaoxiao/api"
)

// Config says how a sandbox is to be. The zero value is a good one.
type Config struct {
	Listen  string      // address; "": 127.0.0.1 and a free port
	TLS     *tls.Config // nil: plain HTTP
	Dialect api.Dialect // of the app in Server.AppKey; "": api.All
	// Seed decides the appKeys, the appSecrets and every draw of a fault that comes by chance.
	Seed uint64
	Log  *slog.Logger // of the receiver; nil: none
}

// Account is what to log in with.
const Account = "经办人"

// Server is a running sandbox. URL is {API_ROOT}.
type Server struct {
	URL       string
	AppKey    string
	AppSecret string
	Accounts  []string // the first is the plain one, Account
	Apps      []App    // one for each dialect
	Seed      uint64

	dir    string
	ground *ground
	public *http.Server
	served sync.WaitGroup
}

// Start opens a sandbox: the real receiver in a new temporary folder, listening when Start returns. Close it; nothing of it
// is kept. ctx bounds the start only.
func Start(ctx context.Context, c Config) (_ *Server, err error) {
	s := &Server{Seed: c.Seed, Accounts: []string{Account}}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if s.dir, err = os.MkdirTemp("", "diaoxiao-sandbox-"); err != nil {
		return nil, err
	}
	if s.ground, s.Apps, err = openGround(ctx, s.dir, c.Seed, s.Accounts, c.Log); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	for _, a := range s.Apps {
		if a.Dialect == cmp.Or(c.Dialect, api.All) {
			s.AppKey, s.AppSecret = a.AppKey, a.AppSecret
		}
	}
	if err := s.listen(c); err != nil {
		return nil, errors.Join(err, s.ground.close(), os.RemoveAll(s.dir))
	}
	return s, nil
}

func (s *Server) listen(c Config) error {
	l, err := net.Listen("tcp", cmp.Or(c.Listen, "127.0.0.1:0"))
	if err != nil {
		return fmt.Errorf("监听 %s：%w", c.Listen, err)
	}
	scheme := "http"
	if c.TLS != nil {
		conf := c.TLS.Clone()
		conf.NextProtos = []string{"h2", "http/1.1"}
		l, scheme = tls.NewListener(l, conf), "https"
	}
	s.URL = scheme + "://" + l.Addr().String()
	s.public = s.ground.public
	s.served.Go(func() { s.public.Serve(l) })
	return nil
}

// closeWait is how long Close lets requests that are under way come to their end.
const closeWait = 2 * time.Second

// Close ends everything and removes the folder. Safe to repeat.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	if s.public.Shutdown(ctx) != nil {
		s.public.Close()
	}
	s.served.Wait()
	return errors.Join(s.ground.close(), os.RemoveAll(s.dir))
}
