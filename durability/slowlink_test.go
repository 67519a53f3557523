//go:build linux

package durability

import (
	"net"
	"sync"
	"testing"
	"time"
)

// slowLink passes TCP connections on, and everything that goes through them takes its time each way.
type slowLink struct {
	listener net.Listener
	target   string
	delay    time.Duration
	mu       sync.Mutex
	conns    []net.Conn
}

// newSlowLink starts one, which ends with the test.
func newSlowLink(t *testing.T, target string, delay time.Duration) *slowLink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &slowLink{listener: l, target: target, delay: delay}
	t.Cleanup(p.close)
	go p.accept()
	return p
}

func (p *slowLink) addr() string { return p.listener.Addr().String() }

func (p *slowLink) close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
}

func (p *slowLink) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.target)
		if err != nil {
			in.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, in, out)
		p.mu.Unlock()
		go p.pass(in, out)
		go p.pass(out, in)
	}
}

// late is what arrived, and when it may leave.
type late struct {
	data []byte
	due  time.Time
}

// pass moves one direction to its end, which ends the other.
func (p *slowLink) pass(from, to net.Conn) {
	under := make(chan late, 1024) // on their way
	go func() {
		defer close(under)
		for {
			b := make([]byte, 32<<10)
			n, err := from.Read(b)
			if n > 0 {
				under <- late{b[:n], time.Now().Add(p.delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for l := range under {
		time.Sleep(time.Until(l.due))
		if _, err := to.Write(l.data); err != nil {
			break
		}
	}
	to.Close()
	from.Close()
	for range under { // so that the reader comes to its end
	}
}
