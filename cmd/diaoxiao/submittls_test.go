package main

import (
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Why a receiver is not believed, or not reached through a proxy, is said in Chinese, with the way to find out more.
func TestSubmitSaysWhyNotBelieved(t *testing.T) {
	a := newAuthority(t)
	list := listOf(t, filepath.Join(t.TempDir(), "a.csv"), "甲〔2026〕1号")
	for _, c := range []struct {
		name   string
		change func(*x509.Certificate)
		args   []string
		want   string
	}{
		{"unknown authority", nil, nil, "证书的签发机构不受信任"},
		{
			"expired",
			func(x *x509.Certificate) { x.NotAfter = time.Now().Add(-time.Hour) },
			[]string{"--ca-file", a.file},
			"已过期或尚未生效",
		},
		{
			"wrong name",
			func(x *x509.Certificate) { x.IPAddresses = nil },
			[]string{"--ca-file", a.file},
			"证书不是发给 127.0.0.1 的，其上的名称是：receiver.test",
		},
		{
			"no names",
			func(x *x509.Certificate) { x.IPAddresses, x.DNSNames = nil, nil },
			[]string{"--ca-file", a.file},
			"没有主体备用名称（SAN）",
		},
		{"no TLS", nil, []string{"--ca-file", a.file}, "该端口应答的不是 HTTPS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conf, url := a.server(t, c.change), ""
			if c.name == "no TLS" {
				s := receiver(t, nil)
				url = strings.Replace(s.URL, "http://", "https://", 1)
			} else {
				url = receiver(t, conf).URL
			}
			dir := t.TempDir()
			put(t, filepath.Join(dir, "secret"), []byte("x"), 0)
			r := runHere(t, nil, append([]string{
				"submit",
				list,
				"--url",
				url,
				"--app-key",
				"dx",
				"--account",
				"甲",
				"--secret-file",
				filepath.Join(dir, "secret"),
				"--outbox",
				filepath.Join(dir, "box"),
			}, c.args...)...)
			if r.code != exitFailure || !strings.Contains(r.err, c.want) || !strings.Contains(
				r.err,
				"diaoxiao doctor",
			) || strings.Contains(r.err, "x509") || strings.Contains(r.err, "tls:") {
				t.Errorf("exit code %d, no %q in\n%s", r.code, c.want, r.err)
			}
		})
	}
}

// A dead proxy is named as such by submit too.
func TestSubmitBehindDeadProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "secret"), []byte("x"), 0)
	cmd := exec.Command(
		"diaoxiao", "status", "1", "--url", "https://receiver.test", "--app-key", "dx", "--account", "甲",
		"--secret-file", filepath.Join(dir, "secret"),
	)
	cmd.Env = append(os.Environ(), "HTTPS_PROXY=http://"+l.Addr().String())
	out, _ := cmd.CombinedOutput()
	for _, want := range []string{"连不上代理：" + l.Addr().String() + " 拒绝连接", "核对环境变量 https_proxy", "no_proxy"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
