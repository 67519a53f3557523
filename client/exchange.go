package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"diaoxiao/api"
)

// Exchange is one HTTP request and what came of it, for logs and records. It holds no token and no secret.
type Exchange struct {
	Call      api.Call
	Attempt   int // of the call, from 1
	Began     time.Time
	Took      time.Duration
	Status    int    // 0: no answer
	RequestID string // X-Request-Id of the answer
	Codes     string // of a refusal, "14000,14008"
	Sent      int64  // bytes of the body
	Err       error  // why there was no answer of the interface; nil for success and refusal
}

// maxAnswer is the longest answer that is read: a page of listCaseinfo is far below it.
const maxAnswer = 16 << 20

// request is one call, the same for each of its attempts.
type request struct {
	call  api.Call
	body  Body
	first identity // of the body, once it was read to its end
}

// result is what one attempt came to.
type result struct {
	answer api.Answer // valid where err is nil
	wait   time.Duration
	sent   bool  // the server may have got the request
	err    error // no answer of the interface
	Exchange
}

// exchange makes one attempt.
func (c *Client) exchange(ctx context.Context, r *request, token string, attempt int) (res result) {
	res.Exchange = Exchange{Call: r.call, Attempt: attempt, Began: c.conf.Now()}
	began := time.Now()
	res.err = c.roundTrip(ctx, r, token, &res)
	res.Took = time.Since(began)
	res.Exchange.Err = res.err
	if res.err == nil {
		res.Codes = api.CodeList(res.answer.Problems)
	}
	c.conf.Observe(res.Exchange)
	return res
}

func (c *Client) roundTrip(ctx context.Context, r *request, token string, res *result) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	quiet := time.AfterFunc(c.conf.Silence, func() { cancel(errSilent) })
	defer quiet.Stop()
	body, state, err := r.body.open(func() { quiet.Reset(c.conf.Silence) })
	if err != nil {
		return bodyError{err}
	}
	req, got, err := c.newRequest(ctx, r, token, body)
	if err != nil {
		return errors.Join(err, body.Close())
	}
	resp, err := c.conf.HTTP.Do(req)
	var text []byte
	if err == nil {
		quiet.Reset(c.conf.Silence)
		text, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
		resp.Body.Close()
		res.Status, res.RequestID = resp.StatusCode, resp.Header.Get("X-Request-Id")
		res.wait = retryAfter(resp.Header, c.conf.Now())
	}
	cause := context.Cause(ctx)
	cancel(nil) // net/http lets go of the body
	was, failed := state()
	res.sent, res.Sent = got.Load(), was.bytes
	if was.known && !r.first.known {
		r.first = was
	}
	switch {
	case failed != nil:
		return bodyError{failed}
	case was.known && r.body.Size >= 0 && was.bytes != r.body.Size:
		return bodyError{fmt.Errorf("正文应为%d字节，实为%d字节", r.body.Size, was.bytes)}
	case err != nil && cause != nil:
		return cause
	case err != nil:
		return bare(err)
	}
	return res.read(r.call, text)
}

// newRequest also returns what tells whether a connection was there to send it on.
func (c *Client) newRequest(
	ctx context.Context,
	r *request,
	token string,
	body io.ReadCloser,
) (*http.Request, *atomic.Bool, error) {
	address := c.base + r.call.Path()
	if token != "" {
		address += "?access_token=" + url.QueryEscape(token)
	}
	got := new(atomic.Bool)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		got.Store(true)
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return nil, nil, bare(err)
	}
	req.ContentLength = r.body.Size
	if r.body.Size == 0 {
		req.Body = http.NoBody
		body.Close()
	}
	req.Header.Set("Content-Type", "application/json;charset=utf-8")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "diaoxiao-client")
	return req, got, nil
}

// read reads the answer. One that claims success under a status of failure proves nothing.
func (res *result) read(call api.Call, text []byte) (err error) {
	res.answer, err = api.ReadAnswer(text, call)
	if err == nil && len(res.answer.Problems) == 0 && res.Status/100 != 2 {
		err = fmt.Errorf("%w：ackCode为SUCCESS", api.ErrNotAnswer)
	}
	if err != nil && bytes.Contains(bytes.ToLower(text[:min(len(text), 1024)]), []byte("<html")) {
		err = fmt.Errorf("%w，是一个网页", api.ErrNotAnswer)
	}
	return err
}

// errSilent ends an attempt in which nothing moves any more.
var errSilent = errors.New("等待应答超时")

// bodyError is an error of the sender's own body; trying again cannot help.
type bodyError struct{ error }

func (e bodyError) Unwrap() error { return e.error }

// retryAfter reads Retry-After, in seconds or as a date; 0 where there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 1<<30 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
