package seal

import (
	"crypto/ed25519"
	"crypto/rand"

	"golang.org/x/mod/sumdb/note"
)

// ed25519Type begins the key of an Ed25519 signature.
const ed25519Type = 1

type ed25519Key ed25519.PrivateKey

func generateEd25519() (key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	return ed25519Key(private), err
}

func (k ed25519Key) kind() Kind { return Ed25519 }

func (k ed25519Key) public() []byte {
	return append([]byte{ed25519Type}, ed25519.PrivateKey(k).Public().(ed25519.PublicKey)...)
}

func (k ed25519Key) signer(name string) note.Signer {
	return ed25519Signer{newNamed(name, k.public()), k}
}

// ed25519Signer signs notes with Ed25519.
type ed25519Signer struct {
	named
	key ed25519Key
}

func (s ed25519Signer) Sign(text []byte) ([]byte, error) {
	return ed25519.Sign(ed25519.PrivateKey(s.key), text), nil
}
