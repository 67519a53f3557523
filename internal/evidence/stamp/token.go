package stamp

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence/merkle"
)

// Token is a time-stamp (RFC 3161): an authority says that a hash was known at a time.
type Token struct {
	DER    []byte // the TimeStampToken
	Suite  merkle.Suite
	Hash   merkle.Hash
	Time   time.Time // of the authority
	Nonce  *big.Int
	Policy string // object identifier, in numbers
	Signer *smx509.Certificate

	with       []*smx509.Certificate
	algorithms []string // of the stamp and its signature, without the chain
}

// info is the TSTInfo of RFC 3161, 2.4.2.
type info struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  imprint
	Serial   *big.Int
	Time     time.Time `asn1:"generalized"`
	Accuracy struct {
		Seconds int `asn1:"optional"`
		Millis  int `asn1:"optional,tag:0"`
		Micros  int `asn1:"optional,tag:1"`
	} `asn1:"optional"`
	Ordering   bool          `asn1:"optional"`
	Nonce      *big.Int      `asn1:"optional"`
	Authority  asn1.RawValue `asn1:"optional,tag:0"`
	Extensions asn1.RawValue `asn1:"optional,tag:1"`
}

var (
	oidInfo     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidSigner   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12} // signingCertificate, by SHA-1
	oidSignerV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSM2SM3   = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 501}
	oidKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
)

var errToken = errors.New("not a time-stamp of RFC 3161")

// Parse reads a stamp and verifies its signature by the certificate that it has with it, which must be one for
// time-stamping (RFC 3161, 2.3) and the one that the signature names. Whether that certificate is trusted is another
// question: see Hold.
func Parse(der []byte) (t Token, err error) {
	cms, err := pkcs7.Parse(der)
	if err != nil {
		return t, errors.Join(errToken, err)
	}
	if len(cms.Signers) != 1 || cms.GetOnlySigner() == nil {
		return t, fmt.Errorf("%w: it needs one signer, with its certificate", errToken)
	}
	if s := &cms.Signers[0]; s.DigestEncryptionAlgorithm.Algorithm.Equal(oidSM2SM3) {
		s.DigestEncryptionAlgorithm.Algorithm = pkcs7.OIDDigestEncryptionAlgorithmSM2 // as BouncyCastle names it
	}
	t.DER, t.Signer, t.with = der, cms.GetOnlySigner(), cms.Certificates
	if err := errors.Join(t.forStamping(), t.signed(cms), cms.Verify()); err != nil {
		return t, errors.Join(errToken, err)
	}
	return t, t.read(cms.Content)
}

// forStamping fails unless the signer's certificate is for time-stamping alone, and says so critically.
func (t *Token) forStamping() error {
	use := t.Signer.ExtKeyUsage
	for _, x := range t.Signer.Extensions {
		if x.Id.Equal(oidKeyUsage) && x.Critical && len(use) == 1 && use[0] == smx509.ExtKeyUsageTimeStamping &&
			len(t.Signer.UnknownExtKeyUsage) == 0 {
			return nil
		}
	}
	return errors.New("the certificate of the signer is not one for time-stamping alone")
}

// signed fails unless the signed attributes say that the content is a stamp, and name the certificate of the signer.
func (t *Token) signed(cms *pkcs7.PKCS7) error {
	var kind asn1.ObjectIdentifier
	if err := cms.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &kind); err != nil || !kind.Equal(oidInfo) {
		return errors.Join(errors.New("the signature is not over a stamp"), err)
	}
	digest := digestName(cms.Signers[0].DigestAlgorithm.Algorithm)
	t.algorithms = []string{digest, keyName(t.Signer)}
	var first struct {
		Certs []struct {
			Hash   []byte
			Issuer asn1.RawValue `asn1:"optional"`
		}
		Policies asn1.RawValue `asn1:"optional"`
	}
	if cms.UnmarshalSignedAttribute(oidSigner, &first) == nil && len(first.Certs) > 0 {
		if sum := sha1.Sum(t.Signer.Raw); bytes.Equal(first.Certs[0].Hash, sum[:]) {
			return nil
		}
	}
	return t.namedV2(cms)
}

// namedV2 is for signingCertificateV2 (RFC 5035).
func (t *Token) namedV2(cms *pkcs7.PKCS7) error {
	var attr struct {
		Certs    []asn1.RawValue
		Policies asn1.RawValue `asn1:"optional"`
	}
	if err := cms.UnmarshalSignedAttribute(oidSignerV2, &attr); err != nil || len(attr.Certs) == 0 {
		return errors.Join(errors.New("the signature does not name its certificate"), err)
	}
	of := struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
		Hash      []byte
		Issuer    asn1.RawValue `asn1:"optional"`
	}{}
	if _, err := asn1.Unmarshal(attr.Certs[0].FullBytes, &of); err != nil {
		return err
	}
	if !bytes.Equal(sum(of.Algorithm.Algorithm, t.Signer.Raw), of.Hash) {
		return errors.New("the signature names another certificate")
	}
	return nil
}

// sum is a hash of data; without an algorithm it is SHA-256, nil for one that isn't known.
func sum(oid asn1.ObjectIdentifier, data []byte) []byte {
	switch {
	case oid == nil || oid.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		h := sha256.Sum256(data)
		return h[:]
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		h := sha512.Sum384(data)
		return h[:]
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		h := sha512.Sum512(data)
		return h[:]
	case oid.Equal(pkcs7.OIDDigestAlgorithmSM3):
		h := sm3.Sum(data)
		return h[:]
	}
	return nil
}

// read reads what the stamp says.
func (t *Token) read(content []byte) error {
	var i info
	if rest, err := asn1.Unmarshal(content, &i); err != nil || len(rest) > 0 || i.Version != 1 {
		return errors.Join(errToken, err)
	}
	for _, s := range merkle.Suites() {
		if i.Imprint.Algorithm.Algorithm.Equal(oidOf(s)) && len(i.Imprint.Hash) == merkle.Size {
			t.Suite, t.Hash = s, merkle.Hash(i.Imprint.Hash)
			t.Time, t.Nonce, t.Policy = i.Time.UTC(), i.Nonce, i.Policy.String()
			t.algorithms = append(t.algorithms, s.String())
			return nil
		}
	}
	return fmt.Errorf("%w: its hash is neither SHA-256 nor SM3", errToken)
}

// Authority is the name of the authority, as its certificate has it.
func (t Token) Authority() string {
	if n := t.Signer.Subject.CommonName; n != "" {
		return n
	}
	return t.Signer.Subject.String()
}

// Until is when the first of the certificates that the stamp has with it ends: a later stamp must be made before.
func (t Token) Until() time.Time {
	until := t.Signer.NotAfter
	for _, c := range t.with {
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
	}
	return until
}

// Hold fails unless the stamp can be relied on at some time: the chain of its certificate leads to one of the roots,
// was valid when the stamp was made and is valid at that time, and no algorithm of stamp and chain is broken by then.
// The error is a *Fault.
func (t Token) Hold(at time.Time, roots *smx509.CertPool, b Broken) error {
	if at.Before(t.Time) {
		return &Fault{TooLate, fmt.Errorf("it was made on %s, after %s", day(t.Time), day(at))}
	}
	between := smx509.NewCertPool()
	for _, c := range t.with {
		between.AddCert(c)
	}
	options := smx509.VerifyOptions{Roots: roots, Intermediates: between,
		KeyUsages: []smx509.ExtKeyUsage{smx509.ExtKeyUsageTimeStamping}, CurrentTime: t.Time}
	if _, err := t.Signer.Verify(options); err != nil {
		return &Fault{Untrusted, err}
	}
	options.CurrentTime = at
	chains, err := t.Signer.Verify(options)
	if err != nil {
		return &Fault{TooLate, err}
	}
	for _, chain := range chains {
		if err = b.by(at, t.algorithmsOf(chain)); err == nil {
			return nil
		}
	}
	return err
}

// algorithmsOf are those that the stamp relies on by a chain. The root is trusted for itself.
func (t Token) algorithmsOf(chain []*smx509.Certificate) []string {
	all := append([]string(nil), t.algorithms...)
	for i := range chain[1:] {
		all = append(all, signatureNames(chain[i], chain[i+1])...)
	}
	return all
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// Roots reads certificates in PEM.
func Roots(text []byte) (*smx509.CertPool, error) {
	pool := smx509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("there is no certificate in PEM")
	}
	return pool, nil
}
