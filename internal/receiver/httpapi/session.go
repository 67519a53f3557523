package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// login answers clause 3.1.1.
func (d *door) login(e *exchange) api.Answer {
	if wait := d.failures.Wait(e.source); wait > 0 {
		e.retry = int(wait/time.Second) + 1
		return refuse(api.TooManyRequests, "", "该来源登录失败次数过多")
	}
	in, a, ok := readSmall(d, e, api.ReadLogin)
	if !ok {
		e.dialect = d.Desk.DialectOf(e.ctx(), in.AppKey)
		return a
	}
	t, err := d.Desk.Login(e.ctx(), in)
	e.know(t.Session)
	if e.rec.AppID == 0 && intake.LooksLikeAppKey(in.AppKey) {
		e.rec.AppKey = in.AppKey
	}
	if r := (*api.Refusal)(nil); errors.As(err, &r) {
		if r.Problems[0].Code == api.TooManyRequests { // it has proved itself
			e.retry, e.rec.Stranger = 60, false
			return e.fail(err)
		}
		d.failures.Failed(e.source)
	}
	if err != nil {
		return e.fail(err)
	}
	e.rec.Stranger = false
	e.rec.Account = t.Session.Account // only now: what a failing sender puts there may be its secret
	return api.Answer{Token: t.Token}
}

// readSmall reads the body of a small call.
func readSmall[T any](
	d *door,
	e *exchange,
	read func(io.Reader) (T, []api.Problem, error),
) (in T, a api.Answer, ok bool) {
	charset, p := charsetOf(e.r)
	if p != nil {
		return in, api.Answer{Problems: []api.Problem{*p}}, false
	}
	body, p := d.smallBody(e)
	e.rec.Bytes = int64(len(body))
	if p != nil {
		return in, api.Answer{Problems: []api.Problem{*p}}, false
	}
	l := newLabel(e.r, charset)
	l.Write(body)
	in, problems, err := read(charset.Reader(bytes.NewReader(body)))
	if p := l.problem(); p != nil {
		return in, api.Answer{Problems: []api.Problem{*p}}, false
	}
	if err != nil {
		return in, refuse(api.InvalidJSON, "", "不是有效的"+string(charset)), false
	}
	return in, api.Answer{Problems: problems}, len(problems) == 0
}

// smallBody is the body of a small call. One that is longer than such bodies are takes a slot of its source's, so that
// those who only hold their connections hold little memory.
func (d *door) smallBody(e *exchange) ([]byte, *api.Problem) {
	body, err := io.ReadAll(io.LimitReader(e.r.Body, plainLogin+1))
	if err == nil && len(body) > plainLogin {
		on, p := d.logins.take(e.network(), slotTimeout, func() {}) // none of them has sent next to nothing
		if p != nil {
			e.leaveUnread()
			return nil, p
		}
		defer on.release()
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(e.r.Body, maxLoginBody-plainLogin))
		body = append(body, rest...)
	}
	switch {
	case err != nil:
		return body, &api.Problem{Code: api.InvalidJSON, Detail: "正文没有完整到达"}
	case len(body) > maxLoginBody:
		e.w.Header().Set("Connection", "close")
		return body, &api.Problem{Code: api.BodyTooLarge}
	}
	return body, nil
}

// identify finds out by look who asks and in which dialect to answer.
func (d *door) identify(e *exchange, look func(context.Context, string) (intake.Caller, error)) (intake.Caller, error) {
	token, ok := tokenOf(e.r)
	if !ok {
		e.rec.Cause = intake.CauseNoToken
		return intake.Caller{}, &api.Refusal{Problems: []api.Problem{{Code: api.InvalidToken}}}
	}
	who, err := look(e.ctx(), token)
	e.know(who.Session)
	e.rec.Account, e.rec.Cause = who.Account, intake.CauseOf(err)
	e.rec.Stranger = err != nil
	return who, err
}

// know notes which app asks, and answers in its dialect from here on. A session of no app, or of one that is disabled,
// leaves it open (S25).
func (e *exchange) know(s intake.Session) {
	e.rec.AppID, e.rec.AppKey = s.AppID, s.AppKey
	if s.Dialect != "" {
		e.dialect = s.Dialect
	}
}

// logout answers clause 3.1.2. Whatever its body holds is ignored (C7).
func (d *door) logout(e *exchange) api.Answer {
	io.Copy(io.Discard, io.LimitReader(e.r.Body, maxLoginBody))
	who, err := d.identify(e, d.Desk.Identify)
	if err == nil {
		err = d.Desk.Logout(e.ctx(), who)
	}
	if err != nil {
		return e.fail(err)
	}
	return api.Answer{}
}

// takeSlot takes a slot for the body of a request. Where the body has sent next to nothing and others wait, the
// reading ends.
func (e *exchange) takeSlot(pool *slots, holder any) (*slot, *api.Problem) {
	c := http.NewResponseController(e.w)
	on, p := pool.take(holder, 0, func() { c.SetReadDeadline(time.Now()) })
	if on != nil {
		e.on = on
		e.r.Body = counting{e.r.Body, on}
	}
	return on, p
}

// network is the source of a request as strangers are told apart: an IPv6 host can choose among the addresses of its
// /64.
func (e *exchange) network() netip.Prefix { return peer.Network(e.source) }

// leaveUnread has the connection end after the answer, without the rest of the body.
func (e *exchange) leaveUnread() {
	e.w.Header().Set("Connection", "close")
	now := time.Now()
	e.deadline(now, now.Add(writeTimeout))
	e.rec.Unread = true
}

// deadline sets when reading the request must be done and when writing its answer.
func (e *exchange) deadline(read, write time.Time) {
	c := http.NewResponseController(e.w)
	c.SetReadDeadline(read)
	c.SetWriteDeadline(write)
}
