package evidence

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence/merkle"
)

// Succession says that a log goes on under other keys: the same log, because its keys were replaced; or one of another
// name, because its database was restored from a backup that is older than its last checkpoint. It is signed with the
// keys that the log had before.
type Succession struct {
	From, To string   // origins; of replaced keys the same
	Keys     []string // new verifier keys
	Last     []byte   // the last checkpoint under the old keys that is known, as signed
}

const successionTitle = "diaoxiao evidence succession v1"

// Text is the text of the note. Its first three lines are those of a checkpoint, of which the root is the SHA-256 of
// the lines that follow: so ML-DSA-44 can sign it too, which signs nothing but such lines.
func (s Succession) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "from %s\nto %s\n", s.From, s.To)
	for _, k := range s.Keys {
		fmt.Fprintf(&b, "key %s\n", k)
	}
	fmt.Fprintf(&b, "last %s\n", base64.StdEncoding.EncodeToString(s.Last))
	last, _ := UnsignedCheckpoint(s.Last)
	return fmt.Sprintf("%s\n%d\n%s\n%s", successionTitle, last.Size, base64Of(merkle.SHA256.Sum([]byte(b.String()))),
		b.String())
}

// Sign is the succession as a signed note.
func (s Succession) Sign(signers ...note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: s.Text()}, signers...)
}

var errSuccession = errors.New("not a succession of an evidence log")

// ParseSuccession reads the note of a succession without looking at its signatures.
func ParseSuccession(signed []byte) (s Succession, err error) {
	text, _, ok := strings.Cut(string(signed), "\n\n")
	if !ok {
		return s, errSuccession
	}
	for i, line := range strings.Split(text, "\n") {
		label, value, _ := strings.Cut(line, " ")
		switch {
		case i < 3:
		case label == "from":
			s.From = value
		case label == "to":
			s.To = value
		case label == "key":
			s.Keys = append(s.Keys, value)
		case label == "last":
			s.Last, err = base64.StdEncoding.DecodeString(value)
		}
	}
	if err != nil || s.Text() != text+"\n" {
		return s, errors.Join(errSuccession, err)
	}
	return s, nil
}

// Follow trusts the keys that a succession names, as this policy trusts those that signed it. Of the keys of the log
// that it replaces it trusts no checkpoint beyond the last one any more. The error says why the succession is not to be
// trusted.
func (p Policy) Follow(signed []byte) (Policy, error) {
	if _, err := note.Open(signed, note.VerifierList(p.inUse()...)); err != nil {
		return p, err
	}
	s, err := ParseSuccession(signed)
	if err != nil {
		return p, err
	}
	last, err := UnsignedCheckpoint(s.Last)
	if err != nil {
		return p, err
	}
	next, err := ParsePolicy("log " + strings.Join(s.Keys, "\nlog ") + "\n" + p.text)
	if err != nil {
		return p, err
	}
	for i, k := range p.known {
		if k.Name() == s.From && (k.until == 0 || k.until > last.Size) {
			k.until = max(last.Size, 1)
		}
		next.known[len(s.Keys)+i] = k
	}
	return next, nil
}
