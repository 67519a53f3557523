package evidence

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence/seal"
)

// Policy is what a verifier trusts (c2sp.org/tlog-policy): the keys of the log, and the witnesses that must have
// signed.
type Policy struct {
	text      string
	known     []key
	witnesses []Witness
	needs     witness.Group
}

// key is a public key of the log.
type key struct {
	note.Verifier
	kind  seal.Kind
	until int64 // of a key that was retired: the size of the last checkpoint that it may have signed; 0: any
}

// Witness (见证方) cosigns checkpoints of the log (c2sp.org/tlog-witness).
type Witness struct {
	note.Verifier
	Title string // in the policy
	URL   string // where it takes checkpoints; "": not known
}

// ParsePolicy reads the text of a policy. Lines: "log VKEY", once for each key of the log; "witness NAME VKEY [URL]",
// "group NAME THRESHOLD NAME…" and "quorum NAME", of which a policy without witnesses has none. The error names the
// line.
func ParsePolicy(text string) (p Policy, err error) {
	p.text = text
	var rest strings.Builder
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		if line, err = p.readLine(line, strings.Fields(line)); err != nil {
			return p, fmt.Errorf("%q: %w", s.Text(), err)
		}
		fmt.Fprintln(&rest, line)
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

// readLine reads a key or a witness, and returns the line for the reader of the quorum.
func (p *Policy) readLine(line string, fields []string) (string, error) {
	switch {
	case len(fields) >= 2 && fields[0] == "log":
		v, kind, err := seal.ParseKey(fields[1])
		p.known = append(p.known, key{Verifier: v, kind: kind})
		return "", err
	case len(fields) >= 3 && fields[0] == "witness":
		v, kind, err := seal.ParseKey(fields[2])
		if err == nil && kind != seal.Witness && kind != seal.MLDSA {
			err = errors.New("not the key of a witness")
		}
		w := Witness{Verifier: v, Title: fields[1]}
		if len(fields) > 3 {
			w.URL = fields[3]
		} else {
			line += " https://unknown.invalid" // that reader asks for one
		}
		p.witnesses = append(p.witnesses, w)
		return line, err
	}
	return line, nil
}

// Witnesses are those that the policy names.
func (p Policy) Witnesses() []Witness { return p.witnesses }

// WritePolicy is the text of a policy for the keys of a log.
func WritePolicy(vkeys ...string) string {
	return "log " + strings.Join(vkeys, "\nlog ") + "\nquorum none\n"
}

// Errors of Open.
var (
	// ErrUntrusted is a checkpoint that no key of the policy signed.
	ErrUntrusted = errors.New("no key of the policy signed this checkpoint")
	// ErrRetired is a checkpoint that was signed by keys that were retired before.
	ErrRetired = errors.New("the keys that signed this checkpoint were retired at a smaller one")
	// ErrRepeated is a checkpoint with two signatures by one key, of which note.Open would look at the first alone.
	ErrRepeated = errors.New("one key has signed this checkpoint more than once")
	// ErrWitness is a checkpoint that lacks cosignatures that the policy asks for.
	ErrWitness = errors.New("the checkpoint lacks the cosignatures that the policy asks for")
)

// Signatures are those of a checkpoint.
type Signatures struct {
	By        []seal.Kind // keys of the log, of the policy
	Witnesses []string    // titles of witnesses of the policy
	Unknown   int         // signatures by keys that the policy does not name
}

// Whole says that a signature covers the whole text of the checkpoint: that of ML-DSA-44 covers its name, its size and
// its SHA-256 root.
func (s Signatures) Whole() bool {
	return slices.ContainsFunc(s.By, func(k seal.Kind) bool { return k != seal.MLDSA })
}

// Open verifies a signed checkpoint, and returns it with its signatures. At least one key of the policy must have
// signed, and one that covers the whole text unless the policy has only ML-DSA-44; a signature by a key of the policy
// that does not verify is an error.
func (p Policy) Open(signed []byte) (c Checkpoint, by Signatures, err error) {
	n, err := note.Open(signed, note.VerifierList(p.verifiers()...))
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		return c, by, ErrUntrusted
	}
	if err != nil {
		return c, by, err
	}
	all := append(n.Sigs[:len(n.Sigs):len(n.Sigs)], n.UnverifiedSigs...)
	if len(all) != bytes.Count(signed, []byte("\n— "))-strings.Count(n.Text, "\n— ") {
		return c, by, ErrRepeated
	}
	for _, s := range all {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return c, by, err // another spelling of the same signature
		}
	}
	if c, err = ParseCheckpoint(n.Text); err != nil {
		return c, by, err
	}
	if by, err = p.signatures(n, c.Size); err != nil {
		return c, by, err
	}
	if !p.needs.Satisfied(signed) {
		return c, by, ErrWitness
	}
	return c, by, nil
}

// signatures sorts the signatures of a note.
func (p Policy) signatures(n *note.Note, size int64) (by Signatures, err error) {
	by.Unknown = len(n.UnverifiedSigs)
	for _, s := range n.Sigs {
		k, ofLog := p.keyOf(s)
		switch {
		case !ofLog:
			by.Witnesses = append(by.Witnesses, p.titleOf(s))
		case k.until > 0 && size > k.until:
			err = ErrRetired
		default:
			by.By = append(by.By, k.kind)
		}
	}
	if len(by.By) > 0 && (by.Whole() || p.onlyMLDSA()) {
		return by, nil
	}
	return by, errors.Join(ErrUntrusted, err)
}

// Missing are the kinds of the keys of a log that the policy names, and that have not signed although they were not
// retired.
func (p Policy) Missing(origin string, by Signatures) (kinds []seal.Kind) {
	for _, k := range p.known {
		if k.Name() == origin && k.until == 0 && !slices.Contains(by.By, k.kind) && !slices.Contains(kinds, k.kind) {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// Lacks says that a key of a log has not signed although its kind is in the policy, while a signature is there that the
// policy does not know: then the name of one was altered, which would pass as a signature of a stranger.
func (p Policy) Lacks(origin string, by Signatures) bool {
	return by.Unknown > 0 && slices.ContainsFunc(p.known, func(k key) bool {
		return k.Name() == origin && !slices.Contains(by.By, k.kind)
	})
}

// onlyMLDSA says that the policy has no key of another kind.
func (p Policy) onlyMLDSA() bool {
	return !slices.ContainsFunc(p.known, func(k key) bool { return k.kind != seal.MLDSA })
}

// verifiers are those of the log, and of the witnesses.
func (p Policy) verifiers() (vs []note.Verifier) {
	for _, k := range p.known {
		vs = append(vs, k)
	}
	for _, w := range p.witnesses {
		vs = append(vs, w)
	}
	return vs
}

// inUse are the verifiers of the keys that were not retired.
func (p Policy) inUse() (vs []note.Verifier) {
	for _, k := range p.known {
		if k.until == 0 {
			vs = append(vs, k)
		}
	}
	return vs
}

func (p Policy) keyOf(s note.Signature) (key, bool) {
	i := slices.IndexFunc(p.known, func(k key) bool { return k.Name() == s.Name && k.KeyHash() == s.Hash })
	if i < 0 {
		return key{}, false
	}
	return p.known[i], true
}

func (p Policy) titleOf(s note.Signature) string {
	for _, w := range p.witnesses {
		if w.Name() == s.Name && w.KeyHash() == s.Hash {
			return w.Title
		}
	}
	return ""
}
