package page

import (
	"net/http"
	"net/netip"
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

	persons map[string]string // see names; nil: not looked up yet
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

func (q *Request) redirect(path string) {
	q.announce(path)
	http.Redirect(q.w, q.Request, q.Link(path), http.StatusSeeOther)
}

// fail answers with what went wrong, and logs what is nobody's fault but ours.
func (q *Request) fail(err error) {
	e := explain(err)
	if e.Status == http.StatusInternalServerError {
		q.Log.Error("console", "path", q.Pattern, "err", err)
	}
	q.Problem(q.w, q.Request, e.Status, e.title(), e.Next)
}
