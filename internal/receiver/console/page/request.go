package page

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// Request is one request and who it is from.
type Request struct {
	*http.Request
	*Site
	w   http.ResponseWriter
	Who intake.Officer // zero on a route for anybody
}

func (s *Site) newRequest(w http.ResponseWriter, r *http.Request) *Request {
	return &Request{Request: r, Site: s, w: w}
}

var errUnreadable = intake.Invalid("地址或填写的内容不完整，或者含有不能识别的字符，请重新输入")

// readable reports whether path, query and form are text that every database can hold. Links out of programs that write
// GBK are not.
func (q *Request) readable() bool {
	odd := func(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }
	if q.ParseForm() != nil || odd(q.URL.Path) {
		return false
	}
	for name, values := range q.Form {
		if odd(name) || slices.ContainsFunc(values, odd) {
			return false
		}
	}
	return true
}

// Peer is the address that the request comes from.
func (q *Request) Peer() netip.Addr { return peer.Source(q.Request, q.Proxies) }

// Source is that address as text.
func (q *Request) Source() string { return q.Peer().String() }

// Link is a path of the console as a browser asks for it.
func (q *Request) Link(path string) string { return q.Prefix + path }

// Field is a value of a form or the query without the blanks around it.
func (q *Request) Field(name string) string { return strings.TrimSpace(q.FormValue(name)) }

// signInRecord is a ResponseWriter that notes the user name of the operator.
type signInRecord interface{ SignedIn(name string) }

// Identify finds out who asks.
func (q *Request) Identify() error {
	token := q.Kept(SessionCookie)
	if token == "" {
		return intake.ErrSignedOut
	}
	var err error
	q.Who, err = q.Staff.Officer(q.Context(), token)
	if record, ok := q.w.(signInRecord); ok && err == nil {
		record.SignedIn(q.Who.Name)
	}
	return err
}

func (q *Request) redirect(path string) {
	http.Redirect(q.w, q.Request, q.Link(path), http.StatusSeeOther)
}

// toLogin sends to the sign-in page, and from there back where he wanted to go. Who has filled in a form while his
// visit ended keeps what he wrote.
func (q *Request) toLogin() {
	was := q.Kept(SessionCookie) != ""
	if fields := q.typed(); was && len(fields) > 0 {
		q.signedOut(fields)
		return
	}
	to := "/login?"
	if here := strings.TrimPrefix(q.URL.Path, q.Prefix); q.Method == http.MethodGet && here != "/" {
		if q.URL.RawQuery != "" {
			here += "?" + q.URL.RawQuery
		}
		to += "to=" + url.QueryEscape(here) + "&"
	}
	if was {
		to += "done=over"
	}
	q.redirect(strings.TrimRight(to, "?&"))
}

// Back is where to go after signing in: a path of the console and nothing else.
func Back(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// fail answers with what went wrong, and logs what is nobody's fault but ours.
func (q *Request) fail(err error) {
	e := explain(err)
	if e.Status == http.StatusInternalServerError {
		q.Log.Error("console", "path", q.Pattern, "err", err)
	}
	q.Problem(q.w, q.Request, e.Status, e.title(), e.Next)
}
