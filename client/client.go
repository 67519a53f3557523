// Package client is the Go SDK of the sending side: it logs in on demand, sends cases, asks how they stand and lists
// them for reconciliation, over the standard library alone.
//
// The decision you could not guess: an outcome that is not known is a result of its own, ErrUnknown. It is never turned
// into success or refusal; what takes it away is sending the identical body again, now or tomorrow, because a server
// answers it with the first acceptid (S17). So the package repeats nothing but identical bytes, and holds a body to
// them.
package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"diaoxiao/api"
)

// Config is what a Client is built from. Zero fields take the defaults stated.
type Config struct {
	URL     string // {API_ROOT}: https://host[:port][/prefix], without /security; required
	AppKey  string // required
	Account string // required
	// Secret gives the appSecret. It is asked at each login, so that it may be replaced, and not kept. Required.
	Secret func(context.Context) (string, error)
	// HTTP sends the requests; nil: NewHTTP(nil). Redirects are not followed whatever it says: the token stands in the
	// URL.
	HTTP *http.Client
	// PlainHTTP allows http:// to other machines than this one; otherwise secrets go over TLS only.
	PlainHTTP bool
	// Attempts is the most exchanges of one call; 0: 8.
	Attempts int
	// Backoff is the longest wait before the second attempt; it doubles up to MaxBackoff. Each wait is a random part of
	// it, and no shorter than the server's Retry-After. 0: 500 ms and 30 s.
	Backoff, MaxBackoff time.Duration
	// Silence is how long nothing may move in either direction before an attempt is given up; 0: one minute.
	Silence time.Duration
	// Observe is called after every HTTP exchange, from the goroutine of its call; nil: not.
	Observe func(Exchange)
	// Sleep, Random and Now are for tests; nil: a timer, math/rand, time.Now.
	Sleep  func(context.Context, time.Duration) error
	Random func() float64
	Now    func() time.Time
}

// Client calls one server for one account. Its methods are safe for concurrent use and share one session.
type Client struct {
	conf    Config
	base    string
	session session
}

// New returns a client. It makes no connection; the error says what is wrong with the Config, in Chinese.
func New(c Config) (*Client, error) {
	root, err := api.ParseRoot(c.URL, c.PlainHTTP)
	switch {
	case err != nil:
		return nil, fmt.Errorf("接口地址：%w", err)
	case c.AppKey == "" || c.Account == "" || c.Secret == nil:
		return nil, errors.New("appKey、appSecret、account 均须给出")
	}
	c.defaults()
	h := *c.HTTP
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	h.Jar = nil
	c.HTTP = &h
	return &Client{conf: c, base: root.String(), session: newSession()}, nil
}

func (c *Config) defaults() {
	if c.HTTP == nil {
		c.HTTP = NewHTTP(nil)
	}
	if c.Attempts <= 0 {
		c.Attempts = 8
	}
	if c.Backoff <= 0 {
		c.Backoff = 500 * time.Millisecond
	}
	if c.MaxBackoff <= 0 {
		c.MaxBackoff = 30 * time.Second
	}
	if c.Silence <= 0 {
		c.Silence = time.Minute
	}
	if c.Observe == nil {
		c.Observe = func(Exchange) {}
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
