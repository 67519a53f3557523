package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"crypto/x509/pkix"

	"github.com/emmansun/gmsm/pkcs"
	"github.com/emmansun/gmsm/pkcs8"
	"github.com/emmansun/gmsm/sm2"
)

// The files of a folder of keys. The keys are PKCS #8 in PEM, encrypted with AES-256-CBC under a key that scrypt makes
// of the passphrase (RFC 8018, PBES2), so that OpenSSL can read them too. In the place of NAME.pem there may be
// NAME.command with NAME.pub: see command.
const (
	originFile = "origin" // the name of the log
	pemType    = "ENCRYPTED PRIVATE KEY"
)

// fileNames are the names of the files of keys, without their ends.
var fileNames = map[Kind]string{Ed25519: "ed25519", SM2: "sm2", MLDSA: "mldsa"}

// Create makes the keys of a log in a folder that has none, readable for its owner alone, and tests them. It never
// overwrites a key: then the error is fs.ErrExist. Where the folder has a command for a kind of key, it is taken up
// and no key is made.
func Create(folder, name, passphrase string, beside ...Kind) (k Keys, err error) {
	k.Name = name
	if _, err := os.Lstat(filepath.Join(folder, originFile)); !errors.Is(err, fs.ErrNotExist) {
		return k, errors.Join(fs.ErrExist, err)
	}
	for _, kind := range append([]Kind{Ed25519, SM2}, beside...) {
		one, err := openCommand(folder, kind)
		if errors.Is(err, fs.ErrNotExist) {
			one, err = generate(kind)
		}
		if err != nil {
			return k, err
		}
		k.all = append(k.all, one)
	}
	if err := k.Test(); err != nil {
		return k, err
	}
	return k, k.Save(folder, passphrase)
}

// Save writes the keys into a folder that has none, readable for its owner alone. It never overwrites a key.
func (k Keys) Save(folder, passphrase string) error {
	for _, one := range k.all {
		if err := saveKey(filepath.Join(folder, fileNames[one.kind()]+".pem"), one, passphrase); err != nil {
			return err
		}
	}
	// At last: a folder without it has no keys yet.
	return newFile(filepath.Join(folder, originFile), func(f *os.File) error {
		_, err := fmt.Fprintln(f, k.Name)
		return err
	})
}

// newFile writes a file that was not there.
func newFile(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}

// saveKey writes a key, unless it is kept elsewhere.
func saveKey(path string, k key, passphrase string) (err error) {
	var der []byte
	switch k := k.(type) {
	case ed25519Key:
		der, err = pkcs8.MarshalPrivateKey(ed25519.PrivateKey(k), []byte(passphrase), encrypter())
	case sm2Key:
		der, err = pkcs8.MarshalPrivateKey(k.private, []byte(passphrase), encrypter())
	case mldsaKey:
		der, err = sealMLDSA(k, passphrase)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return newFile(path, func(f *os.File) error { return pem.Encode(f, &pem.Block{Type: pemType, Bytes: der}) })
}

func encrypter() pkcs.PBESEncrypter {
	return pkcs.NewPBESEncrypter(pkcs.AES256CBC, pkcs.NewScryptOpts(16, 1<<14, 8, 1))
}

// sealedKey is an encrypted private key in PKCS #8.
type sealedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// sealMLDSA encrypts what the library of the other keys does not write.
func sealMLDSA(k mldsaKey, passphrase string) ([]byte, error) {
	plain, err := k.marshal()
	if err != nil {
		return nil, err
	}
	algorithm, data, err := encrypter().Encrypt(rand.Reader, []byte(passphrase), plain)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(sealedKey{*algorithm, data})
}

// ErrPassphrase is a passphrase that does not open a key.
var ErrPassphrase = errors.New("the passphrase does not open the key")

// LoadAll reads the keys of a folder and those that replaced them, which are in its folders 2, 3 …, in this order.
func LoadAll(folder, passphrase string) (all []Keys, err error) {
	for n := 1; ; n++ {
		k, err := Load(FolderOf(folder, n), passphrase)
		if n > 1 && errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Lstat(filepath.Join(FolderOf(folder, n), originFile)); errors.Is(err, fs.ErrNotExist) {
				return all, nil // the last file that is written is not there
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
}

// FolderOf is the folder of the nth keys of a log.
func FolderOf(folder string, n int) string {
	if n == 1 {
		return folder
	}
	return filepath.Join(folder, strconv.Itoa(n))
}

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
	for _, kind := range []Kind{Ed25519, SM2, MLDSA} {
		one, err := openKey(folder, kind, passphrase)
		if kind == MLDSA && errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return k, err
		}
		k.all = append(k.all, one)
	}
	return k, nil
}

// openKey reads one key of a folder, or the command in its place.
func openKey(folder string, kind Kind, passphrase string) (key, error) {
	if k, err := openCommand(folder, kind); !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	path := filepath.Join(folder, fileNames[kind]+".pem")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("%s: not an encrypted private key in PEM", path)
	}
	k, err := parseSealed(block.Bytes, kind, []byte(passphrase))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

func parseSealed(der []byte, kind Kind, passphrase []byte) (key, error) {
	if kind == MLDSA {
		return openMLDSA(der, passphrase)
	}
	private, _, err := pkcs8.ParsePrivateKey(der, passphrase)
	if err != nil {
		return nil, errors.Join(ErrPassphrase, err)
	}
	switch p := private.(type) {
	case ed25519.PrivateKey:
		if kind == Ed25519 {
			return ed25519Key(p), nil
		}
	case *sm2.PrivateKey:
		if kind == SM2 {
			return sm2Key{p}, nil
		}
	}
	return nil, fmt.Errorf("a key of another kind, %T", private)
}

// openMLDSA opens what sealMLDSA wrote.
func openMLDSA(der, passphrase []byte) (key, error) {
	var s sealedKey
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	var opts pkcs.PBES2Params
	if _, err := asn1.Unmarshal(s.Algorithm.Parameters.FullBytes, &opts); err != nil {
		return nil, err
	}
	plain, _, err := opts.Decrypt(passphrase, s.Data)
	if err != nil {
		return nil, errors.Join(ErrPassphrase, err)
	}
	k, err := parseMLDSA(plain)
	if err != nil {
		return nil, errors.Join(ErrPassphrase, err)
	}
	return k, nil
}
