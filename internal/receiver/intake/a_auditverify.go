package intake

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
)

// AuditCheck is what VerifyAudit went through.
type AuditCheck struct {
	Entries   int64
	Unchained int64 // the first of them, written by a program from before the chain; the first entry with a chain value ties them in
	Head      AuditHead
	Broken    AuditBreak // zero: the chain holds
	Contains  bool       // the head that was known before is still among them, or none was given
}

// BreakKind is how an entry does not fit into the chain.
type BreakKind uint8

// The kinds of a break; the zero value is none.
const (
	BreakAltered   BreakKind = iota + 1 // of the entries after After up to No one was changed, left out, put in or moved
	BreakUnchained                      // No has no chain value although one before it has, or no entry has one
	BreakNumber                         // No does not follow After by one
)

// AuditBreak is the first place where the chain does not hold, at entry No; After is the entry before it that fits.
type AuditBreak struct {
	Kind      BreakKind
	After, No int64
	At        time.Time // of entry No
}

// String says it to an operator.
func (b AuditBreak) String() string {
	at := fmt.Sprintf("第%d条（%s）", b.No, b.At.In(beijingtime.Zone).Format(time.DateTime))
	switch b.Kind {
	case BreakUnchained:
		return "审计记录" + at + "没有链值：不是由本系统写入，或链值被抹去"
	case BreakNumber:
		return fmt.Sprintf("审计记录%s的序号应为%d：其间有记录被删除、插入或改动序号", at, b.After+1)
	}
	return fmt.Sprintf("审计记录的链在%s处断开：第%d条以后至这一条之间，有记录被改动、删除、插入或调换", at, b.After)
}

// OK reports whether nothing was found to be wrong.
func (c AuditCheck) OK() bool { return c.Broken.Kind == 0 && c.Contains }

// VerifyAudit proves, on one snapshot, that the audit's chain holds and still contains the head known, where that is
// not zero: numbers run 1, 2, 3 …, and each entry has the right chain value but the first ones
// of a database that is older than the chain, up to the one that its migration recorded. An audit
// without any chain value does not hold. Without a known head it cannot notice that the last entries were taken away,
// or that somebody who can write to the database made the whole chain anew. progress gets the number of entries so far
// and may be nil. Changes nothing.
func (d *Audit) VerifyAudit(ctx context.Context, by By, known AuditHead, progress func(entries int64)) (AuditCheck, error) {
	w := newAuditWalk(known, progress)
	err := d.desk.look(ctx, by, LookAudit, func(tx Tx) error { return w.walk(ctx, tx) })
	return w.AuditCheck, err
}

// auditWalk goes through the audit once.
type auditWalk struct {
	AuditCheck
	known    AuditHead
	link     *AuditLink
	last     AuditEntry
	origin   Origin
	progress func(int64)
	each     func(AuditEntry) error // nil: nobody else looks at the entries
}

func newAuditWalk(known AuditHead, progress func(int64)) *auditWalk {
	c := AuditCheck{Contains: known == AuditHead{}}
	return &auditWalk{AuditCheck: c, known: known, link: NewAuditLink(Chain{}), progress: progress}
}

func (w *auditWalk) walk(ctx context.Context, tx Tx) error {
	if err := w.below(tx); err != nil {
		return err
	}
	var err error
	if w.origin, err = tx.Origin(); err != nil {
		return err
	}
	for {
		es, err := tx.Audit(w.last.No, 1000)
		if err != nil {
			return err
		}
		if len(es) == 0 {
			w.end()
			return nil
		}
		for _, e := range es {
			w.add(e)
			if w.each != nil {
				if err := w.each(e); err != nil {
					return err
				}
			}
		}
		if w.progress != nil {
			w.progress(w.Entries)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// below looks for entries before number 1, which the walk would not meet.
func (w *auditWalk) below(tx Tx) error {
	es, err := tx.SearchAudit(AuditQuery{Before: 1, Limit: 1})
	if len(es) > 0 {
		w.breaks(BreakNumber, 0, es[0])
	}
	return err
}

// add takes the next entry. After one that does not fit it goes on from what is stored: the first is what counts.
func (w *auditWalk) add(e AuditEntry) {
	w.Entries++
	w.link.Add(e)
	if want := w.link.Chain(); len(e.Chain) > 0 && !bytes.Equal(e.Chain, want[:]) {
		w.breaks(BreakAltered, w.Head.No, e)
	}
	if e.No != w.last.No+1 {
		w.breaks(BreakNumber, w.last.No, e)
	}
	w.last = e
	switch {
	case len(e.Chain) > 0:
		w.tie(e)
	case w.Head.No > 0 || e.No > w.origin.Unchained:
		w.breaks(BreakUnchained, w.Head.No, e)
	default:
		w.Unchained++
	}
}

// tie goes on from an entry with a chain value.
func (w *auditWalk) tie(e AuditEntry) {
	w.Head = AuditHead{No: e.No}
	copy(w.Head.Chain[:], e.Chain)
	w.link = NewAuditLink(w.Head.Chain)
	w.Contains = w.Contains || w.Head == w.known
}

// end judges an audit in which no entry has a chain value.
func (w *auditWalk) end() {
	if w.Head.No == 0 && w.Entries > 0 {
		w.breaks(BreakUnchained, 0, w.last)
	}
}

// breaks records the first break.
func (w *auditWalk) breaks(kind BreakKind, after int64, e AuditEntry) {
	if w.Broken.Kind == 0 {
		w.Broken = AuditBreak{Kind: kind, After: after, No: e.No, At: e.At}
	}
}

// AuditHead returns the head as it is, without looking at what comes before it.
func (d *Audit) AuditHead(ctx context.Context) (h AuditHead, err error) {
	err = d.desk.store.View(ctx, func(tx Tx) error {
		h, err = tx.AuditHead()
		return err
	})
	return h, err
}
