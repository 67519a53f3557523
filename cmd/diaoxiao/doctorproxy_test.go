package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"diaoxiao/internal/sender/doctor"
)

// doctorBehind runs the doctor as a program of its own, because the proxy of the environment is looked up once.
func doctorBehind(t *testing.T, environ []string, args ...string) (e checkup) {
	t.Helper()
	cmd := exec.Command(
		"diaoxiao",
		append([]string{"doctor", "--json", "--timeout", "2s", "--outbox", t.TempDir()}, args...)...,
	)
	cmd.Env = append(os.Environ(), environ...)
	out, err := cmd.Output()
	if json.Unmarshal(out, &e) != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return e
}

// Behind a proxy it is the proxy whose name and port count, and who may not let us through.
func TestDoctorBehindProxy(t *testing.T) {
	a := newAuthority(t)
	s := receiver(t, a.server(t, nil))
	var status atomic.Int64
	status.Store(200)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || status.Load() != 200 {
			w.WriteHeader(int(status.Load()))
			return
		}
		to, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "https://")) // whatever was asked for
		if err != nil {
			t.Error(err)
			return
		}
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(to, rw); to.Close() }()
		io.Copy(c, to)
		c.Close()
	}))
	t.Cleanup(proxy.Close)
	environ := []string{"HTTPS_PROXY=" + strings.Replace(proxy.URL, "//", "//user:geheim@", 1)}
	e := doctorBehind(t, environ, "https://receiver.test", "--ca-file", a.file)
	e.says(t, "代理", doctor.Fine, "经代理 http://user:***@127.0.0.1:")
	e.says(t, "DNS", doctor.Fine, "127.0.0.1 是 IP 地址")
	e.says(t, "TLS", doctor.Fine, "TLS 1.3")
	e.says(t, "接口", doctor.Fine, "是批量吊销接口")
	e = doctorBehind(t, environ, "https://intranet", "--ca-file", a.file)
	e.says(t, "代理", doctor.Doubtful, "intranet 是内网地址", `export NO_PROXY="$NO_PROXY,intranet"`)
	doctorBehind(t, append(environ, "NO_PROXY=.test"), "https://receiver.test").says(t, "代理", doctor.Fine, "不经代理")
	for code, word := range map[int]string{
		407: "代理要求登录",
		403: "在代理上放行 receiver.test:443",
		502: "代理自己连不上 receiver.test:443",
	} {
		status.Store(int64(code))
		e := doctorBehind(t, environ, "https://receiver.test", "--ca-file", a.file)
		e.says(t, "TLS", doctor.Broken, "代理不放行："+strconv.Itoa(code), word)
		e.says(t, "接口", doctor.Unchecked, "TLS 不通")
	}
	proxy.Close()
	e = doctorBehind(t, environ, "https://receiver.test")
	e.says(
		t, "TCP", doctor.Broken, "代理 127.0.0.1:", "拒绝连接", "核对环境变量 https_proxy", "问网管",
		"把 receiver.test 加入 no_proxy 直连",
	)
	e.doesNotSay(t, "TCP", "请接收方")
}

// A proxy that is not there, or that is none, is not the receiver's fault: no name, no route, no answer, an answer of
// something else.
func TestDoctorBehindDeadProxy(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, c := range []struct{ proxy, check, text string }{
		{"http://proxy.invalid:8080", "DNS", "代理的主机名解析不了"},
		{"http://127.0.0.1:1", "TCP", "拒绝连接"},
		{"http://" + silent.Addr().String(), "TLS", "代理没有像代理那样应答"},
	} {
		e := doctorBehind(t, []string{"HTTPS_PROXY=" + c.proxy}, "https://receiver.test")
		e.says(t, c.check, doctor.Broken, c.text, "核对环境变量 https_proxy", "问网管", "no_proxy")
		e.doesNotSay(t, c.check, "请接收方")
	}
}

// Behind a proxy of another kind the certificate is verified by the client alone.
func TestDoctorBehindSOCKS(t *testing.T) {
	a := newAuthority(t)
	s := receiver(t, a.server(t, nil))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go socks(c, strings.TrimPrefix(s.URL, "https://"))
		}
	}()
	environ := []string{"HTTPS_PROXY=socks5://" + l.Addr().String()}
	e := doctorBehind(t, environ, "https://receiver.test", "--ca-file", a.file)
	e.says(t, "TLS", doctor.Unchecked, "经 socks5 代理")
	e.says(t, "接口", doctor.Fine, "是批量吊销接口")
	doctorBehind(t, environ, "https://receiver.test").says(t, "接口", doctor.Broken, "没有得到应答")
}

// socks connects one client to address, whatever address the client asks for (RFC 1928).
func socks(c net.Conn, address string) {
	defer c.Close()
	to, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer to.Close()
	greeting := make([]byte, 512)
	c.Read(greeting)
	c.Write([]byte{5, 0})
	c.Read(greeting)
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go io.Copy(to, c)
	io.Copy(c, to)
}
