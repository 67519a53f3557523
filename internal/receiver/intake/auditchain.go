package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/rowhash"
)

// Chain is the value that depends on an entry of the audit and on all entries before it.
type Chain [sha256.Size]byte

// AuditHead is the last entry that has a chain value. An auditor writes it down elsewhere: after that, nobody can
// change an entry up to it unnoticed. The zero value is the head of an audit without such an entry.
type AuditHead struct {
	No    int64
	Chain Chain
}

// String is "number:hex", as ParseAuditHead takes it.
func (h AuditHead) String() string { return fmt.Sprintf("%d:%x", h.No, h.Chain[:]) }

// ParseAuditHead reads what String writes. ErrInvalid: it is something else.
func ParseAuditHead(s string) (h AuditHead, err error) {
	no, sum, _ := strings.Cut(strings.TrimSpace(s), ":")
	raw, err := hex.DecodeString(sum)
	if err == nil {
		h.No, err = strconv.ParseInt(no, 10, 64)
	}
	if err != nil || len(raw) != len(h.Chain) || h.No < 1 {
		return AuditHead{}, invalid("链头%s应为“序号:64位十六进制”，即 diaoxiao audit verify 所写的", Quote(s))
	}
	copy(h.Chain[:], raw)
	return h, nil
}

// AuditLink makes the chain value of an entry: SHA-256 over the chain value of the last entry that has one, 32 zero
// bytes where there is none, followed by every entry since and the entry itself. An entry is its number and its time in
// UTC milliseconds (0: none), each as 8 bytes, then actor, action, target and detail, each its length in bytes as 8
// bytes and its UTF-8; numbers are big endian. The entries of an older program have no chain value, so the next entry
// that has one covers them.
type AuditLink struct{ hash *rowhash.Hash }

// NewAuditLink begins the link after an entry with that chain value.
func NewAuditLink(after Chain) *AuditLink {
	l := &AuditLink{rowhash.New()}
	l.hash.Bytes(after[:])
	return l
}

// Add adds the next entry. It ignores the entry's own chain value.
func (l *AuditLink) Add(e AuditEntry) {
	l.hash.Numbers(e.No)
	l.hash.Time(e.At)
	l.hash.Texts(string(e.By), string(e.Action), e.Target, e.Detail)
}

// Chain is the value of the entry that was added last.
func (l *AuditLink) Chain() Chain { return l.hash.Sum() }
