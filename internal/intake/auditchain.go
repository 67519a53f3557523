package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"
)

// Chain is the value that ties an entry of the audit to all before it.
type Chain [sha256.Size]byte

// AuditHead is the last entry that is tied to those before it: what an auditor writes down elsewhere, for nobody can then change
// what was written up to it without being noticed. The zero value is that of an audit with no such entry.
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
		return AuditHead{}, fmt.Errorf("%w：链头%q应为“序号:64位十六进制”，即 diaoxiao audit verify 所写的", ErrInvalid, s)
	}
	copy(h.Chain[:], raw)
	return h, nil
}

// AuditLink makes the chain value of an entry: SHA-256 over the chain value of the last entry that has one, 32 zero bytes where
// there is none, followed by every entry since and the entry itself. An entry is its number and its time in UTC milliseconds
// (0: none), each as 8 bytes, then actor, action, target and detail, each its length in bytes as 8 bytes and its UTF-8; numbers
// are big endian. So the entries of an older program, which have no value, are tied in by the next that has one.
type AuditLink struct{ sum hash.Hash }

// NewAuditLink begins the link after an entry with that chain value.
func NewAuditLink(after Chain) *AuditLink {
	l := &AuditLink{sha256.New()}
	l.sum.Write(after[:])
	return l
}

// Add adds the next entry; its own chain value is not looked at.
func (l *AuditLink) Add(e AuditEntry) {
	var at int64
	if !e.At.IsZero() {
		at = e.At.UnixMilli()
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(e.No))
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	for _, text := range []string{string(e.By), e.Action, e.Target, e.Detail} {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(text))), text...)
	}
	l.sum.Write(b)
}

// Chain is the value of the entry that was added last.
func (l *AuditLink) Chain() (c Chain) {
	l.sum.Sum(c[:0])
	return c
}

// AuditCheck is what VerifyAudit went through.
type AuditCheck struct {
	Entries   int64
	Unchained int64 // the last of them, which an older program wrote and the next entry ties in
	Head      AuditHead
	Broken    AuditBreak // zero: the chain holds
	Contains  bool       // the head that was known before is still among them, or none was given
}

// AuditBreak is the first place where the chain does not hold: of the entries after number After up to number No one was changed,
// left out, put in or moved.
type AuditBreak struct {
	After, No int64
	At        time.Time // of entry No
}

// String says it to an operator.
func (b AuditBreak) String() string {
	return fmt.Sprintf("审计记录的链在第%d条（%s）处断开：第%d条以后至这一条之间，有记录被改动、删除、插入或调换", b.No, b.At.In(Beijing).Format(time.DateTime), b.After)
}

// OK reports whether nothing was found to be wrong.
func (c AuditCheck) OK() bool { return c.Broken.No == 0 && c.Contains }

// VerifyAudit proves, on one snapshot, that the audit's chain holds and still contains the head known, where that is not zero.
// Without one it cannot notice that the last entries were taken away, or that somebody who can write to the database made
// the whole chain anew. progress gets the number of entries so far and may be nil. Changes nothing.
func (d *Desk) VerifyAudit(ctx context.Context, by By, known AuditHead, progress func(entries int64)) (AuditCheck, error) {
	w := newAuditWalk(known, progress)
	err := d.look(ctx, by, LookAudit, func(tx Tx) error { return w.walk(ctx, tx) })
	return w.AuditCheck, err
}

// auditWalk goes through the audit once.
type auditWalk struct {
	AuditCheck
	known    AuditHead
	link     *AuditLink
	progress func(int64)
}

func newAuditWalk(known AuditHead, progress func(int64)) *auditWalk {
	return &auditWalk{AuditCheck{Contains: known == AuditHead{}}, known, NewAuditLink(Chain{}), progress}
}

func (w *auditWalk) walk(ctx context.Context, tx Tx) error {
	for after := int64(0); ; {
		es, err := tx.Audit(after, 1000)
		if err != nil || len(es) == 0 {
			return err
		}
		for _, e := range es {
			w.add(e)
		}
		after = es[len(es)-1].No
		if w.progress != nil {
			w.progress(w.Entries)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// add takes the next entry. After one that does not fit it goes on from what is stored: the first is what counts.
func (w *auditWalk) add(e AuditEntry) {
	w.Entries++
	w.Unchained++
	w.link.Add(e)
	if len(e.Chain) == 0 {
		return
	}
	if want := w.link.Chain(); !bytes.Equal(e.Chain, want[:]) && w.Broken.No == 0 {
		w.Broken = AuditBreak{After: w.Head.No, No: e.No, At: e.At}
	}
	w.Head, w.Unchained = AuditHead{No: e.No}, 0
	copy(w.Head.Chain[:], e.Chain)
	w.link = NewAuditLink(w.Head.Chain)
	w.Contains = w.Contains || w.Head == w.known
}

// AuditHead returns the head as it is, without looking at what comes before it.
func (d *Desk) AuditHead(ctx context.Context) (h AuditHead, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		h, err = tx.AuditHead()
		return err
	})
	return h, err
}
