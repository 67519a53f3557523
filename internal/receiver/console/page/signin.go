package page

import (
	"net/http"
	"net/url"
	"strings"

	"diaoxiao/internal/receiver/intake"
)

// signInRecord is a ResponseWriter that notes the user name of the operator.
type signInRecord interface{ SignedIn(name string) }

// Identify finds the operator whose session the browser shows. ErrSignedOut: it shows none, or one that has ended.
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

// toLogin sends the browser to the sign-in page, and from there back to the page that was asked for. If the session
// ended while a form was filled in, the form is shown again with what was written.
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
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || !strings.HasPrefix(to, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
