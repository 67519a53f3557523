package httpapi

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// Record is what is logged and counted of one request. It never holds a token or a secret.
type Record struct {
	At        time.Time // when it came
	RequestID string
	Call      api.Call
	Path      string // of a request that names no call, a page's too; long hexadecimal pieces are left out
	Method    string
	Source    string
	AppID     int64  // 0: not known
	AppKey    string // of an app that is not known, what looks like one
	Account   string
	CaseID    string
	AcceptID  string
	Outcome   string // accepted, repeated, refused, the answer's ackCode for other calls, or Page
	Codes     string
	Told      intake.Told  // of a failure
	Cause     intake.Cause // of a caller that was not let in
	Status    int
	Bytes     int64 // of the body
	Unread    bool  // the body was left unread, because too many of strangers were under way
	Stranger  bool  // nobody was let in: no token that lives, no login that succeeded
	Unlogged  bool  // of a stranger, beyond what is recorded of one source in a minute
	Items     int
	Duration  time.Duration
	Err       error // cause of a 19000 or 19009, for the log only
}

// Page is the outcome of a request for a page, which is no call.
const Page = "page"

// exchange is one request and its answer in the making.
type exchange struct {
	w       http.ResponseWriter
	r       *http.Request
	source  netip.Addr
	stuck   time.Duration
	dialect api.Dialect // NoApp until it is known who asks
	retry   int         // seconds, for Retry-After
	page    *page       // what is shown instead of an answer; nil: nothing
	on      *slot       // that its body is read on; nil: none
	sending *slot       // held until the answer is sent; nil: none
	logged  *bool       // what logs has said; nil: nothing yet
	rec     Record
}

func (e *exchange) ctx() context.Context { return e.r.Context() }

// lasting is ctx without its end: a case that was read is decided and its attempt recorded whatever becomes of the
// connection, and a sender may close its half of it once everything is sent.
func (e *exchange) lasting() context.Context { return context.WithoutCancel(e.r.Context()) }

// ServeHTTP answers every request with the envelope, whatever happens (S1), but for those of pages.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	e := &exchange{w: w, r: r, stuck: d.Stuck, source: peer.Source(r, d.Proxies), dialect: api.NoApp}
	e.rec = Record{At: began, RequestID: newRequestID(), Method: r.Method, Source: e.source.String(),
		Stranger: true}
	defer e.sent()
	if a := d.answer(e); e.page != nil {
		e.show(e.page)
	} else {
		e.write(a)
	}
	e.rec.Duration = time.Since(began)
	e.rec.Unlogged = e.rec.Stranger && !d.logs(e)
	if d.Observe != nil {
		d.Observe(e.rec)
	}
}

// sent gives back the slot that the answer was made on.
func (e *exchange) sent() {
	if e.sending != nil {
		e.sending.release()
	}
}

// logs reports whether a stranger's request is recorded; what it has said of a request it says again.
func (d *door) logs(e *exchange) bool {
	if e.logged == nil {
		pass := d.sampler.Pass(e.source)
		e.logged = &pass
	}
	return *e.logged
}

// answer finds the call and runs it; a panic becomes 19000 and the server keeps serving.
func (d *door) answer(e *exchange) (a api.Answer) {
	defer func() {
		if p := recover(); p != nil {
			e.rec.Err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			a = api.Answer{Call: e.rec.Call, Problems: []api.Problem{{Code: api.Internal}}}
		}
	}()
	r, ok := d.routes[e.r.URL.Path]
	if r.call == api.Unknown || e.r.URL.RawPath != "" {
		e.rec.Path = safePath(e.r.URL.Path)
	}
	if !ok || e.r.URL.RawPath != "" {
		return api.Answer{Problems: []api.Problem{{Code: api.NoSuchCall}}}
	}
	e.rec.Call = r.call
	if peer.FramingOf(e.r) == peer.Both { // RFC 9112, 6.1
		e.leaveUnread()
		return api.Answer{
			Call:     r.call,
			Problems: []api.Problem{{Code: api.InvalidJSON, Detail: "Content-Length与Transfer-Encoding不得同时出现"}},
		}
	}
	if !r.method(e.r.Method) {
		e.w.Header().Set("Allow", r.allow)
		return api.Answer{Call: r.call, Problems: []api.Problem{{Code: api.MethodNotAllowed, Detail: "可用：" + r.allow}}}
	}
	a = r.serve(d, e)
	a.Call = r.call
	return a
}

var longHex = regexp.MustCompile(`[0-9a-fA-F-]{16,}`)

func safePath(p string) string {
	if len(p) > 200 {
		p = p[:200]
	}
	return longHex.ReplaceAllString(p, "…")
}

func newRequestID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// fail turns an error of the desk into an answer.
func (e *exchange) fail(err error) api.Answer {
	e.rec.Cause = cmp.Or(intake.CauseOf(err), e.rec.Cause)
	if r, ok := errors.AsType[*api.Refusal](err); ok {
		return api.Answer{Problems: r.Problems}
	}
	e.rec.Err = err
	if errors.Is(err, intake.ErrUnavailable) {
		return api.Answer{Problems: []api.Problem{{Code: api.Unavailable}}}
	}
	return api.Answer{Problems: []api.Problem{{Code: api.Internal}}}
}

func refuse(code api.Code, field, detail string) api.Answer {
	return api.Answer{Problems: []api.Problem{{Code: code, Field: field, Detail: detail}}}
}

var (
	jsonType = []string{"application/json; charset=utf-8"}
	noStore  = []string{"no-store"}
	noSniff  = []string{"nosniff"}
)

// write sends the answer.
func (e *exchange) write(a api.Answer) {
	body := e.dialect.Append(make([]byte, 0, 256), a)
	e.rec.Status, e.rec.Codes = a.HTTPStatus(), api.CodeList(a.Problems)
	if len(a.Problems) > 0 {
		e.rec.Told = intake.NewTold(a.Problems)
	}
	if e.rec.Outcome == "" {
		e.rec.Outcome = a.Ack()
	}
	h := e.w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = jsonType, noStore, noSniff
	h["X-Request-Id"] = []string{e.rec.RequestID}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if e.rec.Status == http.StatusTooManyRequests || e.rec.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(max(e.retry, 2)))
	}
	e.w.WriteHeader(e.rec.Status)
	e.send(body)
}

// piece is what the reader of a long answer must take within Config.Stuck.
const piece = 16 << 10

// send sends the body of an answer. A long one may be read as slowly as a body may be sent: who reads on is not cut,
// who stops is.
func (e *exchange) send(body []byte) {
	if len(body) <= piece {
		e.w.Write(body)
		return
	}
	c, began := http.NewResponseController(e.w), time.Now()
	for sent := 0; sent < len(body); sent += piece {
		next, paced := time.Now().Add(e.stuck), began.Add(writeTimeout+time.Duration(sent)*time.Second/minRate)
		if paced.Before(next) {
			next = paced
		}
		c.SetWriteDeadline(next)
		if _, err := e.w.Write(body[sent:min(sent+piece, len(body))]); err != nil {
			return
		}
	}
}
