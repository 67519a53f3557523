package seal

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
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

type sm2Key struct{ private *sm2.PrivateKey }

func generateSM2() (key, error) {
	private, err := sm2.GenerateKey(rand.Reader)
	return sm2Key{private}, err
}

func (k sm2Key) kind() Kind     { return SM2 }
func (k sm2Key) public() []byte { return sm2Public(&k.private.PublicKey) }
func (k sm2Key) signer(name string) note.Signer {
	return sm2Signer{newNamed(name, k.public()), k.private}
}

// sm2Signer signs notes with SM2. The signature is ASN.1 DER, as OpenSSL and Java take it. Each is new, because SM2
// draws a random number.
type sm2Signer struct {
	named
	key *sm2.PrivateKey
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

// sm2Public is the type with the public key, a point, uncompressed in 65 bytes.
func sm2Public(key *ecdsa.PublicKey) []byte {
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

// newSM2Verifier reads the key of a verifier key.
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
