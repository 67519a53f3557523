package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/emmansun/gmsm/pkcs"
	"github.com/emmansun/gmsm/pkcs8"
	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// The files of a folder of keys. Both are PKCS #8 in PEM, encrypted with AES-256-CBC under a key that scrypt makes of
// the passphrase (RFC 8018, PBES2), so that OpenSSL can read them too.
const (
	originFile  = "origin" // the name of the log
	ed25519File = "ed25519.pem"
	sm2File     = "sm2.pem"
	pemType     = "ENCRYPTED PRIVATE KEY"
)

// Keys are the private keys of a log.
type Keys struct {
	Name    string // of the log: its origin
	Ed25519 ed25519.PrivateKey
	SM2     *sm2.PrivateKey
}

// ValidName says whether a text can name a log: a host and a path, such as credit.example.cn/diaoxiao, without blanks
// and without a plus sign.
func ValidName(name string) bool {
	return name != "" && len(name) <= 200 && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r == '+' || r >= 0x7f
	})
}

// Generate makes the keys of a log.
func Generate(name string) (k Keys, err error) {
	k.Name = name
	if _, k.Ed25519, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return k, err
	}
	k.SM2, err = sm2.GenerateKey(rand.Reader)
	return k, err
}

// For are the keys under another name: those of a log that continues this one.
func (k Keys) For(name string) Keys {
	k.Name = name
	return k
}

// Signers are what signs a note, Ed25519 first: a checkpoint has one such signature at least.
func (k Keys) Signers() []note.Signer {
	return []note.Signer{newEd25519Signer(k.Name, k.Ed25519), NewSM2Signer(k.Name, k.SM2)}
}

// VerifierKeys are the public keys as they are handed out, in the order of Signers.
func (k Keys) VerifierKeys() []string {
	vkey, err := note.NewEd25519VerifierKey(k.Name, k.Ed25519.Public().(ed25519.PublicKey))
	if err != nil {
		panic(err) // the key has the length of such a key
	}
	return []string{vkey, SM2VerifierKey(k.Name, &k.SM2.PublicKey)}
}

// Save writes the keys into a folder that has none, readable for its owner alone. It never overwrites a key.
func (k Keys) Save(folder, passphrase string) error {
	origin := func(f *os.File) error { _, err := fmt.Fprintln(f, k.Name); return err }
	if err := newFile(filepath.Join(folder, originFile), origin); err != nil {
		return err
	}
	if err := saveKey(filepath.Join(folder, ed25519File), k.Ed25519, passphrase); err != nil {
		return err
	}
	return saveKey(filepath.Join(folder, sm2File), k.SM2, passphrase)
}

// newFile writes a file that was not there.
func newFile(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}

func saveKey(path string, key any, passphrase string) error {
	sealed := pkcs.NewPBESEncrypter(pkcs.AES256CBC, pkcs.NewScryptOpts(16, 1<<14, 8, 1))
	der, err := pkcs8.MarshalPrivateKey(key, []byte(passphrase), sealed)
	if err != nil {
		return err
	}
	return newFile(path, func(f *os.File) error { return pem.Encode(f, &pem.Block{Type: pemType, Bytes: der}) })
}

// ErrPassphrase is a passphrase that does not open a key.
var ErrPassphrase = errors.New("the passphrase does not open the key")

// Load reads the keys of a log out of a folder. The error names the file, and is ErrPassphrase for a wrong passphrase.
func Load(folder, passphrase string) (k Keys, err error) {
	origin, err := os.ReadFile(filepath.Join(folder, originFile))
	if err != nil {
		return k, err
	}
	k.Name = strings.TrimSpace(string(origin))
	if !ValidName(k.Name) {
		return k, fmt.Errorf("%s: %q is no name of a log", filepath.Join(folder, originFile), k.Name)
	}
	if k.Ed25519, err = loadKey[ed25519.PrivateKey](filepath.Join(folder, ed25519File), passphrase); err != nil {
		return k, err
	}
	k.SM2, err = loadKey[*sm2.PrivateKey](filepath.Join(folder, sm2File), passphrase)
	return k, err
}

func loadKey[K any](path, passphrase string) (k K, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return k, fmt.Errorf("%s: not an encrypted private key in PEM", path)
	}
	key, _, err := pkcs8.ParsePrivateKey(block.Bytes, []byte(passphrase))
	if err != nil {
		return k, fmt.Errorf("%s: %w", path, errors.Join(ErrPassphrase, err))
	}
	k, ok := key.(K)
	if !ok {
		return k, fmt.Errorf("%s: a key of another kind, %T", path, key)
	}
	return k, nil
}

// ed25519Type begins the key of an Ed25519 signature.
const ed25519Type = 1

// ed25519Signer signs notes with Ed25519.
type ed25519Signer struct {
	named
	key ed25519.PrivateKey
}

func newEd25519Signer(name string, key ed25519.PrivateKey) note.Signer {
	public := key.Public().(ed25519.PublicKey)
	return ed25519Signer{newNamed(name, append([]byte{ed25519Type}, public...)), key}
}

func (s ed25519Signer) Sign(text []byte) ([]byte, error) { return ed25519.Sign(s.key, text), nil }
