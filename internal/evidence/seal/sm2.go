package seal

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// sm2Type begins the key of an SM2 signature: c2sp.org/signed-note keeps 0xff for types without a number of their own.
const sm2Type = "\xffSM2-with-SM3"

// UserID is the user id that SM2 hashes with the key (GB/T 35276, 10.2). OpenSSL takes it as distid.
const UserID = "1234567812345678"

// named is the name and the short hash by which a signature names its key.
type named struct {
	name string
	hash uint32
}

func (n named) Name() string    { return n.name }
func (n named) KeyHash() uint32 { return n.hash }

// newNamed names a key, which begins with its type.
func newNamed(name string, key []byte) named { return named{name, keyHash(name, key)} }

// sm2Signer signs notes with SM2. The signature is ASN.1 DER, as OpenSSL and Java take it.
type sm2Signer struct {
	named
	key *sm2.PrivateKey
}

// NewSM2Signer is a signer of notes under a name. Each signature is new, because SM2 draws a random number.
func NewSM2Signer(name string, key *sm2.PrivateKey) note.Signer {
	return sm2Signer{newNamed(name, sm2Key(&key.PublicKey)), key}
}

func (s sm2Signer) Sign(text []byte) ([]byte, error) {
	return s.key.Sign(rand.Reader, text, sm2.NewSM2SignerOption(true, []byte(UserID)))
}

// sm2Verifier verifies what sm2Signer signed.
type sm2Verifier struct {
	named
	key *ecdsa.PublicKey
}

func (v sm2Verifier) Verify(text, sig []byte) bool {
	return sm2.VerifyASN1WithSM2(v.key, []byte(UserID), text, sig)
}

// SM2VerifierKey is the text of a public key: NAME+HASH+KEY as for other notes, where KEY is the type and the point,
// uncompressed in 65 bytes.
func SM2VerifierKey(name string, key *ecdsa.PublicKey) string {
	k := sm2Key(key)
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(name, k), base64.StdEncoding.EncodeToString(k))
}

// sm2Key is the type with the public key, as keys of notes are written.
func sm2Key(key *ecdsa.PublicKey) []byte {
	pub, err := sm2.PublicKeyToECDH(key)
	if err != nil {
		panic(err) // the key is on the curve: it was made here, or read as a point of it
	}
	return append([]byte(sm2Type), pub.Bytes()...)
}

// keyHash is the short hash by which a signature names its key.
func keyHash(name string, key []byte) uint32 {
	sum := sha256.Sum256([]byte(name + "\n" + string(key)))
	return binary.BigEndian.Uint32(sum[:])
}

var errKey = errors.New("not a verifier key: NAME+HASH+KEY")

// newSM2Verifier reads what SM2VerifierKey wrote.
func newSM2Verifier(name string, hash uint32, key []byte) (note.Verifier, error) {
	point, ok := strings.CutPrefix(string(key), sm2Type)
	if !ok || keyHash(name, key) != hash {
		return nil, errKey
	}
	pub, err := sm2.NewPublicKey([]byte(point))
	if err != nil {
		return nil, fmt.Errorf("not a point of SM2: %w", err)
	}
	return sm2Verifier{named{name, hash}, pub}, nil
}
