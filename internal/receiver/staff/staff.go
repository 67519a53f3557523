// Package staff has the use cases of the console's operators: accounts, the approval of changes by a second person,
// one-time links, sign-in, console sessions and policies. Each decides in one transaction and is audited.
package staff

import (
	"diaoxiao/internal/receiver/intake"
)

import "diaoxiao/internal/receiver/credential"

// Staff has the use cases of the console's operators: their accounts, their sign-in and their rights. Its methods are
// safe for concurrent use.
type Staff struct {
	desk     *intake.Desk
	touches  touches
	identify func(salt []byte, identifier string) []byte
	hashing  chan struct{} // holds a token for each password that is being hashed
}

// maxHashing limits the memory that sign-ins of strangers can take: one password takes 64 MiB.
const maxHashing = 2

// New returns the use cases of operators over a desk.
func New(d *intake.Desk) *Staff {
	return &Staff{desk: d, identify: credential.Identity, hashing: make(chan struct{}, maxHashing)}
}

// IdentifyBy replaces credential.Identity, which makes the stored form of an identifier and is as slow as a password.
// It must be called before any use case.
func (s *Staff) IdentifyBy(f func(salt []byte, identifier string) []byte) *Staff {
	s.identify = f
	return s
}
