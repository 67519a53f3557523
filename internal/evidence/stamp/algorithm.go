package stamp

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence/merkle"
)

func oidOf(s merkle.Suite) asn1.ObjectIdentifier {
	if s == merkle.SM3 {
		return pkcs7.OIDDigestAlgorithmSM3
	}
	return pkcs7.OIDDigestAlgorithmSHA256
}

// Broken says since when an algorithm is no longer relied on, by its name.
type Broken map[string]time.Time

// names are the algorithms that may be named as broken.
var names = []string{"SHA-1", "SHA-256", "SHA-384", "SHA-512", "SM3", "RSA", "ECDSA", "SM2"}

// Names are the algorithms that can be declared broken.
func Names() []string { return slices.Clone(names) }

// by fails if an algorithm was broken at some time.
func (b Broken) by(at time.Time, algorithms []string) error {
	for _, a := range algorithms {
		if since, ok := b[a]; ok && !at.Before(since) {
			return &Fault{AlgorithmBroken, fmt.Errorf("%s is not relied on since %s", a, since.Format(time.DateOnly))}
		}
	}
	return nil
}

// digestName is the name of a hash function, "" for one that isn't known.
func digestName(oid asn1.ObjectIdentifier) string {
	for name, known := range map[string]asn1.ObjectIdentifier{"SHA-1": pkcs7.OIDDigestAlgorithmSHA1,
		"SHA-256": pkcs7.OIDDigestAlgorithmSHA256, "SHA-384": pkcs7.OIDDigestAlgorithmSHA384,
		"SHA-512": pkcs7.OIDDigestAlgorithmSHA512, "SM3": pkcs7.OIDDigestAlgorithmSM3} {
		if oid.Equal(known) {
			return name
		}
	}
	return ""
}

// keyName is the name of the algorithm of a public key.
func keyName(c *smx509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA"
	case *ecdsa.PublicKey:
		if k.Curve == sm2.P256() {
			return "SM2"
		}
		return "ECDSA"
	}
	return "other"
}

// signatureNames are the algorithms of the signature of a certificate.
func signatureNames(c, issuer *smx509.Certificate) []string {
	digest := map[smx509.SignatureAlgorithm]string{smx509.SHA1WithRSA: "SHA-1", smx509.ECDSAWithSHA1: "SHA-1",
		smx509.SHA256WithRSA: "SHA-256", smx509.SHA256WithRSAPSS: "SHA-256", smx509.ECDSAWithSHA256: "SHA-256",
		smx509.SHA384WithRSA: "SHA-384", smx509.SHA384WithRSAPSS: "SHA-384", smx509.ECDSAWithSHA384: "SHA-384",
		smx509.SHA512WithRSA: "SHA-512", smx509.SHA512WithRSAPSS: "SHA-512", smx509.ECDSAWithSHA512: "SHA-512",
		smx509.SM2WithSM3: "SM3"}[c.SignatureAlgorithm]
	return []string{digest, keyName(issuer)}
}

// Both fails where both hash functions of the trees are broken by some time: then the trees prove nothing any more,
// whatever was stamped.
func (b Broken) Both(at time.Time) error {
	for _, s := range merkle.Suites() {
		if b.by(at, []string{s.String()}) == nil {
			return nil
		}
	}
	return &Fault{AlgorithmBroken, fmt.Errorf("neither SHA-256 nor SM3 is relied on by %s", at.Format(time.DateOnly))}
}
