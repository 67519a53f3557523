package peer

import (
	"bytes"
	"net/http"
	"slices"
	"sync"
)

// maxHead is more than the head of a request may be.
const maxHead = 32 << 10

// head is what came on a connection from the end of one request until the head of the next was read. net/http keeps
// back that a request had a Content-Length besides chunks, which proxies and servers may understand differently.
// The server may read ahead in a goroutine of its own while it closes the connection. Nil keeps nothing.
type head struct {
	mu    sync.Mutex
	bytes []byte
	on    bool
}

func (h *head) begin() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if cap(h.bytes) > 4<<10 {
		h.bytes = nil
	}
	h.bytes, h.on = h.bytes[:0], true
}

func (h *head) add(p []byte) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on {
		h.bytes = append(h.bytes, p[:min(len(p), maxHead-len(h.bytes))]...)
	}
}

func (h *head) end() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.on = false
}

// come is what came of the request whose head was read last.
func (h *head) come() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bytes
}

// Framing is what is known of how the body of a request is delimited.
type Framing int

// The framings of a request.
const (
	Clear  Framing = iota
	Both           // by a length and by chunks: it must be refused, and its connection closed
	Hidden         // by chunks, and what else it said is not known: its connection should be closed after the answer
)

// FramingOf looks at the head of a request as it came. It must be called before the body is read. Of connections that
// are in no Bound, or secured by TLS, it says Clear: their peer speaks with nobody between.
func FramingOf(r *http.Request) Framing {
	c, _ := r.Context().Value(connKey{}).(*Conn)
	if c == nil || c.head == nil || r.ProtoMajor != 1 || !slices.Contains(r.TransferEncoding, "chunked") {
		return Clear
	}
	first := []byte(r.Method + " " + r.RequestURI + " " + r.Proto)
	come := c.head.come()
	at := bytes.Index(come, first) // after blank lines
	if at < 0 || len(bytes.TrimSpace(come[:at])) > 0 {
		return Hidden
	}
	_, rest, _ := bytes.Cut(come[at:], []byte("\n"))
	for line := range bytes.Lines(rest) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			return Both
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return Clear
		}
	}
	return Hidden
}
