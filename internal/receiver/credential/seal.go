package credential

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"io"
)

// ErrSeal says that what was to be opened was not sealed with this key under this name, or was changed since.
var ErrSeal = errors.New("credential: sealed with another key, under another name, or damaged")

// Seal encrypts a secret of an operator by AES-256-GCM with the key that comes from the operator's password. The login
// name is authenticated with it, to the byte: a sealed secret cannot be opened in the row of another operator, and a
// change of the login name needs a new Seal. The result is 28 bytes longer than the secret; the nonce, 12 bytes, is
// read from r. The only errors are those of r.
func Seal(r io.Reader, key Key, name string, secret []byte) ([]byte, error) {
	aead, err := aeadOf(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(r, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, secret, []byte(name)), nil
}

// Open returns the secret that Seal sealed with the same key and login name, or ErrSeal.
func Open(key Key, name string, sealed []byte) ([]byte, error) {
	aead, err := aeadOf(key)
	if err != nil || len(sealed) < aead.NonceSize() {
		return nil, ErrSeal
	}
	secret, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(name))
	if err != nil {
		return nil, ErrSeal
	}
	return secret, nil
}

func aeadOf(key Key) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
