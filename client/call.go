package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diaoxiao/api"
)

// maxRetryAfter is the longest wait that a server may ask for; beyond it the call ends and says so.
const maxRetryAfter = 5 * time.Minute

// do makes a call: as many attempts as it takes and Config allows, each with the identical body.
func (c *Client) do(ctx context.Context, r *request) (api.Answer, result, error) {
	t := try{c: c, r: r}
	for n := 1; ; n++ {
		token, err := t.token(ctx)
		if err != nil {
			return api.Answer{}, t.last, t.giveUp(n-1, err)
		}
		t.last = c.exchange(ctx, r, token, n)
		t.used = token
		again, err := t.judge()
		if err == nil {
			return t.last.answer, t.last, nil
		}
		if !again || n >= c.conf.Attempts {
			return api.Answer{}, t.last, t.giveUp(n, err)
		}
		if stop := t.pause(ctx, n); stop != nil {
			return api.Answer{}, t.last, t.giveUp(n, errors.Join(err, stop))
		}
	}
}

// try is a call on its way.
type try struct {
	c       *Client
	r       *request
	last    result
	used    string // token of the last attempt
	stale   bool   // the server has refused it
	renewed int    // how often
	unknown bool   // some attempt may have been carried out
}

// token is "" for login, which needs none.
func (t *try) token(ctx context.Context) (string, error) {
	if t.r.call == api.Login {
		return "", nil
	}
	stale := ""
	if t.stale {
		stale = t.used
	}
	t.stale = false
	return t.c.token(ctx, stale)
}

// judge says what the last attempt came to: nil for success, otherwise why not and whether to try again.
func (t *try) judge() (again bool, err error) {
	if t.last.err != nil {
		return t.judgeSilence(t.last.err)
	}
	ps := t.last.answer.Problems
	if len(ps) == 0 {
		return false, nil
	}
	err = &api.Refusal{Problems: ps}
	switch {
	case errors.Is(err, api.InvalidToken) && t.r.call != api.Login:
		t.stale = true
		t.renewed++
		return true, err
	case errors.Is(err, api.NoReceiptYet), errors.Is(err, api.TooManyRequests) || t.last.Status == 429:
		return true, err
	case errors.Is(err, api.Unavailable) || errors.Is(err, api.Internal) || t.last.Status >= 500:
		t.doubt()
		return true, err
	}
	// A server that does not know repeats may refuse what it has already carried out, by a code of its own.
	if slices.ContainsFunc(ps, func(p api.Problem) bool { return p.Code.Info().Code == p.Code }) {
		t.unknown = false
	}
	return false, err
}

// judgeSilence judges an attempt that was not answered by the interface.
func (t *try) judgeSilence(err error) (again bool, _ error) {
	if t.last.sent {
		t.doubt()
	}
	_, own := errors.AsType[bodyError](err)
	switch {
	case own || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return false, err
	case !t.last.sent:
		return !hopeless(err), fmt.Errorf("%w：%w", ErrUnreachable, err)
	case t.r.call != api.Receive && foreign(t.last.Status) && errors.Is(err, api.ErrNotAnswer):
		return false, fmt.Errorf("%w：%w", ErrNotInterface, err)
	}
	return true, err
}

// foreign reports whether a status that came without an answer of the interface will be the same the next time.
func foreign(status int) bool { return status != 0 && status < 500 && status != 408 && status != 429 }

// doubt: only a case that was sent can have been carried out unnoticed; the other calls can be made again without harm.
func (t *try) doubt() { t.unknown = t.unknown || t.r.call == api.Receive }

// pause waits before the next attempt and makes sure that it sends the same. A token that has died is renewed at once,
// the first time.
func (t *try) pause(ctx context.Context, n int) error {
	if !t.stale || t.renewed > 1 {
		d := time.Duration(t.c.conf.Random() * float64(min(t.c.conf.MaxBackoff, t.c.conf.Backoff<<min(n-1, 20))))
		if t.last.wait > maxRetryAfter {
			return fmt.Errorf("对方要求 %s 以后再试", t.last.wait)
		}
		if err := t.c.conf.Sleep(ctx, max(d, t.last.wait)); err != nil {
			return err
		}
	}
	return t.hold(ctx)
}

// hold compares the body to be sent with the one that was.
func (t *try) hold(ctx context.Context) error {
	if t.r.call != api.Receive {
		return nil
	}
	now, err := t.r.body.sum(ctx)
	if err != nil {
		return bodyError{err}
	}
	if t.r.first.known && now != t.r.first {
		return ErrChanged
	}
	t.r.first = now
	return nil
}

// giveUp is the error of a call that ends without an answer to keep.
func (t *try) giveUp(attempts int, err error) error {
	if t.unknown {
		err = fmt.Errorf("%w：%w", ErrUnknown, err)
	}
	e, ok := errors.AsType[*Error](err)
	if ok && !t.unknown {
		return e // of the login
	}
	t.last.Attempt = attempts
	t.last.Call = t.r.call
	return t.last.fail(err)
}

func (r result) fail(err error) error {
	return &Error{Call: r.Call, Status: r.Status, RequestID: r.RequestID, Attempts: r.Attempt, Err: err}
}
