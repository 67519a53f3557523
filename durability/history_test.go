//go:build linux

package durability

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestHistory: what concurrent clients are answered, across a kill, is what one desk that serves one call after the
// other might have answered.
func TestHistory(t *testing.T) {
	n := begin(t).histories
	inPieces(n, 20, func(n int) verdict { return histories(t, product(t), n) }).report(t)
}

const (
	historyClients = 8
	historyTokens  = 4
	historyTime    = 300 * time.Millisecond
	callsPerCase   = 24 // about; they come together, so that the clients meet
)

// call is one call of a history and its answer.
type call struct {
	span
	name    string // submit, query or logout
	token   string
	caseID  string
	content int
	reply   reply
}

// history is everything that clients have called, and what they call about.
type history struct {
	site *site
	no   uint64 // in the caseids
	addr func(client int) string
	// doubts: 19009 is an answer, the outcome is unknown.
	doubts bool

	mu     sync.Mutex
	tokens []string // the latest; some may be logged out
	calls  []call
}

// histories runs n of them, each with cases of its own and a kill in its middle.
func histories(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "histories")
	defer s.close()
	for range n {
		h := &history{site: s, no: s.next.Add(1), addr: func(int) string { return s.server.addr }}
		h.run(func() { time.Sleep(historyTime); s.server.kill() })
		if err := s.startOnly(); err != nil {
			s.verdict.add(down, "%v", err)
			return s.verdict
		}
		h.run(func() { time.Sleep(historyTime) })
		h.lookLast()
		h.judge(&s.verdict)
		s.verdict.cycles++
	}
	if _, err := s.run("db", "check"); err != nil {
		s.verdict.add(unclean, "%v", err)
	}
	return s.verdict
}

// run lets the clients call until the end comes.
func (h *history) run(end func()) {
	var clients sync.WaitGroup
	over := make(chan struct{})
	for i := range historyClients {
		c := newClient(h.addr(i), "")
		r := rand.New(rand.NewPCG(h.site.rand.Uint64(), 0))
		clients.Go(func() {
			for h.act(c, r) {
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	end()
	close(over)
	clients.Wait()
}

// act makes one random call and reports whether it was answered.
func (h *history) act(c *client, r *rand.Rand) bool {
	c.token = h.token(r)
	switch p := r.IntN(100); {
	case c.token == "" || p < 6:
		return h.login(c)
	case p < 10:
		return h.do(call{name: "logout", token: c.token}, c.logout)
	case p < 60:
		id, content := h.pick(r), r.IntN(contents)
		body := bodyOf(id, content, r.IntN(spellings))
		return h.do(call{name: "submit", token: c.token, caseID: id, content: content}, func() reply {
			return c.submit(body)
		})
	}
	id := h.pick(r)
	return h.do(call{name: "query", token: c.token, caseID: id}, func() reply { return c.query(id) })
}

// pick is the case that the clients are at, the next one, or at times any before.
func (h *history) pick(r *rand.Rand) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := len(h.calls) / callsPerCase
	if r.IntN(5) == 0 {
		return h.caseID(r.IntN(at + 1))
	}
	return h.caseID(at + r.IntN(2))
}

func (h *history) caseID(i int) string { return fmt.Sprintf("史〔2026〕%d-%d号", h.no, i) }

// cases are the caseids called about.
func (h *history) cases() map[string]bool {
	ids := make(map[string]bool)
	for _, c := range h.calls {
		if c.caseID != "" {
			ids[c.caseID] = true
		}
	}
	return ids
}

// do makes a call and notes when it was made and what it got.
func (h *history) do(c call, f func() reply) bool {
	c.from = time.Now()
	c.reply = f()
	c.to = time.Now()
	answered := c.reply.Status != 0
	if h.doubts && c.reply.Code == unavailable {
		c.reply = reply{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, c)
	return answered
}

func (h *history) login(c *client) bool {
	r := c.login(h.site.app)
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.success() {
		h.tokens = append(h.tokens, r.Token)
		h.tokens = h.tokens[max(0, len(h.tokens)-historyTokens):]
	}
	return r.Status != 0
}

func (h *history) token(r *rand.Rand) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.tokens) == 0 {
		return ""
	}
	return h.tokens[r.IntN(len(h.tokens))]
}

// lookLast asks for each case once all is quiet, so that the history ends with what the store holds.
func (h *history) lookLast() {
	h.site.client.login(h.site.app)
	for id := range h.cases() {
		c := call{name: "query", token: h.site.client.token, caseID: id}
		h.do(c, func() reply { return h.site.client.query(id) })
	}
}
