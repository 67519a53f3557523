package peer

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// stalledAfter is how long a body may keep its connection waiting before that counts as one that waits for a request.
const stalledAfter = time.Second

// Bound limits the connections that listeners hold open, in all and of one source. Where there are too many, that which
// has waited longest for a request makes room; where none waits, the new one is closed. Closed, not held back: its
// sender notices at once, and comes again. Safe for concurrent use.
type Bound struct {
	all, each int
	proxies   []netip.Prefix
	began     time.Time
	mu        sync.Mutex
	open      map[*Conn]struct{}
	of        map[netip.Prefix]int
	evicted   atomic.Int64
	refused   atomic.Int64
}

// NewBound returns a Bound of so many connections in all and of each source. Those of the proxies come from many
// senders and count in all alone.
func NewBound(all, each int, proxies []netip.Prefix) *Bound {
	return &Bound{
		all:     all,
		each:    each,
		proxies: proxies,
		began:   time.Now(),
		open:    make(map[*Conn]struct{}),
		of:      make(map[netip.Prefix]int),
	}
}

// Limit is how many connections may be open in all.
func (b *Bound) Limit() int { return b.all }

// Open is how many are open now.
func (b *Bound) Open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.open)
}

// Evicted is how many were closed while they waited for a request, to make room.
func (b *Bound) Evicted() int64 { return b.evicted.Load() }

// Refused is how many were closed as they came.
func (b *Bound) Refused() int64 { return b.refused.Load() }

// Conn is a connection within a Bound.
type Conn struct {
	net.Conn
	in     *Bound
	source netip.Prefix
	proxy  bool
	waits  atomic.Int64 // since when it waits for a request, from the beginning of the Bound; 0: it does not
	head   *head        // of the request that comes; nil: hidden by TLS
	gone   sync.Once
}

// Close closes the connection; it may be called twice.
func (c *Conn) Close() error {
	c.gone.Do(func() {
		c.in.mu.Lock()
		defer c.in.mu.Unlock()
		c.in.forget(c)
	})
	return c.Conn.Close()
}

// CloseWrite ends the sending half, as net/http does before it closes a connection whose peer still sends.
func (c *Conn) CloseWrite() error {
	if t, ok := c.Conn.(*net.TCPConn); ok {
		return t.CloseWrite()
	}
	return nil
}

func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.head.add(p[:n])
	return n, err
}

func (c *Conn) wait(grace time.Duration) { c.waits.Store(int64(time.Since(c.in.began)+grace) + 1) }
func (c *Conn) work()                    { c.waits.Store(0) }

// forget needs b.mu.
func (b *Bound) forget(c *Conn) {
	if _, there := b.open[c]; !there {
		return
	}
	delete(b.open, c)
	if b.of[c.source]--; b.of[c.source] == 0 {
		delete(b.of, c.source)
	}
}

// Listener bounds the connections of l, which are to be secured by TLS or not.
func (b *Bound) Listener(l net.Listener, secure bool) net.Listener { return &listener{l, b, secure} }

type listener struct {
	net.Listener
	in     *Bound
	secure bool
}

// Accept returns the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		held, out := l.in.admit(c, l.secure)
		if out != nil {
			out.Close()
		}
		if held != nil {
			return held, nil
		}
		c.Close()
	}
}

// admit takes a connection in. out is the one that makes room for it, nil: none does. held is nil where there is no
// room.
func (b *Bound) admit(raw net.Conn, secure bool) (held, out *Conn) {
	c := &Conn{Conn: raw, in: b}
	if !secure {
		c.head = new(head)
	}
	if a, ok := raw.RemoteAddr().(*net.TCPAddr); ok {
		addr := a.AddrPort().Addr().Unmap()
		c.source, c.proxy = Network(addr), Within(addr, b.proxies)
	}
	c.wait(0)
	b.mu.Lock()
	defer b.mu.Unlock()
	full := !c.proxy && b.of[c.source] >= b.each
	if full || len(b.open) >= b.all {
		if out = b.longest(c.source, full); out == nil {
			b.refused.Add(1)
			return nil, nil
		}
		b.evicted.Add(1)
		b.forget(out)
	}
	b.open[c] = struct{}{}
	b.of[c.source]++
	return c, out
}

// longest is the connection that waits longest for a request, of that source alone where own, else of the source that
// has the most; those of proxies come last. It needs b.mu.
func (b *Bound) longest(source netip.Prefix, own bool) (out *Conn) {
	now := int64(time.Since(b.began)) + 1
	var longest rank
	for c := range b.open {
		since := c.waits.Load()
		if since == 0 || since > now || own && c.source != source {
			continue
		}
		if r := (rank{c.proxy, b.of[c.source], since}); out == nil || r.before(longest) {
			out, longest = c, r
		}
	}
	return out
}

// rank is the order in which connections make room.
type rank struct {
	proxy bool
	many  int
	since int64
}

func (r rank) before(o rank) bool {
	switch {
	case r.proxy != o.proxy:
		return o.proxy
	case r.many != o.many:
		return r.many > o.many
	}
	return r.since < o.since
}

// Follow has the server s tell which of its connections wait for a request. It must be called before s serves, and
// after its handler is set.
func (b *Bound) Follow(s *http.Server) {
	s.ConnState = func(c net.Conn, state http.ConnState) {
		held := connOf(c)
		switch {
		case held == nil:
		case state == http.StateNew, state == http.StateIdle:
			held.wait(0)
			held.head.begin()
		default:
			held.work()
			held.head.end()
		}
	}
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, connOf(c))
	}
	next := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, _ := r.Context().Value(connKey{}).(*Conn); c != nil && r.ProtoMajor == 1 && r.ContentLength != 0 {
			r.Body = watched{r.Body, c}
		}
		if FramingOf(r) != Clear {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

type connKey struct{}

func connOf(c net.Conn) *Conn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	held, _ := c.(*Conn)
	return held
}

// watched is the body of a request, whose connection waits while nothing of it comes.
type watched struct {
	io.ReadCloser
	on *Conn
}

func (w watched) Read(p []byte) (int, error) {
	w.on.wait(stalledAfter)
	defer w.on.work()
	return w.ReadCloser.Read(p)
}

// Waiting has the connection of a request count as one that waits, until done is called: nothing is lost with it.
func Waiting(r *http.Request) (done func()) {
	c, _ := r.Context().Value(connKey{}).(*Conn)
	if c == nil || r.ProtoMajor != 1 {
		return func() {}
	}
	c.wait(0)
	return c.work
}
