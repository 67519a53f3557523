package sandbox

import (
	"net"
	"strings"
)

// strangeHost is what they are told who call a sandbox of this machine by a name that is not this machine's.
const strangeHost = "沙箱只监听本机，只接受本机的主机名：127.0.0.1、localhost、[::1]。要让其他机器或其他名称访问，用 --listen 指明地址。"

// named tells whether a request is for this sandbox. A page of another site whose name has been made to lead to
// 127.0.0.1 could otherwise read the credentials with the browser of whoever runs the sandbox (DNS rebinding). Browsers
// always send a name.
func (s *Server) named(host string) bool {
	if !s.Addr.IP.IsLoopback() || host == "" {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost") || strings.EqualFold(host, s.name)
}
