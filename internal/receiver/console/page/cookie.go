package page

import "net/http"

// The cookies of the console, by what follows the name they have in common.
const (
	SessionCookie = ""      // the token of the operator's session
	onceCookie    = "-once" // what the next page shows once
	noticeCookie  = "-done" // the notice that the next page shows
)

// cookieName is the name of the session's cookie, before which those of the others begin. With __Host- a browser takes
// it from nobody else.
func (q *Request) cookieName() string {
	if q.Secure(q.Request) {
		return "__Host-diaoxiao"
	}
	return "diaoxiao"
}

// Kept is the value of a cookie, "" where the browser sends none.
func (q *Request) Kept(cookie string) string {
	c, err := q.Cookie(q.cookieName() + cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// Keep has the browser send a value from now on, for some seconds; 0: until it is closed, below 0: no more. No script
// reads it, and other sites do not have it sent.
func (q *Request) Keep(cookie, value string, seconds int) {
	site := http.SameSiteStrictMode
	if cookie == SessionCookie {
		site = http.SameSiteLaxMode // links in messages lead to a page, and not to the sign-in
	}
	http.SetCookie(q.w, &http.Cookie{Name: q.cookieName() + cookie, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true,
		Secure:   q.Secure(q.Request), SameSite: site})
}

// Remember has the browser send the session's token until it is closed.
func (q *Request) Remember(token string) { q.Keep(SessionCookie, token, 0) }

// Forget ends the session in the browser, and has it drop the pages it has kept.
func (q *Request) Forget() {
	q.Keep(SessionCookie, "", -1)
	q.w.Header().Set("Clear-Site-Data", `"cache"`)
}
