package calllog

import (
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// callBuffer is a queue of calls that holds no pointers: the garbage collector would look at those of thousands of
// calls again and again.
type callBuffer struct {
	rows  []callRow
	texts []byte // of the rows from next on, one after the other, as they came
	next  int    // the first row that was not taken out
	at    int    // where its texts begin
}

type callRow struct {
	at            time.Duration // since 1970
	appID         int64
	bytes         int64
	took          time.Duration
	items, status int32
	texts         [11]uint16 // their lengths
}

func textsOf(c *intake.Call) [11]*string {
	return [11]*string{
		&c.Name, &c.AppKey, &c.Account, &c.CaseID, &c.AcceptID, &c.Outcome, &c.Codes, &c.RequestID, &c.Source,
		(*string)(&c.Cause), (*string)(&c.Told),
	}
}

// longestText is how many bytes of a text are kept: the document's fields are shorter. Told has a bound of its own.
const longestText = 300

func lengthOf(c *intake.Call, text *string) int {
	if text == (*string)(&c.Told) {
		return min(len(*text), intake.MaxTold)
	}
	return min(len(*text), longestText)
}

func (b *callBuffer) len() int { return len(b.rows) - b.next }

func (b *callBuffer) add(c *intake.Call) {
	r := callRow{
		at:     time.Duration(c.At.UnixMilli()) * time.Millisecond,
		appID:  c.AppID,
		bytes:  c.Bytes,
		took:   c.Took.Truncate(time.Microsecond),
		items:  int32(c.Items),
		status: int32(c.Status),
	}
	for i, text := range textsOf(c) {
		n := lengthOf(c, text)
		b.texts, r.texts[i] = append(b.texts, (*text)[:n]...), uint16(n)
	}
	b.rows = append(b.rows, r)
}

// each calls f with the next n calls, in pieces, until f has had enough.
func (b *callBuffer) each(piece int, f func([]intake.Call) (enough bool, err error)) (n int, err error) {
	calls := make([]intake.Call, 0, piece)
	at := b.at
	for i := b.next; i < len(b.rows); {
		calls = calls[:0]
		for ; i < len(b.rows) && len(calls) < piece; i++ {
			var c intake.Call
			c, at = b.call(i, at)
			calls = append(calls, c)
		}
		n += len(calls)
		if enough, err := f(calls); enough || err != nil {
			return n, err
		}
	}
	return n, nil
}

// call is the one of row i, whose texts begin at at; it returns where they end. Texts are as every database takes them.
func (b *callBuffer) call(i, at int) (intake.Call, int) {
	r := &b.rows[i]
	c := intake.Call{
		At:     time.UnixMilli(r.at.Milliseconds()),
		AppID:  r.appID,
		Bytes:  r.bytes,
		Took:   r.took,
		Items:  int(r.items),
		Status: int(r.status),
	}
	for k, text := range textsOf(&c) {
		end := at + int(r.texts[k])
		*text = strings.ReplaceAll(strings.ToValidUTF8(string(b.texts[at:end]), "\uFFFD"), "\x00", "\uFFFD")
		at = end
	}
	return c, at
}

// all are the calls.
func (b *callBuffer) all() (cs []intake.Call) {
	b.each(max(1, b.len()), func(calls []intake.Call) (bool, error) {
		cs = calls
		return true, nil
	})
	return cs
}

// join puts the calls of another queue behind those of this one.
func (b *callBuffer) join(later callBuffer) {
	b.rows = append(b.rows, later.rows[later.next:]...)
	b.texts = append(b.texts, later.texts[later.at:]...)
}

// roomKept is for how many calls an empty buffer keeps its memory.
const roomKept = 2000

// drop takes the first n calls out.
func (b *callBuffer) drop(n int) {
	for ; n > 0; n-- {
		for _, length := range b.rows[b.next].texts {
			b.at += int(length)
		}
		b.next++
	}
	if b.len() > 0 {
		return
	}
	if cap(b.rows) > roomKept {
		*b = callBuffer{}
	}
	b.rows, b.texts, b.next, b.at = b.rows[:0], b.texts[:0], 0, 0
}
