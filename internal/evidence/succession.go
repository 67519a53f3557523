package evidence

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Succession says that a log is continued by another one, because its database was restored from a backup that is older
// than its last checkpoint. It is signed with the keys of the old log.
type Succession struct {
	From, To string   // origins
	Keys     []string // verifier keys of the new log
	Last     []byte   // the last checkpoint of the old log that is known, as signed
}

const successionTitle = "diaoxiao evidence succession v1"

// Text is the text of the note.
func (s Succession) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nfrom %s\nto %s\n", successionTitle, s.From, s.To)
	for _, k := range s.Keys {
		fmt.Fprintf(&b, "key %s\n", k)
	}
	fmt.Fprintf(&b, "last %s\n", base64.StdEncoding.EncodeToString(s.Last))
	return b.String()
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
		case i == 0:
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

// Follow trusts the keys of the log that continues one of this policy. The error says why the succession is not to be
// trusted.
func (p Policy) Follow(signed []byte) (Policy, error) {
	if _, err := note.Open(signed, note.VerifierList(p.verifiers()...)); err != nil {
		return p, err
	}
	s, err := ParseSuccession(signed)
	if err != nil {
		return p, err
	}
	return ParsePolicy("log " + strings.Join(s.Keys, "\nlog ") + "\n" + p.text)
}
