package api

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ErrPlainHTTP marks an {API_ROOT} to which secrets would travel in clear.
var ErrPlainHTTP = errors.New("明文 HTTP，密钥、令牌和案件途中人人可见；改用 https://")

// ParseRoot reads an {API_ROOT}, below which the calls of a receiver stand (clause 2.4), and returns it without a slash
// at its end: https://host[:port][/prefix], or http:// to this machine, and to another one (ErrPlainHTTP otherwise) if
// plain is true. An address from /security on is refused, as that of a call is what people copy; a prefix such as
// /securityhub is not. The error says in Chinese what is wrong. It holds neither user nor password, whatever text does.
func ParseRoot(text string, plain bool) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("应为 https://主机[:端口][/前缀]，即文档中的 {API_ROOT}")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	before, _, below := strings.Cut(u.Path+"/", "/security/")
	switch {
	case u.User != nil || strings.ContainsAny(text, "?#"):
		return nil, errors.New("不得带用户名、? 或 #")
	case u.Scheme == "http" && !plain && !loopback(u.Hostname()):
		return nil, ErrPlainHTTP
	case below:
		return nil, fmt.Errorf(
			"{API_ROOT} 不含 /security 及其后的部分，应为 %s",
			&url.URL{Scheme: u.Scheme, Host: u.Host, Path: before},
		)
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
