package seal

import (
	"encoding/base64"
	"strconv"
	"strings"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// Kind is what a verifier key is for.
type Kind int

// The kinds of keys that are known.
const (
	Ed25519 Kind = iota + 1
	SM2
	Witness // a cosignature by Ed25519 (c2sp.org/tlog-cosignature)
	MLDSA   // a cosignature by ML-DSA-44
)

// String is the name of the algorithm, as people and programs read it.
func (k Kind) String() string {
	return map[Kind]string{Ed25519: "Ed25519", SM2: "SM2", Witness: "Ed25519", MLDSA: "ML-DSA-44"}[k]
}

// ParseKey reads a verifier key of any known kind.
func ParseKey(vkey string) (note.Verifier, Kind, error) {
	name, rest, ok := strings.Cut(vkey, "+")
	hex, b64, ok2 := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(b64)
	hash, err2 := strconv.ParseUint(hex, 16, 32)
	if !ok || !ok2 || err != nil || err2 != nil || len(hex) != 8 || len(key) == 0 {
		return nil, 0, errKey
	}
	v, kind, err := parseKey(vkey, name, uint32(hash), key)
	if err != nil {
		return nil, 0, err
	}
	return v, kind, nil
}

func parseKey(vkey, name string, hash uint32, key []byte) (v note.Verifier, kind Kind, err error) {
	switch key[0] {
	case ed25519Type:
		v, err = note.NewVerifier(vkey)
		return v, Ed25519, err
	case 0x04:
		v, err = formats.NewVerifierForCosignatureV1(vkey)
		return v, Witness, err
	case 0x06:
		v, err = formats.NewMLDSAVerifier(vkey)
		return v, MLDSA, err
	case 0xff:
		v, err = newSM2Verifier(name, hash, key)
		return v, SM2, err
	}
	return nil, 0, errKey
}
