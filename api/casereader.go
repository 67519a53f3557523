package api

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
)

// DefaultItems is the number of list items allowed by default (S16).
const DefaultItems = 500_000

// MaxItemProblems is how many problems of list items are listed one by one (S10).
const MaxItemProblems = 100

// Decoded is what one body says.
type Decoded struct {
	Case     Case      // the seven texts; PenaltyList stays nil
	Items    int       // length of penaltylist
	Digest   Digest    // of the values; meaningful only without problems
	Problems []Problem // in document order (S10); none: the case can be accepted
}

// Digest identifies the values of a case whatever the member order, escapes and white space of its JSON (S17):
//
//	SHA-256( "diaoxiao case 1\n" ‖ text(caseid) ‖ … ‖ text(penaltyorg) ‖ items as 8 bytes ‖
//	         SHA-256( text(pripid) ‖ text(uniscid) ‖ text(legal) ‖ text(enttype), for each item in order ) )
//
// with text(s) = length of s in UTF-8 as 4 bytes ‖ s, and integers big-endian. Unknown members do not count.
type Digest [sha256.Size]byte

// caseReader is the state of reading one case. Texts of an item are copied to item because JSON may order them freely.
type caseReader struct {
	*decoder
	limit    int
	each     func(int, Entity)
	byToken  bool // leaves all to jsontext
	texts    [len(caseMembers)]string
	problems [len(caseMembers) + 1]*Problem
	seen     [len(caseMembers)]bool
	items    int
	list     hash.Hash
	item     itemReader
	bad      []Problem
	rest     int
	restCode Code
}

type itemReader struct {
	texts    [len(entityMembers)][]byte
	problems [len(entityMembers)]*Problem
	seen     [len(entityMembers)]bool
	rows     []byte // of this item and some before it, not hashed yet
}

// hashedAtOnce is how many bytes of items are worth a call.
const hashedAtOnce = 2 << 10

// ReadCase reads one request body of receiveCaseinfo in a single pass, in memory that does not grow with the list.
// items is the most list items allowed, 0 for DefaultItems. each, if not nil, gets every well-formed item with its
// zero-based position in order, also those of a case that turns out to have problems.
//
// The error is that of r alone; everything wrong with the content is in Problems. Malformed JSON is one problem by
// itself.
func ReadCase(r io.Reader, items int, each func(int, Entity)) (Decoded, error) {
	if items <= 0 {
		items = DefaultItems
	}
	return (&caseReader{decoder: newDecoder(r), limit: items, each: each, list: sha256.New()}).read()
}

func (c *caseReader) read() (Decoded, error) {
	defer c.release()
	ok := c.open() && c.object(c.member) && c.end()
	if c.failed != nil {
		return Decoded{}, c.failed
	}
	if !ok {
		return Decoded{Problems: []Problem{*c.broken}}, nil
	}
	return c.result(), nil
}

// ReadTexts reads the texts of a body up to its list and no further; whole reports whether that were all seven. It
// checks what it reads as ReadCase does: where anything is wrong, or cannot be read, they are not whole.
func ReadTexts(r io.Reader) (v Case, whole bool) {
	c := &caseReader{decoder: newDecoder(r), limit: 1, list: sha256.New()}
	defer c.release()
	if c.open() {
		c.object(func(name []byte) bool { return string(name) != listMember && c.member(name) })
	}
	for i := range caseMembers {
		if !c.seen[i] || c.problems[i] != nil {
			return Case{}, false
		}
	}
	return c.textsOnly(), c.failed == nil && c.broken == nil
}

func (c *caseReader) textsOnly() Case {
	return Case{c.texts[0], c.texts[1], c.texts[2], c.texts[3], c.texts[4], c.texts[5], c.texts[6], nil}
}

// member reads the value of one top-level member.
func (c *caseReader) member(name []byte) bool {
	if string(name) == listMember {
		return c.readList()
	}
	for i, m := range caseMembers {
		if string(name) != m.name {
			continue
		}
		text, p, ok := c.text(m, m.name)
		c.texts[i], c.problems[i], c.seen[i] = string(text), p, true
		return ok
	}
	return c.skip()
}

// readList reads the value of penaltylist.
func (c *caseReader) readList() bool {
	k := c.dec.PeekKind()
	if k != '[' {
		return c.notList()
	}
	if _, err := c.dec.ReadToken(); err != nil {
		return c.stop(err)
	}
	c.in.window.inList = true
	for c.dec.PeekKind() != ']' {
		if !c.readItem() {
			return false
		}
		c.items++
		c.plainItems()
	}
	c.in.window.inList = false
	_, err := c.dec.ReadToken()
	return err == nil || c.stop(err)
}

// notList reads a penaltylist that is no array: null and blank text are an empty list (S9).
func (c *caseReader) notList() bool {
	_, p, ok := c.text(member{listMember, EmptyList, 0}, listMember)
	if p != nil && p.Code != EmptyList {
		p = &Problem{Code: WrongType, Field: listMember, Detail: "应为数组"}
	}
	c.problems[len(caseMembers)] = p
	return ok
}

func (c *caseReader) readItem() bool {
	if c.items >= c.limit {
		return c.skip() // counted and held to JSON's rules only
	}
	switch k := c.dec.PeekKind(); k {
	case '{':
		_, err := c.dec.ReadToken()
		if err != nil {
			return c.stop(err)
		}
		c.item.problems, c.item.seen = [len(entityMembers)]*Problem{}, [len(entityMembers)]bool{}
		return c.object(c.itemMember) && c.endItem()
	case 'n':
		c.report(Problem{Code: EmptyItem, Field: c.itemPath(""), Item: c.items + 1, Detail: "为空"})
	case 0:
	default:
		c.report(Problem{Code: WrongType, Field: c.itemPath(""), Item: c.items + 1, Detail: "应为对象，实为" + kindName(k)})
	}
	return c.skip()
}

func (c *caseReader) itemMember(name []byte) bool {
	for i, m := range entityMembers {
		if string(name) != m.name {
			continue
		}
		text, p, ok := c.text(m, "")
		c.item.texts[i] = append(c.item.texts[i][:0], text...)
		c.item.problems[i], c.item.seen[i] = p, true
		return ok
	}
	return c.skip()
}

// endItem reports what is wrong with the item and adds its texts to the digest.
func (c *caseReader) endItem() bool {
	it, whole := &c.item, true
	for i, m := range entityMembers {
		p := it.problems[i]
		if !it.seen[i] {
			p = &Problem{Code: EmptyItem}
		}
		if p == nil {
			continue
		}
		whole = false
		c.report(Problem{Code: p.Code, Field: c.itemPath(m.name), Item: c.items + 1, Member: m.name, Detail: p.Detail})
	}
	if whole {
		c.addItem()
	}
	return true
}

func (c *caseReader) addItem() {
	it := &c.item
	if len(it.rows) > hashedAtOnce {
		c.list.Write(it.rows)
		it.rows = it.rows[:0]
	}
	from := len(it.rows)
	for _, t := range it.texts {
		it.rows = appendText(it.rows, t)
	}
	if c.each == nil {
		return
	}
	s := string(it.rows[from:]) // one allocation for the four texts
	var f [len(entityMembers)]string
	for i, t := range it.texts {
		f[i], s = s[4:4+len(t)], s[4+len(t):]
	}
	c.each(c.items, Entity{f[0], f[1], f[2], f[3]})
}

func appendText[S string | []byte](b []byte, s S) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func (c *caseReader) itemPath(name string) string {
	if name != "" {
		name = "." + name
	}
	return fmt.Sprintf("%s[%d]%s", listMember, c.items, name)
}

// report lists a problem of an item, or counts it once MaxItemProblems are listed.
func (c *caseReader) report(p Problem) {
	if len(c.bad) < MaxItemProblems {
		c.bad = append(c.bad, p)
		return
	}
	if c.rest++; c.rest == 1 {
		c.restCode = p.Code
	}
}

// result puts everything together in document order.
func (c *caseReader) result() Decoded {
	d := Decoded{Items: c.items}
	for i, m := range caseMembers {
		if !c.seen[i] {
			c.problems[i] = &Problem{Code: m.empty, Field: m.name}
		}
		if p := c.problems[i]; p != nil {
			d.Problems = append(d.Problems, *p)
		}
	}
	d.Problems = append(d.Problems, c.listProblems()...)
	d.Case = c.textsOnly()
	d.Digest = c.digest()
	return d
}

func (c *caseReader) listProblems() []Problem {
	p := c.problems[len(caseMembers)]
	switch {
	case p != nil:
		return []Problem{*p}
	case c.items == 0:
		return []Problem{{Code: EmptyList, Field: listMember}}
	case c.items > c.limit:
		c.bad = append(
			[]Problem{{Code: TooManyItems, Field: listMember, Detail: fmt.Sprintf("%d条，上限%d", c.items, c.limit)}},
			c.bad...,
		)
	}
	if c.rest > 0 {
		c.bad = append(c.bad, Problem{Code: c.restCode, Field: listMember, Detail: fmt.Sprintf("另有%d处问题未逐一列出", c.rest)})
	}
	return c.bad
}

func (c *caseReader) digest() (d Digest) {
	b := append(c.scratch[:0], "diaoxiao case 1\n"...)
	for _, t := range c.texts {
		b = appendText(b, t)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(c.items))
	c.list.Write(c.item.rows)
	c.scratch = c.list.Sum(b)
	return sha256.Sum256(c.scratch)
}
