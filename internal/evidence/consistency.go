package evidence

import (
	"errors"
	"fmt"

	"diaoxiao/internal/evidence/merkle"
)

// Consistency proves that a log was only added to between two checkpoints.
type Consistency struct {
	Old, New []byte // signed checkpoints
	Path     []merkle.Pair
}

const consistencyType = "diaoxiao consistency v1"

// consistencyFile is a Consistency as it is written: canonical JSON.
type consistencyFile struct {
	Type   string `json:"type"`
	Old    string `json:"old"`
	New    string `json:"new"`
	SHA256 []Hex  `json:"sha256"`
	SM3    []Hex  `json:"sm3"`
}

// Marshal is the file of the proof.
func (c Consistency) Marshal() ([]byte, error) {
	sha, sm3 := Split(c.Path)
	return Encode(consistencyFile{consistencyType, string(c.Old), string(c.New), sha, sm3})
}

// ErrConsistency is a file that is not such a proof.
var ErrConsistency = errors.New("not a proof of consistency")

// ParseConsistency reads what Marshal wrote.
func ParseConsistency(file []byte) (c Consistency, err error) {
	var f consistencyFile
	if err := decode(file, &f); err != nil || f.Type != consistencyType {
		return c, errors.Join(ErrConsistency, err)
	}
	c.Old, c.New = []byte(f.Old), []byte(f.New)
	c.Path, err = join(f.SHA256, f.SM3)
	return c, err
}

// VerifyConsistency verifies a proof, and returns the two checkpoints. The error is a *Fault, and then nothing is
// proved.
func (p Policy) VerifyConsistency(c Consistency) (was, is Checkpoint, err error) {
	if was, _, err = p.Open(c.Old); err == nil {
		is, _, err = p.Open(c.New)
	}
	if err != nil {
		return was, is, &Fault{PartCheckpoint, err}
	}
	if was.Origin != is.Origin {
		return was, is, &Fault{PartLeaf, fmt.Errorf("checkpoints of two logs, %s and %s", was.Origin, is.Origin)}
	}
	for _, s := range merkle.Suites() {
		err := merkle.VerifyConsistency(s, was.Size, is.Size, merkle.Slices(s, c.Path), was.Roots[s], is.Roots[s])
		if err != nil {
			return was, is, &Fault{PartLeaf, fmt.Errorf("%v: %w", s, err)}
		}
	}
	return was, is, nil
}
