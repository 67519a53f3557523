package api

import (
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// writeSize is how much of a body WriteCase puts together before it writes.
const writeSize = 32 << 10

// smallSize is what most bodies of a few entities fit into.
const smallSize = 2 << 10

// WriteCase writes the body of receiveCaseinfo for c (clause 3.2): the same bytes for the same values, one entity on a
// line. list, if not nil, takes the place of c.PenaltyList and is read once, in memory that does not grow with it.
// Values are written as they are; one that is not valid UTF-8 is an error, because it could only be sent changed. Other
// errors are those of w and list.
func WriteCase(w io.Writer, c Case, list iter.Seq2[Entity, error]) error {
	if list == nil {
		list = entities(c.PenaltyList)
	}
	b := caseWriter{w: w, buf: make([]byte, 0, smallSize)}
	for i, text := range [...]string{
		c.CaseID, c.CaseName, c.CaseIntroduction, c.Illegality, c.Penalty, c.PenaltyDate, c.PenaltyOrg,
	} {
		b.member("{,"[min(i, 1)], caseMembers[i].name, text)
	}
	b.buf = append(b.buf, `,"`+listMember+`":[`...)
	n := 0
	for e, err := range list {
		if err != nil {
			return err
		}
		if b.entity(n, e); b.err != nil {
			return b.err
		}
		n++
	}
	b.buf = append(b.buf, "\n]}\n"...)
	b.flush()
	return b.err
}

func entities(list []Entity) iter.Seq2[Entity, error] {
	return func(yield func(Entity, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// caseWriter is one body in the making. After an error it does nothing more.
type caseWriter struct {
	w   io.Writer
	buf []byte
	err error
}

// entity writes the item at position n.
func (b *caseWriter) entity(n int, e Entity) {
	if n > 0 {
		b.buf = append(b.buf, ',')
	}
	b.buf = append(b.buf, '\n')
	for i, text := range [...]string{e.PripID, e.UniscID, e.Legal, e.EntType} {
		b.member("{,"[min(i, 1)], entityMembers[i].name, text)
	}
	if b.buf = append(b.buf, '}'); b.err != nil {
		b.err = fmt.Errorf("%s[%d]: %w", listMember, n, b.err)
	} else if len(b.buf) >= writeSize {
		b.flush()
	}
}

func (b *caseWriter) member(before byte, name, text string) {
	if b.err != nil {
		return
	}
	b.buf = append(append(append(b.buf, before, '"'), name...), `":`...)
	if b.buf, b.err = jsontext.AppendQuote(b.buf, text); b.err != nil {
		b.err = fmt.Errorf("%s: %w", name, b.err)
	}
}

func (b *caseWriter) flush() {
	if b.err == nil {
		_, b.err = b.w.Write(b.buf)
	}
	b.buf = b.buf[:0]
}
