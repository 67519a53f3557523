package evidence

import (
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/internal/evidence/merkle"
)

// Hex is a hash as leaves write it: 64 lower-case hexadecimal digits.
type Hex merkle.Hash

// MarshalText writes the digits.
func (h Hex) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads the digits.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return fmt.Errorf("not 64 hexadecimal digits: %q", text)
	}
	*h = Hex(b)
	return nil
}

// Digests are the hashes of one thing with both suites.
type Digests struct {
	SHA256 Hex `json:"sha256"`
	SM3    Hex `json:"sm3"`
}

// NewDigests are the hashes of a pair.
func NewDigests(p merkle.Pair) Digests { return Digests{Hex(p[merkle.SHA256]), Hex(p[merkle.SM3])} }

// Pair are the hashes of the digests.
func (d Digests) Pair() merkle.Pair { return merkle.Pair{merkle.Hash(d.SHA256), merkle.Hash(d.SM3)} }

// Kind is the kind of a leaf, as leaves write it.
type Kind string

// The kinds of leaves.
const (
	KindCase    Kind = "case"    // an acceptance
	KindGap     Kind = "gap"     // case numbers that a restore skipped
	KindEvent   Kind = "event"   // a step on a case: compared, proposed, released, published, returned …
	KindRecords Kind = "records" // rows of another table that is only ever added to, by their digest
)

// CaseLeaf is the leaf of an acceptance. Body, Values and Reason … are commitments: hashes of a salt and the hash, so
// that a leaf that is shown for one firm doesn't let anybody guess the rest of the body.
type CaseLeaf struct {
	Kind       Kind    `json:"kind"`
	AcceptID   string  `json:"acceptid"`
	CaseNo     int64   `json:"caseno"`
	CaseID     string  `json:"caseid"`
	Revision   int     `json:"revision"`
	Supersedes string  `json:"supersedes"` // acceptid; "" for the first revision
	App        string  `json:"app"`        // appKey
	Account    string  `json:"account"`
	Received   int64   `json:"received"` // Unix time in milliseconds
	Charset    string  `json:"charset"`
	RequestID  string  `json:"requestid"`
	Bytes      int64   `json:"bytes"`
	Body       Digests `json:"body"`   // commitment to the SHA-256 and the SM3 of the body as sent
	Values     Hex     `json:"values"` // commitment to the digest of the values
	Items      int     `json:"items"`
	Rows       Digests `json:"rows"` // roots of the tree of the case: its texts, then each firm
}

// GapLeaf is the leaf of case numbers that a restore skipped.
type GapLeaf struct {
	Kind Kind   `json:"kind"`
	From int64  `json:"from"`
	To   int64  `json:"to"`
	At   int64  `json:"at"`
	Why  string `json:"why"`
}

// EventLeaf is the leaf of a step on a case.
type EventLeaf struct {
	Kind     Kind   `json:"kind"`
	No       int64  `json:"no"`
	AcceptID string `json:"acceptid"`
	At       int64  `json:"at"`
	By       string `json:"by"`
	Deed     string `json:"deed"`
	Rows     string `json:"rows"`     // numbers of the firms, from one; "": the whole case
	Detail   Hex    `json:"detail"`   // commitment to the text of the step
	Proposal int64  `json:"proposal"` // 0: the step needs no second person
	Firms    int    `json:"firms"`    // in the set of the proposal
	Held     int    `json:"held"`     // of them held, or alarmed, when it was proposed
	AskedBy  string `json:"askedby"`
	Reason   Hex    `json:"reason"` // commitment to the reason of the proposal
	Shown    string `json:"shown"`  // digest of what the proposal showed; "": none
}

// RecordsLeaf is the leaf of the rows that a table got since the leaf before.
type RecordsLeaf struct {
	Kind   Kind   `json:"kind"`
	Table  string `json:"table"`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Count  int64  `json:"count"`
	Digest Hex    `json:"digest"` // SHA-256 over the rows; of the audit trail: its chain after the last of them
}

// Encode is a leaf in canonical JSON, the bytes that are hashed.
func Encode(leaf any) ([]byte, error) {
	if c, ok := leaf.(canonical); ok {
		return encodeDirectly(c)
	}
	return encode(leaf)
}

// encode is Encode of any leaf.
func encode(leaf any) ([]byte, error) {
	b, err := json.Marshal(leaf)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(b)
	err = v.Canonicalize()
	return v, err
}

// decode reads a leaf, or a part of a receipt, strictly: a member that this version doesn't know is an error.
func decode(b []byte, to any) error { return json.Unmarshal(b, to, json.RejectUnknownMembers(true)) }

// KindOf is the kind of a leaf.
func KindOf(leaf []byte) (Kind, error) {
	var l struct {
		Kind Kind `json:"kind"`
	}
	err := json.Unmarshal(leaf, &l)
	return l.Kind, err
}
