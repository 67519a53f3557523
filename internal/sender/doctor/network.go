package doctor

import (
	"bufio"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/display"
)

// checkProxy says which proxy, if any, the environment puts between us and the receiver.
func (x *examination) checkProxy(ctx context.Context, found *Diagnosis) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.endpoint(api.Login), nil)
	if err == nil {
		x.proxy, err = http.ProxyFromEnvironment(r)
	}
	if err != nil {
		found.note(
			Broken,
			"环境变量中的代理地址有误："+display.Plain(display.Address(err.Error())),
			"检查环境变量 HTTPS_PROXY、HTTP_PROXY、NO_PROXY",
		)
		return
	}
	x.hop = hostPort(x.root)
	if x.proxy == nil {
		found.note(Fine, "不经代理，直接连接")
		return
	}
	x.hop = hostPort(x.proxy)
	host := x.root.Hostname()
	if !intranet(host) {
		found.note(Fine, "经代理 "+display.Address(x.proxy.String()))
	} else {
		found.note(Doubtful, fmt.Sprintf("%s 是内网地址，却要经代理 %s", host, display.Address(x.proxy.String())),
			"通常应直连：在环境变量 NO_PROXY 中加入 "+host+"（export NO_PROXY=\"$NO_PROXY,"+host+"\"；Windows：setx NO_PROXY "+host+"）")
	}
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), cmp.Or(port, "80"))
}

// intranet reports whether a host is one that a proxy to the outside will hardly reach.
func intranet(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
	}
	return !strings.Contains(host, ".")
}

func (x *examination) checkDNS(ctx context.Context, found *Diagnosis) {
	if x.hop == "" {
		found.note(Unchecked, "代理地址有误")
		return
	}
	host, _, _ := net.SplitHostPort(x.hop)
	if _, err := netip.ParseAddr(host); err == nil {
		found.note(Fine, host+" 是 IP 地址，无需解析")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	ips, err := net.DefaultResolver.LookupHost(ctx, host)
	if err == nil {
		found.note(Fine, host+" → "+strings.Join(ips, "、"))
		return
	}
	text, step := dnsWords(host, err)
	if x.proxy != nil {
		text, step = "代理的主机名解析不了："+text, x.proxyStep()
	}
	found.note(Broken, text, step)
}

func dnsWords(host string, err error) (text, step string) {
	e, _ := errors.AsType[*net.DNSError](err)
	switch {
	case e != nil && e.IsNotFound:
		return "没有 " + host + " 这个主机名", "核对主机名的拼写；如是内网名称，检查本机的 DNS 设置（nslookup " + host +
			"），或请网管把它写入 /etc/hosts（Windows：C:\\Windows\\System32\\drivers\\etc\\hosts）"
	case e != nil && e.IsTimeout || errors.Is(err, context.DeadlineExceeded):
		return "DNS 服务器没有应答，解析不了 " + host, "检查本机的 DNS 服务器设置（Linux：/etc/resolv.conf；Windows：ipconfig /all）和到它的网络"
	}
	return "解析 " + host + " 出错：" + err.Error(), "检查本机的 DNS 设置（nslookup " + host + "）"
}

func (x *examination) checkTCP(ctx context.Context, found *Diagnosis) {
	if _, ok := x.broke("DNS"); ok {
		found.note(Unchecked, "主机名没有解析出来")
		return
	}
	began := time.Now()
	conn, err := x.dial(ctx)
	if err != nil {
		text, step := x.dialWords(err)
		if x.proxy != nil {
			step = x.proxyStep() // the receiver has nothing to do with it
		}
		found.note(Broken, text, step)
		return
	}
	conn.Close()
	found.note(Fine, fmt.Sprintf("已连上 %s，用时 %.1f ms", conn.RemoteAddr(), millis(time.Since(began))))
}

// proxyStep is what to do about a proxy that cannot be reached.
func (x *examination) proxyStep() string {
	return "核对环境变量 " + x.root.Scheme + "_proxy 中代理的地址和端口，问网管代理是否在运行；不需要代理的，把 " + x.root.Hostname() + " 加入 no_proxy 直连"
}

// dial connects to the receiver or to the proxy before it.
func (x *examination) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: x.timeout}
	return dialer.DialContext(ctx, "tcp", x.hop)
}

// dialWords tells apart why there is no connection: each has another cure.
func (x *examination) dialWords(err error) (text, step string) {
	what, host := x.hop, x.root.Hostname()
	if x.proxy != nil {
		what, host = "代理 "+x.hop, x.proxy.Hostname()
	}
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case display.IsErrno(err, syscall.ECONNREFUSED, 10061):
		return what + " 拒绝连接：主机可达，但该端口没有服务在监听（或防火墙明确拒绝）", "核对端口号；请接收方确认服务已启动、监听的是这个地址和端口"
	case display.IsErrno(err, syscall.ENETUNREACH, 10051), display.IsErrno(err, syscall.EHOSTUNREACH, 10065):
		return "到 " + what + " 没有路由，或主机不在线", "检查本机网络、VPN 或专线是否已连接（ping " + host + "；ip route get " + host + "），并请网管核对路由"
	case timeout != nil && timeout.Timeout():
		return fmt.Sprintf("连接 %s 在 %s内没有任何回应：途中被防火墙丢弃，或主机不在线", what, display.Span(x.timeout)), "请网管放行本机到 " + x.hop +
			" 的 TCP 连接；核对地址是否正确"
	case display.IsErrno(err, syscall.ECONNRESET, 10054):
		return what + " 连上后立即断开", "多为防火墙或负载均衡所为，请网管检查"
	}
	return "连不上 " + what + "：" + display.System(err), "核对地址与网络"
}

// tunnelError is what a proxy says who does not let us through.
type tunnelError struct {
	status string
	code   int
}

func (e tunnelError) Error() string {
	if e.code == 0 {
		return "代理" + e.status
	}
	return "代理不放行：" + e.status
}

// connect connects to the receiver, through the proxy if there is one.
func (x *examination) connect(ctx context.Context) (net.Conn, error) {
	conn, err := x.dial(ctx)
	if err != nil || x.proxy == nil || x.root.Scheme == "http" {
		return conn, err
	}
	conn.SetDeadline(time.Now().Add(x.timeout))
	if err := x.tunnel(conn); err != nil {
		conn.Close()
		if _, ok := errors.AsType[tunnelError](err); !ok {
			err = tunnelError{"没有像代理那样应答（" + display.System(err) + "）", 0}
		}
		return nil, err
	}
	return conn, nil
}

// tunnel asks the proxy for a way through.
func (x *examination) tunnel(conn net.Conn) error {
	target := hostPort(x.root)
	r := &http.Request{
		Method: http.MethodConnect,
		URL:    &url.URL{Opaque: target},
		Host:   target,
		Header: make(http.Header),
	}
	if u := x.proxy.User; u != nil {
		password, _ := u.Password()
		r.Header.Set(
			"Proxy-Authorization",
			"Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)),
		)
	}
	if err := r.Write(conn); err != nil {
		return err
	}
	// The receiver says nothing before we do, so nothing of its data is lost in the buffer.
	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return tunnelError{resp.Status, resp.StatusCode}
	}
	return nil
}

// tunnelStep is what to do about a proxy that refuses.
func (x *examination) tunnelStep(code int) string {
	switch code {
	case 0:
		return x.proxyStep()
	case http.StatusProxyAuthRequired:
		return "代理要求登录：把用户名和口令写入 HTTPS_PROXY（http://用户:口令@主机:端口），或请网管放行"
	case http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable:
		return "代理自己连不上 " + hostPort(x.root) + "：若是内网地址，把 " + x.root.Hostname() + " 加入 NO_PROXY 直连；否则请网管检查代理"
	}
	return "请网管在代理上放行 " + hostPort(x.root) + "，或把 " + x.root.Hostname() + " 加入 NO_PROXY 直连"
}
