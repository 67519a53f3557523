// Package httpapi is the HTTPS front door of the desk: it bounds what comes in, finds out who asks, reads bodies
// strictly and spells answers in each app's dialect. Rules live in package intake; codes and spellings in package api.
//
// The decision you could not guess: there is no router. Paths must match to the letter, because a router that tidies
// paths answers with redirects, and a redirect would carry the access_token of the query string into a Location header.
package httpapi

import (
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// Config is what a front door is built from. Zero fields take the defaults stated.
type Config struct {
	Desk *intake.Desk // required
	// Root is the mount prefix {API_ROOT} ends in, such as "/gateway"; "" for none.
	Root string
	// MaxBody is the most bytes of one request body; 0: 64 MiB (S16).
	MaxBody int64
	// MaxItems is the most list items of one case; 0: api.DefaultItems (S16).
	MaxItems int
	// MaxBodies is how many request bodies of apps are read at once; more have to come back (19009). One app may use
	// half of them while less than half are taken, a quarter beyond (19008). 0: 1024.
	MaxBodies int
	// MaxStrangers is how many request bodies under no or a dead token are read, and dropped, at once, with the same
	// shares for each network address; more are answered unread. 0: 64.
	MaxStrangers int
	// MaxLargeBodies is how many bodies over 64 KiB are read at once; more wait up to ten seconds. One app may use a
	// share of them as of MaxBodies. 0: 16.
	MaxLargeBodies int
	// MaxLookups is how many answers to queryCaseinfo, listCaseinfo and receiptCaseinfo are made and sent at once, an
	// eighth of them for one app; more wait up to ten seconds. 0: 64.
	MaxLookups int
	// MaxReceipts is how many receipts are made at once, half of them for one app; more wait up to ten seconds. Each
	// may take a processor for half a second. 0: half of the processors.
	MaxReceipts int
	// Stuck is how long the reader of a long answer may take for the next piece of it. 0: 15 seconds.
	Stuck time.Duration
	// Proxies are the addresses whose X-Forwarded-For is believed. None: none.
	Proxies []netip.Prefix
	// Clock tells the time by which failed logins are counted; nil: time.Now.
	Clock func() time.Time
	// Observe is called once for each request after its answer; nil: not. It must be quick.
	Observe func(Record)
	// Log gets the server's own messages; nil: none.
	Log *slog.Logger
}

// Time limits of a connection. A body may take as long as it keeps arriving at minRate.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	minRate       = 8 << 10 // bytes a second, over the whole body
	slotTimeout   = 10 * time.Second
	stuckTimeout  = 15 * time.Second
)

// Other limits of a connection.
const (
	maxHeaderBytes = 16 << 10
	maxStreams     = 128      // of one HTTP/2 connection
	smallBody      = 64 << 10 // read in one piece
	maxLoginBody   = 64 << 10
	plainLogin     = 4 << 10   // what the body of a small call may be without a slot
	longLogins     = 64        // longer ones that are read at once
	maxPage        = 512 << 10 // bytes of one page of listCaseinfo
)

// Server returns the public HTTP server with all its limits. The caller sets Addr and TLSConfig and serves it.
func Server(c Config) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	s := &http.Server{
		Handler:           New(c),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		Protocols:         &protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams, WriteByteTimeout: stuckTimeout},
		// OPTIONS * is answered like any other request (S1).
		DisableGeneralOptionsHandler: true,
	}
	if c.Log != nil {
		s.ErrorLog = slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn)
	}
	return s
}

// door is the handler.
type door struct {
	Config
	routes    map[string]route
	bodies    *slots
	large     *slots    // those over smallBody
	strangers *slots    // under no token that lives
	lookups   *slots    // answers of queryCaseinfo, listCaseinfo and receiptCaseinfo
	receipts  *slots    // receipts in the making
	logins    *slots    // bodies of small calls over plainLogin
	heads     sync.Pool // *[smallBody]byte
	failures  *peer.Throttle
	sampler   *peer.Sampler
}

// route is one call, or a page: the methods it answers and what it does.
type route struct {
	call   api.Call
	allow  string
	serve  func(*door, *exchange) api.Answer
	method func(string) bool
}

func post(m string) bool      { return m == http.MethodPost }
func postOrGet(m string) bool { return m == http.MethodPost || m == http.MethodGet }
func getOrHead(m string) bool { return m == http.MethodGet || m == http.MethodHead }

// New returns the handler of the front door.
func New(c Config) http.Handler {
	if c.MaxBody <= 0 {
		c.MaxBody = 64 << 20
	}
	if c.MaxItems <= 0 {
		c.MaxItems = api.DefaultItems
	}
	if c.MaxBodies <= 0 {
		c.MaxBodies = 1024
	}
	if c.MaxLargeBodies <= 0 {
		c.MaxLargeBodies = 16
	}
	if c.MaxStrangers <= 0 {
		c.MaxStrangers = 64
	}
	if c.MaxLookups <= 0 {
		c.MaxLookups = 64
	}
	if c.MaxReceipts <= 0 {
		c.MaxReceipts = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if c.Stuck <= 0 {
		c.Stuck = stuckTimeout
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	lookups := newSlots(c.MaxLookups)
	lookups.each = max(1, c.MaxLookups/8)
	d := &door{
		Config:    c,
		bodies:    newSlots(c.MaxBodies),
		large:     newSlots(c.MaxLargeBodies),
		strangers: newSlots(c.MaxStrangers),
		lookups:   lookups,
		receipts:  newSlots(c.MaxReceipts),
		logins:    newSlots(longLogins),
		failures:  peer.NewThrottle(c.Clock),
		sampler:   peer.NewSampler(c.Clock),
		routes:    make(map[string]route),
	}
	d.heads.New = func() any { return new([smallBody]byte) }
	for _, r := range []route{
		{api.Login, "POST", (*door).login, post},
		{api.Receive, "POST", (*door).receive, post},
		{api.Query, "POST", (*door).query, post},
		{api.List, "POST", (*door).list, post},
		{api.Receipt, "POST", (*door).receipt, post},
		{api.Logout, "POST, GET", (*door).logout, postOrGet}, // C5
	} {
		d.routes[c.Root+r.call.Path()] = r
	}
	for _, p := range pages() {
		d.routes[c.Root+p.path] = p.route()
	}
	return d
}
