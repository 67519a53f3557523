package doctor

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/display"
)

// soon is how long before its end a certificate is told of.
const soon = 30 * 24 * time.Hour

// checkTLS looks at protocol and certificates itself, one fault at a time: the error of a failed handshake names only
// the first.
func (x *examination) checkTLS(ctx context.Context, found *Diagnosis) {
	if name, ok := x.broke("DNS", "TCP"); ok {
		found.note(Unchecked, name+" 不通")
		return
	}
	if x.root.Scheme == "http" {
		x.shown, x.trusted = true, true // the sender lets it
		found.note(Fine, "明文 HTTP，不使用 TLS")
		if _, err := api.ParseRoot(x.URL, false); errors.Is(err, api.ErrPlainHTTP) {
			found.note(Doubtful, "明文 HTTP：密钥、令牌和案件途中人人可见", "改用 https://，除非专线本身已加密")
		}
		return
	}
	if x.proxy != nil && x.proxy.Scheme != "http" {
		x.shown, x.trusted = true, true // net/http verifies by itself
		found.note(Unchecked, "经 "+x.proxy.Scheme+" 代理，证书由下面的接口一项一并验证")
		return
	}
	state, err := x.handshake(ctx, modernTLS())
	if err != nil {
		x.tlsFailed(ctx, found, err)
		return
	}
	found.note(Fine, fmt.Sprintf("%s，%s", tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)))
	x.shown = true
	x.checkChain(found, state.PeerCertificates)
	x.trusted = found.Standing != Broken
}

// modernTLS is what the client speaks.
func modernTLS() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }

// ancientTLS is all that this program can speak; only to find out what the other side wants.
func ancientTLS() *tls.Config {
	conf := &tls.Config{MinVersion: tls.VersionTLS10}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		conf.CipherSuites = append(conf.CipherSuites, s.ID)
	}
	return conf
}

// handshake opens TLS without believing anybody, to see what is shown.
func (x *examination) handshake(ctx context.Context, conf *tls.Config) (s tls.ConnectionState, err error) {
	raw, err := x.connect(ctx)
	if err != nil {
		return s, err
	}
	defer raw.Close()
	conf.ServerName, conf.InsecureSkipVerify = x.root.Hostname(), true
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	conn := tls.Client(raw, conf)
	if err := conn.HandshakeContext(ctx); err != nil {
		return s, err
	}
	return conn.ConnectionState(), nil
}

// tlsFailed says why there was no handshake.
func (x *examination) tlsFailed(ctx context.Context, found *Diagnosis, err error) {
	var record tls.RecordHeaderError
	if e, ok := errors.AsType[tunnelError](err); ok {
		found.note(Broken, e.Error(), x.tunnelStep(e.code))
		return
	}
	if errors.As(err, &record) {
		x.notTLS(found, record)
		return
	}
	timeout, _ := errors.AsType[net.Error](err)
	late := timeout != nil && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded)
	var state tls.ConnectionState
	if !late {
		state, _ = x.handshake(ctx, ancientTLS())
	}
	if state.Version != 0 {
		found.note(Broken, fmt.Sprintf(
			"接收方只支持过时的 %s，%s；本程序要求 TLS 1.2 以上",
			tls.VersionName(state.Version),
			tls.CipherSuiteName(state.CipherSuite),
		),
			"请接收方在服务或前置网关上启用 TLS 1.2 或 1.3")
		return
	}
	step := "核对端口是否为 HTTPS；请网管检查途中的防火墙和网关"
	switch {
	case errors.Is(err, io.EOF), display.IsErrno(err, syscall.ECONNRESET, 10054):
		found.note(Broken, "TLS 握手中途被断开：该端口不是 HTTPS，或途中的防火墙、网关拦截", step)
	case late:
		found.note(Broken, fmt.Sprintf("已连上，但 TLS 握手在 %s内没有应答", display.Span(x.timeout)), step)
	default:
		found.note(Broken, "TLS 握手失败："+strings.TrimPrefix(err.Error(), "remote error: "), step)
	}
}

func (x *examination) notTLS(found *Diagnosis, e tls.RecordHeaderError) {
	if string(e.RecordHeader[:]) == "HTTP/" {
		found.note(Broken, "该端口应答的是明文 HTTP，不是 HTTPS", "核对端口：请接收方给出 HTTPS 端口；确为本机或已加密专线上的明文服务时，地址用 http://")
		return
	}
	found.note(Broken, "该端口应答的不是 TLS", "核对端口号")
}

// checkChain shows every certificate and finds every fault.
func (x *examination) checkChain(found *Diagnosis, chain []*x509.Certificate) {
	for i, c := range chain {
		found.Details = append(found.Details, fmt.Sprintf(
			"证书 %d  %s；签发者 %s；%s 至 %s", i+1, nameOf(c.Subject.String()), nameOf(c.Issuer.String()), day(c.NotBefore),
			day(c.NotAfter),
		))
	}
	if len(chain) == 0 {
		found.note(Broken, "接收方没有出示证书", "请接收方检查 TLS 设置")
		return
	}
	x.checkDates(found, chain)
	x.checkNames(found, chain[0])
	x.checkIssuer(found, chain)
}

func nameOf(s string) string { return cmp.Or(s, "（无名称）") }

func (x *examination) checkDates(found *Diagnosis, chain []*x509.Certificate) {
	now := time.Now()
	for i, c := range chain {
		what := fmt.Sprintf("证书 %d（%s）", i+1, nameOf(c.Subject.CommonName))
		switch {
		case now.After(c.NotAfter):
			found.note(
				Broken,
				what+"已于 "+c.NotAfter.Local().Format(time.DateTime)+" 过期",
				"先核对本机时间（"+now.Format(time.DateTime)+"）；时间无误时请接收方更换证书",
			)
		case now.Before(c.NotBefore):
			found.note(
				Broken,
				what+"自 "+c.NotBefore.Local().Format(time.DateTime)+" 起才有效",
				"多为本机时间不对（现为 "+now.Format(time.DateTime)+"），先校时",
			)
		case c.NotAfter.Sub(now) < soon:
			found.note(Doubtful, fmt.Sprintf("%s将于 %s 过期", what, day(c.NotAfter)), "提醒接收方及时更换证书")
		}
	}
}

func (x *examination) checkNames(found *Diagnosis, leaf *x509.Certificate) {
	if leaf.VerifyHostname(x.root.Hostname()) == nil {
		return
	}
	names := append([]string(nil), leaf.DNSNames...)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	step := "在地址中改用证书上的名称，或请接收方为 " + x.root.Hostname() + " 重新签发证书"
	if len(names) == 0 {
		step = "请接收方重新签发带有主题备用名称（SAN）" + x.root.Hostname() + " 的证书；只写在 CN 中的名称不再被承认"
	}
	found.note(
		Broken,
		fmt.Sprintf("证书不是发给 %s 的，其上的名称是：%s", x.root.Hostname(), cmp.Or(strings.Join(names, "、"), "无")),
		step,
	)
}

// checkIssuer leaves dates and names to the others.
func (x *examination) checkIssuer(found *Diagnosis, chain []*x509.Certificate) {
	o := x509.VerifyOptions{Roots: x.Roots, Intermediates: x509.NewCertPool(), CurrentTime: validMoment(chain)}
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := chain[0].Verify(o)
	if err == nil {
		return
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return // told by checkDates
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok {
		found.note(Broken, "证书不被接受："+err.Error(), "请接收方重新签发证书")
		return
	}
	last := chain[len(chain)-1]
	text := "签发机构不受信任：" + nameOf(last.Issuer.String())
	if x.CAFile != "" {
		text += "（" + x.CAFile + " 中没有它）"
	}
	found.note(Broken, text, "向接收方索取签发机构（CA）的证书文件，当面或电话核对指纹后，用 --ca-file 指明，或写入接入配置：diaoxiao profile init "+
		display.ShellQuote(cmp.Or(x.Profile, "NAME"))+" --ca-file ca.pem")
	found.Details = append(found.Details, fmt.Sprintf("链上最后一张证书的 SHA-256 指纹 %X", sha256.Sum256(last.Raw)))
	if last.Subject.String() != last.Issuer.String() && len(chain) == 1 {
		found.Details = append(found.Details, "接收方只送出一张证书；若其签发者是中间机构，应请接收方把中间证书一并配置")
	}
}

// validMoment is a moment at which the certificate shown first is valid, so that an old one is not also called unknown.
func validMoment(chain []*x509.Certificate) time.Time {
	now := time.Now()
	switch leaf := chain[0]; {
	case now.After(leaf.NotAfter):
		return leaf.NotAfter
	case now.Before(leaf.NotBefore):
		return leaf.NotBefore
	}
	return now
}
