package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// request is one request and who it is from.
type request struct {
	*http.Request
	*console
	w   http.ResponseWriter
	who intake.Officer // zero on a route for anybody
}

func (s *console) newRequest(w http.ResponseWriter, r *http.Request) *request {
	return &request{r, s, w, intake.Officer{}}
}

var errUnreadable = intake.Invalid("地址或填写的内容不完整，或者含有不能识别的字符，请重新输入")

// readable reports whether path, query and form are text that every database can hold. Links out of programs that write
// GBK are not.
func (q *request) readable() bool {
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

func (q *request) source() string { return peer.Source(q.Request, q.Proxies).String() }

// link is a path of the console as a browser asks for it.
func (q *request) link(path string) string { return q.Prefix + path }

// field is a value of a form or the query without the blanks around it.
func (q *request) field(name string) string { return strings.TrimSpace(q.FormValue(name)) }

// now is the cookie's name: with __Host- a browser takes it from nobody else.
func (q *request) cookieName() string {
	if q.secure(q.Request) {
		return "__Host-diaoxiao"
	}
	return "diaoxiao"
}

// identify finds out who asks.
func (q *request) identify() error {
	c, err := q.Cookie(q.cookieName())
	if err != nil {
		return intake.ErrSignedOut
	}
	q.who, err = q.Desk.Officer(q.Context(), c.Value)
	if rec, ok := q.w.(*recorder); ok && err == nil {
		rec.operator = q.who.Name
	}
	return err
}

// remember has the browser send the visit's token from now on, "" no more. It ends with the browser.
func (q *request) remember(token string) {
	c := &http.Cookie{Name: q.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: q.secure(q.Request), SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(q.w, c)
}

func (q *request) redirect(path string) {
	http.Redirect(q.w, q.Request, q.link(path), http.StatusSeeOther)
}

// toLogin sends to the sign-in page, and from there back where he wanted to go. Who has filled in a form while his
// visit ended keeps what he wrote.
func (q *request) toLogin() {
	_, err := q.Cookie(q.cookieName())
	was := err == nil
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

// back is where to go after signing in: a path of the console and nothing else.
func back(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// fail answers with what went wrong, and logs what is nobody's fault but ours.
func (q *request) fail(err error) {
	e := explain(err)
	if e.Status == http.StatusInternalServerError {
		q.Log.Error("console", "path", q.Pattern, "err", err)
	}
	q.problem(q.w, q.Request, e.Status, e.title(), e.Next)
}

// explanation is what an operator reads of an error.
type explanation struct {
	Status int
	Lead   string // what kind of error it is, before the text
	Text   string
	Next   string // what to do
}

func (e explanation) title() string { return e.Lead + e.Text }

// explain is the one table from errors to what an operator reads.
func explain(err error) explanation {
	if e, ok := errors.AsType[waitError](err); ok {
		return explanation{http.StatusTooManyRequests, "", e.why, retryHint(e)}
	}
	switch {
	case errors.Is(err, intake.ErrSignedOut):
		return explanation{http.StatusUnauthorized, "", "登录已失效", "请重新登录。"}
	case errors.Is(err, intake.ErrSamePerson):
		return explanation{http.StatusForbidden, "", err.Error(), "须由申请人以外的复核员决定。"}
	case errors.Is(err, intake.ErrNotApprover):
		return explanation{http.StatusForbidden, "", err.Error(), "账户的变更须由申请人和账户本人以外的人批准。"}
	case errors.Is(err, intake.ErrNotYet):
		return explanation{http.StatusForbidden, "", err.Error(), "请在批准以后再打开这一链接。"}
	case errors.Is(err, intake.ErrForbidden):
		return explanation{http.StatusForbidden, "", "没有权限", "您的角色不能使用这一功能；如工作需要，请联系系统管理员。"}
	case errors.Is(err, intake.ErrNotFound):
		return explanation{http.StatusNotFound, "", "没有找到", "请核对地址或编号；内容可能属于另一环境。"}
	case errors.Is(err, intake.ErrNoInvitation):
		return explanation{http.StatusGone, "", err.Error(), ""}
	case errors.Is(err, intake.ErrUnchecked):
		return explanation{http.StatusConflict, "", err.Error(), "请先核对，或者写明理由申请。"}
	case errors.Is(err, intake.ErrInvalid):
		return explanation{http.StatusBadRequest, "填写的内容不能接受：", invalidText(err), "请返回修改后再提交。"}
	case errors.Is(err, intake.ErrExists):
		return explanation{http.StatusConflict, "已经存在或已经办过：", err.Error(), "请重新打开原来的页面，查看现在的情况。"}
	case errors.Is(err, intake.ErrUnavailable):
		return explanation{http.StatusServiceUnavailable, "", "系统繁忙，或者不能确定是否已经保存", "请重新打开原来的页面，看是否已经生效，再决定是否重做；不要刷新这一页，那会再提交一次。反复出现请联系系统管理员。"}
	}
	return explanation{http.StatusInternalServerError, "", "系统内部错误", "请联系系统管理员查看服务日志。"}
}

// invalidText is what is wrong with an input, without where it was found and that it is one.
func invalidText(err error) string {
	if r, ok := errors.AsType[intake.DeskError](err); ok {
		return r.Text
	}
	return err.Error()
}
