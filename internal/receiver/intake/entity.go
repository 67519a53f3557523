package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// EntityRow is one entity (市场主体) of a case as sent, derived from the body.
type EntityRow struct {
	CaseNo int64
	Pos    int // zero-based index in penaltylist
	api.Entity
}

// KeyKind is the member from which a search key is made.
type KeyKind int8

// The kinds, in the order in which keys are sorted.
const (
	ByUniscID KeyKind = 1
	ByPripID  KeyKind = 2
	ByLegal   KeyKind = 3
	ByCaseID  KeyKind = 4 // of the case itself, see Case.SearchKey
	// ByCaseIDEnd are the ends of the folded caseid, from each of its characters on: a part of a caseid begins one.
	ByCaseIDEnd KeyKind = 5
)

// Key is a search key: the folded value of one member of one entity, or of the caseid. Folding lets a full-width or
// lower-case credit code be found under its proper form; the row keeps what was sent.
type Key struct {
	Kind   KeyKind
	Value  string
	CaseNo int64
	Pos    int
}

// Compare orders keys as the store does, so that writing a sorted run touches each page of the store once.
func (k Key) Compare(o Key) int {
	switch {
	case k.Kind != o.Kind:
		return int(k.Kind) - int(o.Kind)
	case k.Value != o.Value:
		if k.Value < o.Value {
			return -1
		}
		return 1
	case k.CaseNo != o.CaseNo:
		if k.CaseNo < o.CaseNo {
			return -1
		}
		return 1
	}
	return k.Pos - o.Pos
}

// SearchKeys appends the search keys of r.
func (r EntityRow) SearchKeys(ks []Key) []Key {
	return append(ks,
		Key{ByUniscID, rules.FoldCode(r.UniscID), r.CaseNo, r.Pos},
		Key{ByPripID, rules.FoldCode(r.PripID), r.CaseNo, r.Pos},
		Key{ByLegal, rules.FoldName(r.Legal), r.CaseNo, r.Pos})
}

// CasePos is the position of a finding or key of the case itself, not of one of its entities.
const CasePos = -1

// longestValue is the longest folded caseid, in bytes, that the index holds as it is. The databases limit the length,
// and folding can make a text longer.
const longestValue = 1000

// SearchKey is the search key of a case: its caseid, folded by rules.FoldCaseID, among the caseids of its app.
func (c Case) SearchKey() Key { return Key{ByCaseID, CaseIDKey(c.AppID, c.CaseID), c.No, CasePos} }

// SearchKeys appends the search keys of a case: SearchKey, and one for each end of the folded caseid.
func (c Case) SearchKeys(ks []Key) []Key {
	k := c.SearchKey()
	ks = append(ks, k)
	_, folded, _ := strings.Cut(k.Value, ":")
	for at := range folded {
		ks = append(ks, Key{ByCaseIDEnd, folded[at:], c.No, CasePos})
	}
	return ks
}

// CaseIDKey is the key value of a caseid of an app.
func CaseIDKey(appID int64, caseID string) string {
	folded := rules.FoldCaseID(caseID)
	if len(folded) > longestValue {
		sum := sha256.Sum256([]byte(folded))
		folded = hex.EncodeToString(sum[:])
	}
	return strconv.FormatInt(appID, 10) + ":" + folded
}

// EntityTx reads and writes entities and their search keys within a transaction.
type EntityTx interface {
	PutEntities([]EntityRow) error
	Entities(caseNo int64, from, limit int) ([]EntityRow, error)
	DeleteEntities(caseNo int64, from int) error // from that position on
	PutKeys([]Key) error                         // sorted
	HasKey(Key) (bool, error)
	Holdings(kind KeyKind, values []string) (map[string]Holding, error)
	// Repeated are those of different values that several rows have, or one before that row of that case.
	Repeated(kind KeyKind, values []string, caseNo int64, pos int) (map[string]bool, error)
	// from that case on, in order of case and position
	Holders(kind KeyKind, value string, from int64, limit int) ([]Key, error)
	CountDerived() (entities, keys int64, err error)
	// Keys lists the keys of a kind with values from low to high, high not included, in order. It begins behind the key
	// after; the zero key: at the first. Where back, it lists the last keys before after instead, from the last on.
	// after is one of the keys between low and high.
	Keys(kind KeyKind, low, high string, after Key, back bool, limit int) ([]Key, error)
	// CountKeys counts the keys of a kind with values from low to high, high not included, up to a number.
	CountKeys(kind KeyKind, low, high string, most int) (int, error)
}

// FoldKey folds a text into the value of a key of that kind.
func FoldKey(kind KeyKind, s string) string {
	if kind == ByLegal {
		return rules.FoldName(s)
	}
	return rules.FoldCode(s)
}
