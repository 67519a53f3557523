package diaoxiao_test

import (
	"go/token"
	"strings"
	"testing"
)

// The sides of the wire.
const (
	sender   = "the sender"
	receiver = "the receiver"
	shared   = "both sides"
	whole    = "the whole" // brings sender and receiver together
	forTests = "tests"
)

// sides is the side of each package whose folder does not say it. Sender and receiver share the wire itself and small
// packages that know neither.
var sides = map[string]string{
	"client": sender,

	"cmd/diaoxiao":   whole,
	"internal/trial": whole,
	"sandbox":        whole,

	"durability":         forTests,
	"internal/published": forTests, "scripts/published": forTests,
	"interop":                            forTests,
	"internal/receiver/receivertest":     forTests,
	"internal/evidence/stamptest":        forTests,
	"internal/openapi":                   forTests,
	"internal/pgtest":                    forTests,
	"scripts/testsum":                    forTests,
	"scripts/style":                      forTests,
	"internal/receiver/register/planted": forTests, "scripts/firms": forTests,
}

// sideOf is the side of the wire to which a package belongs.
func sideOf(dir string) string {
	switch side, named := sides[dir]; {
	case named:
		return side
	case strings.HasPrefix(dir, "internal/sender/"):
		return sender
	case strings.HasPrefix(dir, "internal/receiver/"):
		return receiver
	}
	return shared
}

// Sender and receiver meet on the wire alone: no package of one side imports one of the other, and what both share
// imports neither.
func TestSidesOfTheWire(t *testing.T) {
	for _, s := range sources(t, token.NewFileSet()) {
		own := sideOf(s.dir)
		if s.test || own != sender && own != receiver && own != shared {
			continue
		}
		for _, p := range s.imports() {
			if other := sideOf(strings.TrimPrefix(p, module+"/")); inModule(p) && other != own && other != shared {
				t.Errorf("%s imports %s: package %s is of %s, the other of %s", s.path, p, s.dir, own, other)
			}
		}
	}
}
