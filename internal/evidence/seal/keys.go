package seal

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Keys are the keys of a log: private keys, or commands that sign with keys that are kept elsewhere.
type Keys struct {
	Name string // of the log: its origin
	all  []key  // Ed25519, SM2, and ML-DSA-44 where the operator wants it
}

// key is one key of a log. It signs under any name.
type key interface {
	kind() Kind
	public() []byte // the type and the public key, as verifier keys have them
	signer(name string) note.Signer
}

// ValidName says whether a text can name a log: a host and a path, such as credit.example.cn/diaoxiao, without blanks
// and without a plus sign.
func ValidName(name string) bool {
	return name != "" && len(name) <= 200 && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r == '+' || r >= 0x7f
	})
}

// Generate makes the keys of a log: Ed25519 and SM2, and those of the kinds that are asked for beside.
func Generate(name string, beside ...Kind) (k Keys, err error) {
	k.Name = name
	for _, kind := range append([]Kind{Ed25519, SM2}, beside...) {
		made, err := generate(kind)
		if err != nil {
			return k, err
		}
		k.all = append(k.all, made)
	}
	return k, nil
}

func generate(kind Kind) (key, error) {
	switch kind {
	case Ed25519:
		return generateEd25519()
	case SM2:
		return generateSM2()
	case MLDSA:
		return generateMLDSA()
	}
	return nil, fmt.Errorf("a log has no key of kind %d", kind)
}

// For are the keys under another name: those of a log that continues this one.
func (k Keys) For(name string) Keys {
	k.Name = name
	return k
}

// Signers are what signs a note, Ed25519 first: a checkpoint has one such signature at least.
func (k Keys) Signers() (all []note.Signer) {
	for _, one := range k.all {
		all = append(all, one.signer(k.Name))
	}
	return all
}

// VerifierKeys are the public keys as they are handed out, NAME+HASH+KEY, in the order of Signers.
func (k Keys) VerifierKeys() (all []string) {
	for _, one := range k.all {
		public := one.public()
		all = append(all, fmt.Sprintf("%s+%08x+%s", k.Name, keyHash(k.Name, public),
			base64.StdEncoding.EncodeToString(public)))
	}
	return all
}

// Test has each key sign a text, and verifies it: a command may not work, or sign with another key than its public one.
func (k Keys) Test() error {
	vkeys := k.VerifierKeys()
	for i, s := range k.Signers() {
		v, _, err := ParseKey(vkeys[i])
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", k.Name) // an empty log
		sig, err := s.Sign([]byte(text))
		if err == nil && !v.Verify([]byte(text), sig) {
			err = fmt.Errorf("a signature under %s does not verify", vkeys[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
