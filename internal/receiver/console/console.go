// Package console is the operators' pages (管理台), rendered on the server: it finds out who asks, lets routes be seen by
// those whose role allows it, and turns what the desk says into Chinese pages. Rules, rights and the audit live in
// package intake, which decides again in the transaction that does the work.
//
// The decision you could not guess: a route says which right it takes, and the desk is asked for it a second time. A
// page that forgets the one is stopped by the other.
package console

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/workday"
)

// Config is what a console is built from. Zero fields take the defaults stated.
type Config struct {
	Desk *intake.Desk // required
	// Prefix is the path the console stands under, such as "/console".
	Prefix string
	// Networks may use the console; none: all.
	Networks []netip.Prefix
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. None: none.
	Proxies []netip.Prefix
	// Calendar tells working days; nil: workday.Default.
	Calendar *workday.Calendar
	// System is what the system page shows of the program around the desk; nil: nothing.
	System func(context.Context) System
	// Backlog is how many cases wait for verification and when the oldest came in; nil: not known.
	Backlog func(context.Context) (n int, oldest time.Time, err error)
	// Clock tells the time; nil: time.Now.
	Clock func() time.Time
	// SignIns is how many passwords may wait to be checked at once, SignInsOfSource how many of one source; more are
	// turned away. 0: 32 and 2. Known browsers have as many places of their own.
	SignIns, SignInsOfSource int
	// Crowded is called for each sign-in that was turned away for want of a place; nil: nothing.
	Crowded func()
	// Observe is called once for each request after its answer; nil: not. It must be quick.
	Observe func(Record)
	// Log gets what goes wrong; nil: nothing.
	Log *slog.Logger
	// Violation is called for each report of a breach of the content security policy, with what was reported, at most
	// 2000 bytes; nil: it is logged.
	Violation func(report string)
}

// console is the handler.
type console struct {
	Config
	routes   *http.ServeMux
	pages    map[string]*pageTemplate
	failures *peer.Throttle // of signing in
	reports  *peer.Throttle // of breaches of the policy: anybody may send them
	// Those whose passwords are checked: in known browsers, and elsewhere.
	browsers, strangers *peer.Queue
	sampler             *peer.Sampler // of requests of nobody who is signed in
}

// New returns the handler of the console. It expects requests with paths under Prefix.
func New(c Config) (http.Handler, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Calendar == nil {
		c.Calendar = workday.Default()
	}
	if c.Violation == nil {
		c.Violation = func(report string) { c.Log.Warn("content security policy violated", "report", report) }
	}
	c.SignIns, c.SignInsOfSource = cmp.Or(c.SignIns, defaultSignIns), cmp.Or(c.SignInsOfSource, defaultSignInsOfSource)
	s := &console{Config: c, routes: http.NewServeMux(), failures: peer.NewThrottle(c.Clock), reports: peer.NewThrottle(c.Clock),
		browsers: peer.NewQueue(c.SignInsOfSource, c.SignIns), strangers: peer.NewQueue(c.SignInsOfSource, c.SignIns),
		sampler: peer.NewSampler(c.Clock)}
	var err error
	if s.pages, err = s.parsePages(); err != nil {
		return nil, err
	}
	for _, r := range routes {
		s.handle(r)
	}
	s.routes.Handle("GET "+c.Prefix+"/assets/", s.assets())
	s.routes.HandleFunc("POST "+c.Prefix+"/csp", s.violation)
	toFirst := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, c.Prefix+"/", http.StatusSeeOther) }
	s.routes.HandleFunc(c.Prefix, toFirst)
	s.routes.HandleFunc("/{$}", toFirst) // asked for where the console has an address of its own
	s.routes.HandleFunc("/", s.missing)
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(s.foreign))
	return s.recorded(s.guard(own.Handler(s.routes))), nil
}

// foreign answers what another site had a browser send.
func (s *console) foreign(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusForbidden, "不是从管理台的页面提交的", "没有办理。请从管理台的菜单进入后重新操作；反复出现时，请系统管理员核对前置代理是否原样传递 Host。")
}

// maxForm bounds a request body.
const maxForm = 64 << 10

// guard bounds every request, says on every answer what a browser may do with it, and keeps out who may not come at
// all.
func (s *console) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "+
			"base-uri 'none'; frame-ancestors 'none'; report-uri "+s.Prefix+"/csp")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		switch {
		case r.URL.Query().Has("access_token"): // of the interface; a redirect, such as to the login, would carry it on
			s.missing(w, r)
		case len(s.Networks) > 0 && !peer.Within(peer.Source(r, s.Proxies), s.Networks):
			s.problem(w, r, http.StatusForbidden, "您的网络不能使用管理台", "请在允许的网段内访问，或请系统管理员调整 console_networks。")
		case !s.private(r):
			s.problem(w, r, http.StatusForbidden, "管理台须经 HTTPS 访问", "密码不能在网络上明文传送。请用 https:// 开头的地址，或请系统管理员给服务设置证书（tls_cert、tls_key）。")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// private reports whether nobody on the way can read the request: TLS, a named proxy that says so, or this very
// machine.
func (s *console) private(r *http.Request) bool {
	from := peer.Neighbour(r)
	switch {
	case r.TLS != nil:
		return true
	case r.Header.Get("X-Forwarded-Proto") != "" && peer.Within(from, s.Proxies):
		return r.Header.Get("X-Forwarded-Proto") == "https"
	}
	return from.IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}

// secure reports whether the browser speaks HTTPS, so that its cookies may say so.
func (s *console) secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" && peer.Within(peer.Neighbour(r), s.Proxies)
}
