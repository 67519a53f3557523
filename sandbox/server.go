package sandbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
)

// Config says how a sandbox is to be. The zero value is a good one.
type Config struct {
	Listen  string      // address; "": 127.0.0.1 and a free port
	TLS     *tls.Config // nil: plain HTTP, unless OwnCA
	OwnCA   bool        // TLS by a CA that is made for this sandbox: Server.CAFile
	Dialect api.Dialect // of the app in Server.AppKey; "": api.All
	// Seed decides the appKeys, the appSecrets and every draw of a fault that comes by chance.
	Seed uint64
	// Transcript gets each exchange as a line of JSON, masked; nil: nothing does.
	Transcript io.Writer
	// Observe is called after each exchange, one at a time; nil: not.
	Observe func(Exchange)
	Log     *slog.Logger // of the receiver; nil: none
}

// Account is what to log in with where nothing is to go wrong.
const Account = "经办人"

// Server is a running sandbox.
type Server struct {
	URL        string // {API_ROOT}
	ControlURL string // of the pages and the control API, with a slash at its end
	AppKey     string
	AppSecret  string
	Accounts   []string // Account, one for each fault, and Rotation
	Apps       []App    // one for each dialect
	Seed       uint64
	Addr       *net.TCPAddr
	CAFile     string // certificate of the CA, in the folder that Close removes; "": none was made
	SecretFile string // holds AppSecret, in the same folder
	Policy     string // the trust policy by which receipts of this sandbox verify
	PolicyFile string // holds Policy, in the same folder
	Outbox     string // path of a folder that is not there yet, for senders by files; Close removes it too

	dir        string
	keys       seal.Keys // of the evidence log
	ca         []byte    // what CAFile holds
	name       string    // host of Config.Listen
	log        *slog.Logger
	groundLock sync.RWMutex // held while ground is used
	ground     *ground
	public     *http.Server
	control    http.Handler
	served     sync.WaitGroup
	entrance   sync.Mutex // held while busy grows, and while closed is set
	closed     bool
	busy       sync.WaitGroup
	requests   atomic.Int64
	sessions   sessions
	script     *script
	transcript transcript
}

// Start opens a sandbox: the real receiver in a new temporary folder, listening when Start returns. Close it; nothing
// of it is kept. ctx bounds the start only.
func Start(ctx context.Context, c Config) (_ *Server, err error) {
	s := &Server{
		Seed:       c.Seed,
		log:        c.Log,
		script:     newScript(c.Seed),
		transcript: transcript{file: c.Transcript, observe: c.Observe},
	}
	s.Accounts = append(append([]string{Account}, names(faults)...), Rotation)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.dir, err = os.MkdirTemp("", "diaoxiao-sandbox-"); err != nil {
		return nil, err
	}
	if s.keys, err = seal.Generate("sandbox.invalid/diaoxiao"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if s.ground, s.Apps, err = s.openGround(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	for _, a := range s.Apps {
		if a.Dialect == cmp.Or(c.Dialect, api.All) {
			s.AppKey, s.AppSecret = a.AppKey, a.AppSecret
		}
	}
	s.SecretFile, s.Outbox = filepath.Join(s.dir, "secret.txt"), filepath.Join(s.dir, "outbox")
	s.Policy, s.PolicyFile = evidence.WritePolicy(s.keys.VerifierKeys()...), filepath.Join(s.dir, "policy.txt")
	if err := errors.Join(os.WriteFile(s.SecretFile, []byte(s.AppSecret+"\n"), 0o600),
		os.WriteFile(s.PolicyFile, []byte(s.Policy), 0o644), s.listen(c)); err != nil {
		return nil, errors.Join(err, s.ground.close(), os.RemoveAll(s.dir))
	}
	return s, nil
}

// listen serves on one address the receiver with its faults, and below controlPath what is said about them.
func (s *Server) listen(c Config) error {
	listen := cmp.Or(c.Listen, "127.0.0.1:0")
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("监听 %s：%w", listen, err)
	}
	s.name, _, _ = net.SplitHostPort(listen)
	if c.OwnCA {
		if c.TLS, err = s.ownCA(listen); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	s.Addr = l.Addr().(*net.TCPAddr)
	s.URL = "http://" + reachable(s.Addr)
	if c.TLS != nil {
		conf := c.TLS.Clone()
		conf.NextProtos = []string{"h2", "http/1.1"}
		l, s.URL = tls.NewListener(l, conf), "https://"+reachable(s.Addr)
	}
	s.ControlURL = s.URL + controlPath
	s.control = s.controls()
	s.public = newPublic(s.ground.public, s)
	s.served.Go(func() { s.public.Serve(l) })
	return nil
}

// reachable is an address at which this machine reaches what listens at a.
func reachable(a *net.TCPAddr) string {
	if a.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", itoa(a.Port))
	}
	return a.String()
}

// newPublic is a server with the receiver's limits and another handler.
func newPublic(like *http.Server, h http.Handler) *http.Server {
	return &http.Server{
		Handler:                      h,
		ReadHeaderTimeout:            like.ReadHeaderTimeout,
		ReadTimeout:                  like.ReadTimeout,
		WriteTimeout:                 like.WriteTimeout,
		IdleTimeout:                  like.IdleTimeout,
		MaxHeaderBytes:               like.MaxHeaderBytes,
		Protocols:                    like.Protocols,
		HTTP2:                        like.HTTP2,
		ErrorLog:                     like.ErrorLog,
		DisableGeneralOptionsHandler: like.DisableGeneralOptionsHandler,
	}
}

// ServeHTTP answers with the control API, a fault, or the receiver.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	defer s.busy.Done()
	if strings.HasPrefix(r.URL.Path+"/", controlPath) && r.URL.Path != trapPath {
		// the calls of the interface show nothing to a client without credentials, and may come through a proxy
		if !s.named(r.Host) {
			http.Error(w, strangeHost, http.StatusMisdirectedRequest)
			return
		}
		s.control.ServeHTTP(w, r)
		return
	}
	v := s.arrive(w, r)
	f, struck, err := s.script.pick(v)
	switch {
	case err != nil:
		v.send(answer{
			http.StatusBadRequest,
			http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
			[]byte(err.Error() + "\n"),
		})
	case r.URL.Path == trapPath:
		v.send(page(http.StatusOK, "上网认证：请先登录"))
	case struck:
		f.do(v)
	default:
		v.send(v.real())
	}
}

// enter counts a request as under way. It reports false once Close waits for those: one that came later would use what
// is removed.
func (s *Server) enter() bool {
	s.entrance.Lock()
	defer s.entrance.Unlock()
	if !s.closed {
		s.busy.Add(1)
	}
	return !s.closed
}

// leave lets nobody enter any more and waits for those within.
func (s *Server) leave() {
	s.entrance.Lock()
	s.closed = true
	s.entrance.Unlock()
	s.busy.Wait()
}

// Reset takes all rules back, forgets what was seen and begins with an empty receiver; what is in Outbox goes with the
// cases that it was about. The credentials stay; every token ends.
func (s *Server) Reset(ctx context.Context) error {
	fresh, _, err := s.openGround(ctx)
	if err != nil {
		return err
	}
	s.groundLock.Lock()
	old := s.ground
	s.ground = fresh
	s.script.clear()
	s.sessions.clear()
	s.transcript.clear()
	s.groundLock.Unlock()
	return errors.Join(old.close(), os.RemoveAll(s.Outbox))
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
	s.leave()
	return errors.Join(s.ground.close(), os.RemoveAll(s.dir))
}
