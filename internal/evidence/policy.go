package evidence

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence/seal"
)

// Policy is what a verifier trusts (c2sp.org/tlog-policy): the keys of the log, and the witnesses that must have
// signed.
type Policy struct {
	text  string
	known []key
	needs witness.Group
}

// key is a public key of the log.
type key struct {
	note.Verifier
	kind seal.Kind
}

// ParsePolicy reads the text of a policy. Lines: "log VKEY", once for each key of the log; "witness NAME VKEY [URL]",
// "group NAME THRESHOLD NAME…" and "quorum NAME", of which a policy without witnesses has none. The error names the
// line.
func ParsePolicy(text string) (p Policy, err error) {
	p.text = text
	var rest strings.Builder
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) < 2 || fields[0] != "log" {
			fmt.Fprintln(&rest, s.Text())
			continue
		}
		v, kind, err := seal.ParseKey(fields[1])
		if err != nil {
			return p, fmt.Errorf("%q: %w", s.Text(), err)
		}
		p.known = append(p.known, key{v, kind})
	}
	if len(p.known) == 0 {
		return p, errors.New("the policy names no key of a log")
	}
	if !strings.Contains(rest.String(), "quorum") {
		rest.WriteString("quorum none\n")
	}
	p.needs, err = witness.ParsePolicy([]byte(rest.String()))
	return p, err
}

// WritePolicy is the text of a policy for the keys of a log.
func WritePolicy(vkeys ...string) string {
	return "log " + strings.Join(vkeys, "\nlog ") + "\nquorum none\n"
}

// ErrUntrusted is a checkpoint that no key of the policy signed.
var ErrUntrusted = errors.New("no key of the policy signed this checkpoint")

// ErrWitness is a checkpoint that lacks cosignatures that the policy asks for.
var ErrWitness = errors.New("the checkpoint lacks the cosignatures that the policy asks for")

// Signatures are those of a checkpoint.
type Signatures struct {
	By      []seal.Kind // keys of the log, of the policy
	Unknown int         // signatures by keys that the policy does not name as keys of the log
}

// Open verifies a signed checkpoint, and returns it with its signatures. At least one key of the policy must have
// signed; a signature by a key of the policy that does not verify is an error.
func (p Policy) Open(signed []byte) (c Checkpoint, by Signatures, err error) {
	n, err := note.Open(signed, note.VerifierList(p.verifiers()...))
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		return c, by, ErrUntrusted
	}
	if err != nil {
		return c, by, err
	}
	for _, s := range append(n.Sigs, n.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return c, by, err // another spelling of the same signature
		}
	}
	by.Unknown = len(n.UnverifiedSigs)
	for _, s := range n.Sigs {
		by.By = append(by.By, p.kindOf(s))
	}
	if !p.needs.Satisfied(signed) {
		return c, by, ErrWitness
	}
	c, err = ParseCheckpoint(n.Text)
	return c, by, err
}

func (p Policy) verifiers() (vs []note.Verifier) {
	for _, k := range p.known {
		vs = append(vs, k)
	}
	return vs
}

func (p Policy) kindOf(s note.Signature) seal.Kind {
	for _, k := range p.known {
		if k.Name() == s.Name && k.KeyHash() == s.Hash {
			return k.kind
		}
	}
	return 0
}
