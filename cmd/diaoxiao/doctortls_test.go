package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/sender/doctor"
)

// authority is a CA of a receiver's own, its certificate in a file.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{file: filepath.Join(t.TempDir(), "ca.pem")}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "某局CA"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(1000 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	a.cert, a.key = issue(t, template, nil)
	put(t, a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), 0)
	return a
}

// issue signs a certificate, by itself where there is no authority.
func issue(t *testing.T, template *x509.Certificate, by *authority) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// server is the TLS of a receiver with a certificate of the authority, changed for the test.
func (a *authority) server(t *testing.T, change func(*x509.Certificate)) *tls.Config {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "接收方"},
		NotBefore:    time.Now().Add(-50 * time.Hour),
		NotAfter:     time.Now().Add(900 * time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:     []string{"receiver.test"},
	}
	if change != nil {
		change(template)
	}
	cert, key := issue(t, template, a)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
}

// The doctor finds each kind of fault of a certificate and names the cure for it. It reports every fault, not only one.
func TestDoctorCertificates(t *testing.T) {
	a := newAuthority(t)
	for _, c := range []struct {
		name   string
		change func(*x509.Certificate)
		args   []string
		state  doctor.Standing
		words  []string
	}{
		{"good", nil, []string{"--ca-file", a.file}, doctor.Fine, []string{"TLS 1.3", "证书 1  CN=接收方；签发者 CN=某局CA；"}},
		{"unknown authority", nil, nil, doctor.Broken, []string{"签发机构不受信任：CN=某局CA", "SHA-256 指纹", "--ca-file"}},
		{"wrong authority", nil, []string{"--ca-file", newAuthority(t).file}, doctor.Broken, []string{"中没有它"}},
		{
			"expired",
			func(x *x509.Certificate) { x.NotAfter = time.Now().Add(-time.Hour) },
			[]string{"--ca-file", a.file},
			doctor.Broken,
			[]string{"证书 1（接收方）已于", "过期", "请接收方更换证书"},
		},
		{
			"not yet",
			func(x *x509.Certificate) { x.NotBefore = time.Now().Add(time.Hour) },
			[]string{"--ca-file", a.file},
			doctor.Broken,
			[]string{"起才有效", "先校时"},
		},
		{
			"soon",
			func(x *x509.Certificate) { x.NotAfter = time.Now().Add(time.Hour) },
			[]string{"--ca-file", a.file},
			doctor.Doubtful,
			[]string{"将于", "TLS 1.3"},
		},
		{"wrong name", func(x *x509.Certificate) { x.IPAddresses = nil }, []string{"--ca-file", a.file}, doctor.Broken,
			[]string{"证书不是发给 127.0.0.1 的，其上的名称是：receiver.test", "改用证书上的名称"}},
		{
			"no names",
			func(x *x509.Certificate) { x.IPAddresses, x.DNSNames = nil, nil },
			[]string{"--ca-file", a.file},
			doctor.Broken,
			[]string{"名称是：无", "SAN"},
		},
		{
			"all at once",
			func(x *x509.Certificate) { x.IPAddresses, x.NotAfter = nil, time.Now().Add(-time.Hour) },
			nil,
			doctor.Broken,
			[]string{"过期", "证书不是发给", "签发机构不受信任"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := receiver(t, a.server(t, c.change))
			want := map[doctor.Standing]int{
				doctor.Fine:     exitOK,
				doctor.Doubtful: exitOK,
				doctor.Broken:   exitFaults,
			}[c.state]
			e := examined(t, want, append([]string{s.URL}, c.args...)...)
			e.says(t, "TLS", c.state, c.words...)
			e.says(t, "接口", doctor.Fine, "是批量吊销接口") // looked at all the same
			e.says(t, "时钟", doctor.Fine, "1 秒以内")
		})
	}
}

// An old server, one without TLS and one that is silent or hangs up.
func TestDoctorHandshakes(t *testing.T) {
	a := newAuthority(t)
	old := a.server(t, nil)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	for _, c := range []struct{ name, url, word string }{
		{"TLS 1.0", receiver(t, old).URL, "只支持过时的 TLS 1.0"},
		{"plain HTTP", strings.Replace(receiver(t, nil).URL, "http:", "https:", 1), "是明文 HTTP，不是 HTTPS"},
		{"banner", "https://" + speaking(t, "SSH-2.0-OpenSSH_9.2\r\n"), "不是 TLS"},
		{"silent", "https://" + speaking(t, ""), "TLS 握手在 2 秒内没有应答"},
		{"hangs up", "https://" + speaking(t, "bye"), "被断开"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := examined(t, exitFaults, c.url, "--ca-file", a.file)
			e.says(t, "TLS", doctor.Broken, c.word)
			e.says(t, "TCP", doctor.Fine, "已连上")
		})
	}
}

// speaking is a listener that greets everybody with a text: "" is silence, and after "bye" it hangs up without it.
func speaking(t *testing.T, text string) (address string) {
	t.Helper()
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
			t.Cleanup(func() { c.Close() })
			if text == "bye" {
				c.Close()
				continue
			}
			io.WriteString(c, text)
		}
	}()
	return l.Addr().String()
}

// The doctor does not send the secret to a receiver whose certificate is not verified.
func TestDoctorKeepsTheSecret(t *testing.T) {
	a := newAuthority(t)
	s := receiver(t, a.server(t, nil))
	file := filepath.Join(t.TempDir(), "s")
	put(t, file, []byte(s.AppSecret), 0)
	who := []string{s.URL, "--app-key", s.AppKey, "--account", s.Accounts[0], "--secret-file", file}
	examined(t, exitFaults, who...).says(t, "凭据", doctor.Unchecked, "未经验证（第 5 项），不发送凭据")
	examined(t, exitOK, append(who, "--ca-file", a.file)...).says(t, "凭据", doctor.Fine, "登录成功")
}
