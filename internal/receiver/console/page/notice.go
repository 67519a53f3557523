package page

import (
	"net/url"
	"strings"
)

// Redirect is an answer that goes on to a path of the console.
type Redirect string

func (r Redirect) answer(q *Request) error {
	q.redirect(string(r))
	return nil
}

// announce has the browser carry the notice that an address asks for, so that it is shown once: neither loading the
// page again nor the address, sent to somebody else, says it a second time.
func (q *Request) announce(path string) {
	if u, err := url.Parse(path); err == nil && u.Query().Has("done") {
		q.Keep(noticeCookie, u.Query().Get("done"), onceLife)
	}
}

// notice is what is said of what was just done, "" where nothing was or it was said.
func (q *Request) notice() string {
	key := q.URL.Query().Get("done")
	if key == "" || q.Kept(noticeCookie) != key {
		return ""
	}
	q.Keep(noticeCookie, "", -1)
	return q.notices[key]
}

// Done goes on to a path, where the notice with a key is shown: one of the group or of commonNotices.
func Done(to, notice string) Redirect {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return Redirect(to + sep + "done=" + notice)
}

// commonNotices are those that several pages use.
var commonNotices = map[string]string{
	"expired": "密码已过有效期，请先修改密码，才能继续使用。",
	"saved":   "已保存。",
	"over":    "登录已失效，请重新登录。",
}
