package seal

import (
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"

	"crypto/x509/pkix"

	"filippo.io/mldsa"
	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// mldsaType begins the key of an ML-DSA-44 signature (c2sp.org/tlog-cosignature). Such a signature is of the name, the
// size and the SHA-256 root of a checkpoint and has a time of its own; it is not of the lines that follow.
const mldsaType = 6

// mldsaKey is the seed of the private key (FIPS 204, 32 bytes).
type mldsaKey struct{ private *mldsa.PrivateKey }

func generateMLDSA() (key, error) {
	private, err := mldsa.GenerateKey(mldsa.MLDSA44())
	return mldsaKey{private}, err
}

func (k mldsaKey) kind() Kind { return MLDSA }

func (k mldsaKey) public() []byte { return append([]byte{mldsaType}, k.private.PublicKey().Bytes()...) }

func (k mldsaKey) signer(name string) note.Signer {
	secret := append([]byte{mldsaType}, k.private.Bytes()...)
	s, err := formats.NewMLDSASigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, keyHash(name, k.public()),
		base64.StdEncoding.EncodeToString(secret)))
	if err != nil {
		panic(err) // the key is such a key, and its name was checked
	}
	return s
}

// mldsaOID is id-ml-dsa-44.
var mldsaOID = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 17}

// pkcs8Key is a private key in PKCS #8.
type pkcs8Key struct {
	Version   int
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte
}

// marshal is the key in PKCS #8, as RFC 9881 has it: the seed alone.
func (k mldsaKey) marshal() ([]byte, error) {
	seed, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Bytes: k.private.Bytes()})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(pkcs8Key{Algorithm: pkix.AlgorithmIdentifier{Algorithm: mldsaOID}, Key: seed})
}

// parseMLDSA reads what marshal wrote.
func parseMLDSA(der []byte) (k mldsaKey, err error) {
	var outer pkcs8Key
	var seed asn1.RawValue
	if _, err = asn1.Unmarshal(der, &outer); err == nil {
		_, err = asn1.Unmarshal(outer.Key, &seed)
	}
	if err == nil && (!outer.Algorithm.Algorithm.Equal(mldsaOID) || seed.Tag != 0 ||
		seed.Class != asn1.ClassContextSpecific) {
		err = errors.New("not the seed of an ML-DSA-44 key")
	}
	if err == nil {
		k.private, err = mldsa.NewPrivateKey(mldsa.MLDSA44(), seed.Bytes)
	}
	return k, err
}
