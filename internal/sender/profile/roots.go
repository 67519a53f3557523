package profile

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"diaoxiao/internal/explain"
)

// ReadAuthorities reads the certificates in a file, PEM or DER. For "" there are none.
func ReadAuthorities(path string) ([]*x509.Certificate, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("CA 证书：%w", err)
	}
	certs, err := parseCertificates(text)
	if err != nil {
		return nil, explain.WithStep(
			fmt.Errorf("CA 证书 %s：%w", path, err),
			"应为 PEM（-----BEGIN CERTIFICATE-----）或 DER 格式的证书，向接收方索取",
		)
	}
	return certs, nil
}

// rootsWith is the authorities beside those that the system trusts. Without authorities it is nil, which means the
// system's.
func rootsWith(authorities []*x509.Certificate) *x509.CertPool {
	if len(authorities) == 0 {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any
	}
	for _, c := range authorities {
		pool.AddCert(c)
	}
	return pool
}

func parseCertificates(text []byte) (certs []*x509.Certificate, err error) {
	if !bytes.Contains(text, []byte("-----BEGIN")) {
		return x509.ParseCertificates(text)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, fmt.Errorf("其中没有证书")
	}
	return certs, nil
}
