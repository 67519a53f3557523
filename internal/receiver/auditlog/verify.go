package auditlog

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// Check is what VerifyAudit went through.
type Check struct {
	Entries int64
	// the first of them, written by a program from before the chain; the first entry with a chain value ties them in
	Unchained int64
	Head      intake.AuditHead
	Broken    Break // zero: the chain holds
	Contains  bool  // the head that was known before is still among them, or none was given
}

// BreakKind is how an entry does not fit into the chain.
type BreakKind uint8

// The kinds of a break; the zero value is none.
const (
	// of the entries after After up to No one was changed, left out, put in or moved
	BreakAltered   BreakKind = iota + 1
	BreakUnchained           // No has no chain value although one before it has, or no entry has one
	BreakNumber              // No does not follow After by one
)

// Break is the first place where the chain does not hold, at entry No; After is the entry before it that fits.
type Break struct {
	Kind      BreakKind
	After, No int64
	At        time.Time // of entry No
}

// String says it to an operator.
func (b Break) String() string {
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
func (c Check) OK() bool { return c.Broken.Kind == 0 && c.Contains }

// VerifyAudit proves, on one snapshot, that the audit's chain holds and still contains the head known, where that is
// not zero: numbers run 1, 2, 3 …, and each entry has the right chain value but the first ones
// of a database that is older than the chain, up to the one that its migration recorded. An audit
// without any chain value does not hold. Without a known head it cannot notice that the last entries were taken away,
// or that somebody who can write to the database made the whole chain anew. progress gets the number of entries so far
// and may be nil. Changes nothing.
func (d *Audit) VerifyAudit(
	ctx context.Context,
	by intake.By,
	known intake.AuditHead,
	progress func(entries int64),
) (Check, error) {
	w := NewWalk(known, progress)
	err := d.desk.Look(ctx, by, intake.LookAudit, func(tx intake.Tx) error { return w.Walk(ctx, tx) })
	return w.Check, err
}

// Walk goes through the audit once.
type Walk struct {
	Check
	known    intake.AuditHead
	link     *intake.AuditLink
	last     intake.AuditEntry
	origin   intake.Origin
	progress func(int64)
	Each     func(intake.AuditEntry) error // nil: nobody else looks at the entries
}

// NewWalk returns a walk that looks for a known head; the zero head is none. progress may be nil.
func NewWalk(known intake.AuditHead, progress func(int64)) *Walk {
	c := Check{Contains: known == intake.AuditHead{}}
	return &Walk{Check: c, known: known, link: intake.NewAuditLink(intake.Chain{}), progress: progress}
}

// Walk reads every entry once and judges the chain; see VerifyAudit. The error is that of reading or of Each.
func (w *Walk) Walk(ctx context.Context, tx intake.Tx) error {
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
			if w.Each != nil {
				if err := w.Each(e); err != nil {
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
func (w *Walk) below(tx intake.Tx) error {
	es, err := tx.SearchAudit(intake.AuditQuery{Before: 1, Limit: 1})
	if len(es) > 0 {
		w.breaks(BreakNumber, 0, es[0])
	}
	return err
}

// add takes the next entry. After one that does not fit it goes on from what is stored: the first is what counts.
func (w *Walk) add(e intake.AuditEntry) {
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
func (w *Walk) tie(e intake.AuditEntry) {
	w.Head = intake.AuditHead{No: e.No}
	copy(w.Head.Chain[:], e.Chain)
	w.link = intake.NewAuditLink(w.Head.Chain)
	w.Contains = w.Contains || w.Head == w.known
}

// end judges an audit in which no entry has a chain value.
func (w *Walk) end() {
	if w.Head.No == 0 && w.Entries > 0 {
		w.breaks(BreakUnchained, 0, w.last)
	}
}

// breaks records the first break.
func (w *Walk) breaks(kind BreakKind, after int64, e intake.AuditEntry) {
	if w.Broken.Kind == 0 {
		w.Broken = Break{Kind: kind, After: after, No: e.No, At: e.At}
	}
}

// AuditHead returns the head as it is, without looking at what comes before it, for roles that look at the system.
func (d *Audit) AuditHead(ctx context.Context, by intake.By) (h intake.AuditHead, err error) {
	err = d.desk.Look(ctx, by, intake.LookSystem, func(tx intake.Tx) error {
		h, err = tx.AuditHead()
		return err
	})
	return h, err
}
