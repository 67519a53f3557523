package console

import (
	"io"
	"mime"
	"net/http"
	"strings"

	"diaoxiao/internal/receiver/console/firms"
	"diaoxiao/internal/receiver/peer"
)

// foreign answers what another site had a browser send.
func (s *console) foreign(w http.ResponseWriter, r *http.Request) {
	s.Problem(w, r, http.StatusForbidden, "不是从管理台的页面提交的", "没有办理。请从管理台的菜单进入后重新操作；反复出现时，请系统管理员核对前置代理是否原样传递 Host。")
}

// maxForm bounds a request body.
const maxForm = 64 << 10

// guard bounds every request, says on every answer what a browser may do with it, and keeps out whatever may not
// come in at all.
func (s *console) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "+
				"form-action 'self'; "+
				"base-uri 'none'; frame-ancestors 'none'; report-uri "+s.Prefix+"/csp")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.Secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, s.most(r))
		switch {
		case r.URL.Query().Has("access_token"): // of the interface; a redirect, such as to the login, would carry it on
			s.missing(w, r)
		case len(s.Networks) > 0 && !peer.Within(peer.Source(r, s.Proxies), s.Networks):
			s.Problem(w, r, http.StatusForbidden, "您的网络不能使用管理台", "请在允许的网段内访问，或请系统管理员调整 console_networks。")
		case !s.private(r):
			s.Problem(w, r, http.StatusForbidden, "管理台须经 HTTPS 访问",
				"密码不能在网络上明文传送。请用 https:// 开头的地址，或请系统管理员给服务设置证书（tls_cert、tls_key）。")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// most bounds a request body. Only a form with files may be large: its route reads it after the right was checked.
func (s *console) most(r *http.Request) int64 {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method == http.MethodPost && kind == "multipart/form-data" && r.URL.Path == s.Config.Prefix+firms.UploadPath {
		return firms.MaxUpload
	}
	return maxForm
}

// private reports whether nobody on the way can read the request: TLS, a named proxy that says so, or this very
// machine.
func (s *console) private(r *http.Request) bool {
	from := peer.Neighbour(r)
	switch {
	case r.TLS != nil:
		return true
	case r.Header.Get("X-Forwarded-Proto") != "" && peer.Within(from, s.Proxies):
		return r.Header.Get("X-Forwarded-Proto") == "https"
	}
	return from.IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}

func (s *console) missing(w http.ResponseWriter, r *http.Request) {
	s.Problem(w, r, http.StatusNotFound, "页面不存在", "请从上方的菜单进入。")
}

// violation takes a browser's report of something the policy forbade.
func (s *console) violation(w http.ResponseWriter, r *http.Request) {
	if from := peer.Source(r, s.Proxies); s.reports.Wait(from) == 0 {
		s.reports.Failed(from)
		b, _ := io.ReadAll(io.LimitReader(r.Body, 2000))
		s.Violation(strings.ToValidUTF8(string(b), "\uFFFD"))
	}
	w.WriteHeader(http.StatusNoContent)
}
