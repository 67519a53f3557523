package evidence

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/transparency-dev/formats/proof"

	"diaoxiao/internal/evidence/merkle"
)

// Receipt (回执) proves that a leaf is in a log: a file of c2sp.org/tlog-proof, whose extra data are the leaf itself, the
// path of the SM3 tree, and what is shown of the case.
type Receipt struct {
	Leaf  []byte // in canonical JSON
	Index int64
	Path  []merkle.Pair
	Note  []byte // the signed checkpoint
	Show  Shown
}

// Shown are parts of a case that a receipt opens. Each is checked against the leaf.
type Shown struct {
	CaseSalt *Hex          `json:"casesalt,omitzero"` // opens body and values, and with the body every row
	Body     *Digests      `json:"body,omitzero"`     // of the body as sent
	Values   *Hex          `json:"values,omitzero"`
	Rows     []RowShown    `json:"rows,omitempty"`
	Events   []EventShown  `json:"events,omitempty"` // later steps on the case, each proved by itself
	Details  []TextOfEvent `json:"details,omitempty"`
}

// RowShown is a row of the case, with its path to the root of the tree of the case.
type RowShown struct {
	Row    jsontext.Value `json:"row"` // TextsRow or FirmRow, in canonical JSON
	No     int            `json:"no"`
	SHA256 []Hex          `json:"sha256"`
	SM3    []Hex          `json:"sm3"`
}

// EventShown is a leaf of the same log with its path, proved by the same checkpoint.
type EventShown struct {
	Leaf   jsontext.Value `json:"leaf"`
	Index  int64          `json:"index"`
	SHA256 []Hex          `json:"sha256"`
	SM3    []Hex          `json:"sm3"`
}

// TextOfEvent opens the texts of an event.
type TextOfEvent struct {
	No     int64  `json:"no"`
	Salt   Hex    `json:"salt"`
	Text   string `json:"text"`
	Reason string `json:"reason"` // of the proposal
}

// extra is the extra data of a receipt.
type extra struct {
	Leaf string `json:"leaf"` // the text that is hashed
	SM3  []Hex  `json:"sm3"`
	Show Shown  `json:"show"`
}

// Split are the paths of both suites.
func Split(path []merkle.Pair) (sha, sm3 []Hex) {
	for _, p := range path {
		sha, sm3 = append(sha, Hex(p[0])), append(sm3, Hex(p[1]))
	}
	return sha, sm3
}

// join is the other way round. Paths of different lengths are an error.
func join(sha, sm3 []Hex) (path []merkle.Pair, err error) {
	if len(sha) != len(sm3) {
		return nil, errors.New("the paths of the two trees differ in length")
	}
	for i := range sha {
		path = append(path, merkle.Pair{merkle.Hash(sha[i]), merkle.Hash(sm3[i])})
	}
	return path, nil
}

// Marshal is the file of a receipt.
func (r Receipt) Marshal() ([]byte, error) {
	sha, sm3 := Split(r.Path)
	x, err := Encode(extra{string(r.Leaf), sm3, r.Show})
	if err != nil {
		return nil, err
	}
	p := proof.TLogProof{Index: uint64(r.Index), Checkpoint: r.Note, ExtraData: x}
	for _, h := range sha {
		p.Hashes = append(p.Hashes, merkle.Hash(h))
	}
	return p.Marshal(), nil
}

// ErrReceipt is a file that is not a receipt.
var ErrReceipt = errors.New("not a receipt")

// ParseReceipt reads the file of a receipt. It proves nothing: see Policy.Verify. A file that Marshal would write in
// another way is no receipt, so that a receipt can't be altered at all.
func ParseReceipt(file []byte) (r Receipt, err error) {
	p, err := splitFile(file)
	if err != nil {
		return r, errors.Join(ErrReceipt, err)
	}
	var x extra
	if err := decode(p.ExtraData, &x); err != nil {
		return r, errors.Join(ErrReceipt, err)
	}
	var sha []Hex
	for _, h := range p.Hashes {
		sha = append(sha, Hex(h))
	}
	r = Receipt{Leaf: []byte(x.Leaf), Index: int64(p.Index), Note: p.Checkpoint, Show: x.Show}
	if r.Path, err = join(sha, x.SM3); err != nil {
		return r, errors.Join(ErrReceipt, err)
	}
	again, err := r.Marshal()
	if err != nil || !bytes.Equal(again, file) {
		return r, errors.Join(ErrReceipt, errors.New("it is not written as a receipt is"), err)
	}
	return r, nil
}
