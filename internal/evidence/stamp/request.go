package stamp

import (
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"diaoxiao/internal/evidence/merkle"
)

// The media types of RFC 3161, 3.4.
const (
	QueryType = "application/timestamp-query"
	ReplyType = "application/timestamp-reply"
)

// Request asks for a stamp over a hash.
type Request struct {
	Suite merkle.Suite
	Hash  merkle.Hash
	Nonce *big.Int // nil: the reply isn't held to one
}

// NewRequest is a request with a nonce of its own.
func NewRequest(s merkle.Suite, h merkle.Hash) Request {
	var b [8]byte
	rand.Read(b[:])
	b[0] |= 0x40 // always as long
	b[0] &= 0x7f
	return Request{s, h, new(big.Int).SetBytes(b[:])}
}

// imprint is the MessageImprint of RFC 3161, 2.4.1.
type imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

// query is the TimeStampReq of RFC 3161, 2.4.1.
type query struct {
	Version int
	Imprint imprint
	Policy  asn1.ObjectIdentifier `asn1:"optional"`
	Nonce   *big.Int              `asn1:"optional"`
	CertReq bool                  `asn1:"optional"`
}

// Marshal is the request in DER, a file .tsq. It asks for the certificate of the signer.
func (r Request) Marshal() ([]byte, error) {
	return asn1.Marshal(query{Version: 1, Imprint: imprint{pkix.AlgorithmIdentifier{Algorithm: oidOf(r.Suite),
		Parameters: asn1.NullRawValue}, r.Hash[:]}, Nonce: r.Nonce, CertReq: true})
}

// ParseRequest reads what Marshal wrote.
func ParseRequest(der []byte) (r Request, err error) {
	var q query
	if rest, err := asn1.Unmarshal(der, &q); err != nil || len(rest) > 0 {
		return r, errors.Join(errors.New("not a query of RFC 3161"), err)
	}
	for _, s := range merkle.Suites() {
		if q.Imprint.Algorithm.Algorithm.Equal(oidOf(s)) && len(q.Imprint.Hash) == merkle.Size {
			return Request{s, merkle.Hash(q.Imprint.Hash), q.Nonce}, nil
		}
	}
	return r, errors.New("the hash of the query is neither SHA-256 nor SM3")
}

// reply is the TimeStampResp of RFC 3161, 2.4.2.
type reply struct {
	Status struct {
		Status int
		Text   []asn1.RawValue `asn1:"optional"`
		Fail   asn1.BitString  `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// ErrRefused is a reply without a stamp.
var ErrRefused = errors.New("the authority made no stamp")

// Take reads a reply (a file .tsr), and returns its stamp if it is of the request. The chain of its certificate is not
// verified: see Token.Hold.
func (r Request) Take(der []byte) (t Token, err error) {
	var in reply
	if rest, err := asn1.Unmarshal(der, &in); err != nil || len(rest) > 0 {
		return t, errors.Join(errors.New("not a reply of RFC 3161"), err)
	}
	if in.Status.Status > 1 {
		return t, fmt.Errorf("%w: status %d%s", ErrRefused, in.Status.Status, texts(in.Status.Text))
	}
	if t, err = Parse(in.Token.FullBytes); err != nil {
		return t, err
	}
	if t.Suite != r.Suite || t.Hash != r.Hash {
		return t, errors.New("the stamp is over another hash than was asked for")
	}
	if r.Nonce != nil && (t.Nonce == nil || t.Nonce.Cmp(r.Nonce) != 0) {
		return t, errors.New("the stamp has another nonce than was asked for")
	}
	return t, nil
}

// texts are what a status says, behind a colon.
func texts(all []asn1.RawValue) (s string) {
	for _, t := range all {
		s += ": " + string(t.Bytes)
	}
	return s
}
