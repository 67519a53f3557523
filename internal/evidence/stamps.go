package evidence

import (
	"errors"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/stamp"
)

// Stamps prove by time-stamps that the checkpoint of a receipt existed at a time. The first of them is of the same
// checkpoint, or of a later one of the same log.
type Stamps struct {
	Path  []merkle.Pair // consistency of the two checkpoints
	Steps []stamp.Step
}

const stampsType = "diaoxiao stamps v1"

// stampsFile is Stamps as they are written: canonical JSON.
type stampsFile struct {
	Type   string      `json:"type"`
	SHA256 []Hex       `json:"sha256"`
	SM3    []Hex       `json:"sm3"`
	Stamps []stampFile `json:"stamps"`
}

type stampFile struct {
	No    int64  `json:"no"`
	Note  string `json:"note"`
	Token []byte `json:"token"`
	Path  []Hex  `json:"path"`
}

// Marshal is the file of the stamps.
func (s Stamps) Marshal() ([]byte, error) {
	f := stampsFile{Type: stampsType}
	f.SHA256, f.SM3 = Split(s.Path)
	for _, step := range s.Steps {
		one := stampFile{No: step.No, Note: string(step.Item.Note), Token: step.Item.Token}
		for _, h := range step.Path {
			one.Path = append(one.Path, Hex(h))
		}
		f.Stamps = append(f.Stamps, one)
	}
	return Encode(f)
}

// ErrStamps is a file that has no stamps.
var ErrStamps = errors.New("not a file of time-stamps")

// ParseStamps reads what Marshal wrote.
func ParseStamps(file []byte) (s Stamps, err error) {
	var f stampsFile
	if err := decode(file, &f); err != nil || f.Type != stampsType {
		return s, errors.Join(ErrStamps, err)
	}
	if s.Path, err = join(f.SHA256, f.SM3); err != nil {
		return s, errors.Join(ErrStamps, err)
	}
	for _, one := range f.Stamps {
		step := stamp.Step{No: one.No, Item: stamp.Item{Note: []byte(one.Note), Token: one.Token}}
		for _, h := range one.Path {
			step.Path = append(step.Path, merkle.Hash(h))
		}
		s.Steps = append(s.Steps, step)
	}
	return s, nil
}

// Verify proves that a checkpoint existed at the time of the first stamp, which it returns with those that renewed it.
// roots are those of the authorities that are trusted. The error is a *stamp.Fault.
//
// The stamped checkpoint needs no signature: that of the receipt is signed, and its trees are part of those that were
// stamped.
func (s Stamps) Verify(c Checkpoint, roots *smx509.CertPool, b stamp.Broken, now time.Time) (stamp.Proved, error) {
	tokens, err := stamp.Verify(s.Steps, roots, b, now)
	if err != nil {
		return nil, err
	}
	of, err := UnsignedCheckpoint(s.Steps[0].Item.Note)
	if err == nil && of.Origin != c.Origin {
		err = fmt.Errorf("the stamp is of another log, %s", of.Origin)
	}
	for _, suite := range merkle.Suites() {
		if err == nil {
			err = merkle.VerifyConsistency(suite, c.Size, of.Size, merkle.Slices(suite, s.Path), c.Roots[suite],
				of.Roots[suite])
		}
	}
	if err != nil {
		return nil, &stamp.Fault{Kind: stamp.NotCovered, Err: err}
	}
	return tokens, b.Both(now)
}
