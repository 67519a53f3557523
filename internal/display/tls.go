package display

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
)

// ofTLS says in Chinese why a certificate was not believed, or why there was no TLS.
func ofTLS(err error) (words string, ok bool) {
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return "证书不是发给 " + e.Host + " 的" + namesOn(e.Certificate), true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return "证书不被接受：" + invalidWords(e), true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "证书的签发机构不受信任", true
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "证书未通过验证：" + e.Err.Error(), true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "该端口应答的不是 HTTPS", true
	}
	if e, ok := errors.AsType[tls.AlertError](err); ok {
		return "TLS 握手被拒绝：" + strings.TrimPrefix(e.Error(), "tls: "), true
	}
	return "", false
}

// namesOn lists what a certificate was made out to.
func namesOn(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "，其上没有主体备用名称（SAN）"
	}
	return "，其上的名称是：" + strings.Join(names, "、")
}

func invalidWords(e x509.CertificateInvalidError) string {
	switch {
	case e.Reason == x509.Expired && e.Cert != nil:
		return "已过期或尚未生效（" + e.Cert.NotBefore.Local().Format("2006-01-02") + " 至 " +
			e.Cert.NotAfter.Local().Format("2006-01-02") + "），或本机时间不对"
	case e.Reason == x509.Expired:
		return "已过期或尚未生效，或本机时间不对"
	case e.Reason == x509.NotAuthorizedToSign:
		return "签发它的证书没有签发的权限"
	case e.Reason == x509.IncompatibleUsage:
		return "不是给服务器用的"
	}
	return e.Error()
}
