package client

import (
	"context"
	"encoding/json"
	"time"

	"diaoxiao/api"
)

// renewAfter is how old a session may be when a call begins: a token is good for 30 minutes from login (clause 3.1.1),
// by the server's clock, and the call takes some time itself.
const renewAfter = 27 * time.Minute

// session is the one session of a client. The holder of free may use it and log in.
type session struct {
	free  chan struct{}
	token string
	began time.Time // of the login, when its request went out
}

func newSession() session {
	s := session{free: make(chan struct{}, 1)}
	s.free <- struct{}{}
	return s
}

// Login makes sure that there is a session, by a new one where there is none or where it is about to end (clause
// 3.1.1). Calls do so themselves; it is for finding out early whether the credentials are right. Safe to repeat.
func (c *Client) Login(ctx context.Context) error {
	_, err := c.token(ctx, "")
	return err
}

// token returns the token of a session, by a login where there is none but stale, which a server has refused.
func (c *Client) token(ctx context.Context, stale string) (string, error) {
	select {
	case <-ctx.Done():
		return "", &Error{Call: api.Login, Err: ctx.Err()}
	case <-c.session.free:
	}
	defer func() { c.session.free <- struct{}{} }()
	s := &c.session
	if s.token != "" && s.token != stale && c.conf.Now().Sub(s.began) < renewAfter {
		return s.token, nil
	}
	s.token = ""
	began := c.conf.Now()
	token, err := c.login(ctx)
	if err == nil {
		s.token, s.began = token, began
	}
	return token, err
}

func (c *Client) login(ctx context.Context) (string, error) {
	secret, err := c.conf.Secret(ctx)
	if err != nil {
		return "", &Error{Call: api.Login, Err: err}
	}
	body, err := json.Marshal(map[string]string{
		"appKey":    c.conf.AppKey,
		"appSecret": secret,
		"account":   c.conf.Account,
	})
	if err != nil {
		return "", &Error{Call: api.Login, Err: err}
	}
	a, _, err := c.do(ctx, &request{call: api.Login, body: Bytes(body)})
	return a.Token, err
}

// Logout ends the session where there is one (clause 3.1.2). It tries once: a session that is left behind ends by
// itself.
func (c *Client) Logout(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return &Error{Call: api.Logout, Err: ctx.Err()}
	case <-c.session.free:
	}
	defer func() { c.session.free <- struct{}{} }()
	token := c.session.token
	if c.session.token = ""; token == "" {
		return nil
	}
	res := c.exchange(ctx, &request{call: api.Logout, body: Bytes([]byte("{}"))}, token, 1)
	if res.err == nil && len(res.answer.Problems) > 0 {
		res.err = &api.Refusal{Problems: res.answer.Problems}
	}
	if res.err == nil {
		return nil
	}
	return res.fail(res.err)
}
