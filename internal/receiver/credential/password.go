// Package credential checks the identity of an operator of the console: a password and the six digits of a device
// (TOTP). It does no I/O; time and randomness are handed in.
//
// Hashing a password gives 64 bytes. The first 32 are kept, to verify it by; the last 32 are never kept: they are the
// key that seals the operator's TOTP secret. So neither the database nor a backup holds a TOTP secret that could be
// used, and the server has no key to keep, lose or rotate. The price: an operator who forgets the password sets up a
// device again, and a change of the password opens the secret with the old key and seals it with the new one.
package credential

import (
	"crypto/subtle"
	"errors"
	"io"

	"golang.org/x/crypto/argon2"
)

// MaxPassword is the longest password, in bytes of UTF-8. A longer one is right for nobody.
const MaxPassword = 256

// ErrTooLong says that a password is longer than MaxPassword.
var ErrTooLong = errors.New("credential: password is longer than 256 bytes")

// Key opens what Seal sealed. It exists only where its password was just given, and is kept nowhere.
type Key [32]byte

// String does not give the key away.
func (Key) String() string { return "credential.Key(hidden)" }

// NewPassword returns what to keep of a new password, as text, and the key to seal the TOTP secret with. The password
// counts as the bytes given: nothing is trimmed, folded or normalised. The salt, 16 bytes, is read from r. Whether the
// password is a good one is for Weak to say. The only errors are ErrTooLong and those of r.
//
// It takes 64 MiB and some 0.2 s of one core, like Verify and Burn: callers bound how many run at once.
func NewPassword(r io.Reader, password string) (stored string, key Key, err error) {
	if len(password) > MaxPassword {
		return "", Key{}, ErrTooLong
	}
	h := hash{cost: today, salt: make([]byte, 16)}
	if _, err := io.ReadFull(r, h.salt); err != nil {
		return "", Key{}, err
	}
	h.verifier, key = h.derive(password)
	return h.String(), key, nil
}

// Verify reports whether a password is the one of which NewPassword gave stored, and returns the key that its TOTP
// secret is sealed with. How long it takes does not show how much of the password was right. A stored text that is
// damaged, or that asks for too much memory or time, matches no password, and Verify returns at once.
func Verify(stored, password string) (Key, bool) {
	h, err := parse(stored)
	if err != nil || len(password) > MaxPassword {
		return Key{}, false
	}
	verifier, key := h.derive(password)
	if subtle.ConstantTimeCompare(verifier, h.verifier) != 1 {
		return Key{}, false
	}
	return key, true
}

// Burn takes as much time and memory as Verify. Sign-in calls it for an unknown name, so that the time of an answer
// does not show which names exist.
func Burn(password string) {
	if len(password) <= MaxPassword {
		hash{cost: today, salt: make([]byte, 16)}.derive(password)
	}
}

// derive hashes a password. For 64 bytes of output the last step of Argon2 is one BLAKE2b-512 (RFC 9106, 3.3), so
// neither half tells anything about the other. The length goes into the hash: 32 bytes of output would not be the first
// half of these.
func (h hash) derive(password string) (verifier []byte, key Key) {
	out := argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, 64)
	return out[:32], Key(out[32:])
}

// Identity is what to keep of an identifier of a person, so that two can be compared and none be read: a hash as slow
// as that of a password, because there are few identifiers. The salt is the same for all that are to be compared.
func Identity(salt []byte, identifier string) []byte {
	return argon2.IDKey(
		[]byte(identifier),
		append([]byte("identity "), salt...),
		today.passes,
		today.memory,
		today.lanes,
		32,
	)
}
