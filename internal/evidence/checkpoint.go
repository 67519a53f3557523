package evidence

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/evidence/merkle"

	"golang.org/x/mod/sumdb/note"
)

// Upto says how far a log has read the tables that it is derived from: the last number of each.
type Upto struct{ Gaps, Cases, Events, Attempts, Audit, Rows int64 }

// Checkpoint is the state of a log: what is signed, printed and kept.
type Checkpoint struct {
	Origin string
	Size   int64 // leaves
	Roots  merkle.Pair
	At     time.Time // of the signer's clock; not a proof of time
	Upto   Upto
}

// Text is the text of the note (c2sp.org/tlog-checkpoint): origin, size, the SHA-256 root; then lines of our own, which
// tools of others keep as they are: the SM3 root, the time, and how far the log has read.
func (c Checkpoint) Text() string {
	u := c.Upto
	return fmt.Sprintf("%s\n%d\n%s\nsm3 %s\nat %d\nupto %d %d %d %d %d %d\n", c.Origin, c.Size, base64Of(c.Roots[0]),
		base64Of(c.Roots[1]), c.At.UnixMilli(), u.Gaps, u.Cases, u.Events, u.Attempts, u.Audit, u.Rows)
}

func base64Of(h merkle.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

// errCheckpoint is a text that is not a checkpoint of this log.
var errCheckpoint = errors.New("not a checkpoint of an evidence log")

// ParseCheckpoint reads the text of a checkpoint.
func ParseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 7 {
		return c, errCheckpoint
	}
	c.Origin = lines[0]
	var at int64
	size, err := strconv.ParseInt(lines[1], 10, 64)
	c.Size = size
	sha, err1 := parseHash(lines[2])
	sm3, err2 := parseHash(strings.TrimPrefix(lines[3], "sm3 "))
	_, err3 := fmt.Sscanf(lines[4], "at %d", &at)
	u := &c.Upto
	_, err4 := fmt.Sscanf(lines[5], "upto %d %d %d %d %d %d", &u.Gaps, &u.Cases, &u.Events, &u.Attempts,
		&u.Audit, &u.Rows)
	c.Roots, c.At = merkle.Pair{sha, sm3}, time.UnixMilli(at)
	if err := errors.Join(err, err1, err2, err3, err4); err != nil || !strings.HasPrefix(text, c.Text()) {
		return c, errors.Join(errCheckpoint, err)
	}
	return c, nil
}

func parseHash(s string) (h merkle.Hash, err error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("not the base64 of 32 bytes: %q", s)
	}
	return merkle.Hash(b), nil
}

// Sign is the checkpoint as a signed note.
func (c Checkpoint) Sign(signers ...note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.Text()}, signers...)
}

// UnsignedCheckpoint reads the checkpoint of a note without looking at its signatures.
func UnsignedCheckpoint(signed []byte) (Checkpoint, error) {
	text, _, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		return Checkpoint{}, errCheckpoint
	}
	return ParseCheckpoint(string(text) + "\n")
}
