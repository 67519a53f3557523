// Package stamptest is a time-stamp authority for tests. OpenSSL and BouncyCastle are authorities in the tests of
// interop.
package stamptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// Authority is a time-stamp authority with a clock of its own, which answers over HTTP.
type Authority struct {
	URL   string // of one that Open started
	Root  *smx509.Certificate
	Spoil func(*Content) // changes the content of a stamp before it is signed; nil: it stays true

	cert  *smx509.Certificate
	key   crypto.Signer
	gm    bool // SM2 with SM3
	clock *time.Time
}

// Content is the TSTInfo of RFC 3161.
type Content struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint Imprint
	Serial  *big.Int
	Time    time.Time `asn1:"generalized"`
	Nonce   *big.Int
}

// Imprint is the hash that is stamped.
type Imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

// Open starts an authority whose certificate is valid for some years from now on its clock. use is what the certificate
// is for, time-stamping where there is none.
func Open(
	t testing.TB, name string, gm bool, clock *time.Time, years int, use ...asn1.ObjectIdentifier,
) *Authority {
	t.Helper()
	a, err := New(name, gm, clock, years, use...)
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(a)
	t.Cleanup(door.Close)
	a.URL = door.URL
	return a
}

// New is Open without a door.
func New(name string, gm bool, clock *time.Time, years int, use ...asn1.ObjectIdentifier) (a *Authority, err error) {
	a = &Authority{gm: gm, clock: clock}
	rootKey, err := a.newKey()
	if err != nil {
		return nil, err
	}
	from := clock.Add(-time.Hour)
	root := &smx509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name + "的根"},
		NotBefore: from, NotAfter: from.AddDate(years+1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: smx509.KeyUsageCertSign}
	if a.Root, err = certify(root, root, rootKey, rootKey); err != nil {
		return nil, err
	}
	if use == nil {
		use = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}
	}
	if a.key, err = a.newKey(); err != nil {
		return nil, err
	}
	a.cert, err = certify(&smx509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: from, NotAfter: from.AddDate(years, 0, 0), KeyUsage: smx509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: der(use)}}},
		a.Root, a.key, rootKey)
	return a, err
}

func (a *Authority) newKey() (crypto.Signer, error) {
	if a.gm {
		return sm2.GenerateKey(rand.Reader)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func certify(c, parent *smx509.Certificate, key, by crypto.Signer) (*smx509.Certificate, error) {
	made, err := smx509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	if err != nil {
		return nil, err
	}
	return smx509.ParseCertificate(made)
}

// PEM is the root certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
}

// ServeHTTP answers a query of RFC 3161.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var q struct {
		Version int
		Imprint Imprint
		Nonce   *big.Int
		CertReq bool
	}
	if _, err := asn1.Unmarshal(body, &q); err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "no query", http.StatusBadRequest)
		return
	}
	reply := struct {
		Status struct{ Status int }
		Token  asn1.RawValue
	}{Token: asn1.RawValue{FullBytes: a.Stamp(q.Imprint, q.Nonce)}}
	w.Write(der(reply))
}

// Stamp is a TimeStampToken over a hash.
func (a *Authority) Stamp(hash Imprint, nonce *big.Int) []byte {
	says := Content{1, asn1.ObjectIdentifier{1, 2, 3}, hash, big.NewInt(7), a.clock.UTC().Truncate(time.Second), nonce}
	if a.Spoil != nil {
		a.Spoil(&says)
	}
	return a.sign(der(says))
}

// Over is a TimeStampToken over a hash of the authority's suite.
func (a *Authority) Over(hash []byte) []byte {
	digest := pkcs7.OIDDigestAlgorithmSHA256
	if a.gm {
		digest = pkcs7.OIDDigestAlgorithmSM3
	}
	return a.Stamp(Imprint{pkix.AlgorithmIdentifier{Algorithm: digest}, hash}, big.NewInt(1))
}

func der(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// explicit wraps DER in a tag of its context.
func explicit(tag int, content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: content}
}

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value []asn1.RawValue `asn1:"set"`
}

// sign is a SignedData of RFC 5652 over a TSTInfo, without a signing time: there the library would take its own clock.
func (a *Authority) sign(content []byte) []byte {
	kind := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	digest, scheme := pkcs7.OIDDigestAlgorithmSHA256, pkcs7.OIDDigestAlgorithmECDSASHA256
	named := []any{struct{ Hash []byte }{sum256(a.cert.Raw)}}
	if a.gm {
		digest, scheme = pkcs7.OIDDigestAlgorithmSM3, asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 501}
		h := sm3.Sum(a.cert.Raw)
		named = []any{struct {
			Algorithm pkix.AlgorithmIdentifier
			Hash      []byte
		}{pkix.AlgorithmIdentifier{Algorithm: digest}, h[:]}}
	}
	attributes := []attribute{}
	for _, of := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{pkcs7.OIDAttributeContentType, kind}, {pkcs7.OIDAttributeMessageDigest, a.sum(content)},
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, struct{ Certs []any }{named}}} {
		attributes = append(attributes, attribute{of.oid, []asn1.RawValue{{FullBytes: der(of.value)}}})
	}
	set, err := asn1.MarshalWithParams(attributes, "set")
	if err != nil {
		panic(err)
	}
	var raw asn1.RawValue
	asn1.Unmarshal(set, &raw)
	algorithm := pkix.AlgorithmIdentifier{Algorithm: digest}
	type issuerAndSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	signer := struct {
		Version    int
		Issuer     issuerAndSerial
		Digest     pkix.AlgorithmIdentifier
		Attributes asn1.RawValue
		Scheme     pkix.AlgorithmIdentifier
		Signature  []byte
	}{1, issuerAndSerial{asn1.RawValue{FullBytes: a.cert.RawIssuer}, a.cert.SerialNumber}, algorithm,
		explicit(0, raw.Bytes), pkix.AlgorithmIdentifier{Algorithm: scheme}, a.signature(set)}
	signed := struct {
		Version int
		Digests []pkix.AlgorithmIdentifier `asn1:"set"`
		Content struct {
			Type    asn1.ObjectIdentifier
			Content asn1.RawValue
		}
		Certificates asn1.RawValue
		Signers      []any `asn1:"set"`
	}{Version: 3, Digests: []pkix.AlgorithmIdentifier{algorithm},
		Certificates: explicit(0, a.cert.Raw), Signers: []any{signer}}
	signed.Content.Type, signed.Content.Content = kind, explicit(0, der(content))
	return der(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{pkcs7.OIDSignedData, explicit(0, der(signed))})
}

func (a *Authority) signature(set []byte) []byte {
	var options crypto.SignerOpts = crypto.SHA256
	in := sum256(set)
	if a.gm {
		options, in = sm2.NewSM2SignerOption(true, nil), set
	}
	sig, err := a.key.Sign(rand.Reader, in, options)
	if err != nil {
		panic(err)
	}
	return sig
}

// sum is the hash of the authority's suite.
func (a *Authority) sum(data []byte) []byte {
	if a.gm {
		h := sm3.Sum(data)
		return h[:]
	}
	return sum256(data)
}

func sum256(data []byte) []byte {
	h := sha256.Sum256(data)
	return h[:]
}
