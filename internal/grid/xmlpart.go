package grid

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Bounds of one part of a workbook. A cell holds 32,767 characters at most, which is more than any token needs: an
// element with its attributes, a text, a comment.
const (
	maxToken = 256 << 10
	maxUnit  = 16 << 20 // a row or shared text with all that stands around its characters
	maxDepth = 64
	maxAttrs = 256
)

// xmlPart reads a part token by token in bounded memory. Anything that it returns is well-formed: encoding/xml does not
// hold starts and ends together in RawToken, nor does it look for an attribute that is there twice.
type xmlPart struct {
	*xml.Decoder
	gauge *partGauge
	open  []string // elements that have begun

	struck bool // a part of the text that strings read last is struck out
}

// partGauge is the reader under xml. Of one token xml keeps all in memory, so what is read for one is bounded here.
type partGauge struct {
	io.Reader
	closer io.Closer
	parts  *parts
	name   string // of the part, as the file has it
	given  int64
	token  int64  // given when the token in hand began
	unit   string // a row or text that is bounded as a whole, "" for none
	began  int64  // given when it began
}

func (g *partGauge) Read(p []byte) (int, error) {
	n := min(len(p), 32<<10)
	switch {
	case g.given-g.token > maxToken:
		return 0, g.tooLong("一个单元格、属性或注释", maxToken)
	case g.unit != "" && g.given-g.began > maxUnit:
		return 0, g.tooLong(g.unit, maxUnit)
	case g.parts.budget <= 0:
		return 0, &Problem{
			Place: g.parts.Place,
			Text:  "部件“" + Brief(g.name) + "”解包后过大，与文件的大小不相称",
			Next:  reexportStep,
			Fatal: true,
		}
	}
	n, err := g.Reader.Read(p[:n])
	g.given += int64(n)
	g.parts.budget -= int64(n)
	return n, err
}

// begin bounds what is read from here on as one, until it begins "".
func (g *partGauge) begin(unit string) { g.unit, g.began = unit, g.given }

// tooLong is the problem of something that is longer than any workbook has it.
func (g *partGauge) tooLong(what string, most int) *Problem {
	return &Problem{
		Place: g.parts.Place,
		Text:  fmt.Sprintf("部件“%s”中%s超过%dKiB", Brief(g.name), what, most>>10),
		Next:  reexportStep,
		Fatal: true,
	}
}

// tooMany is the problem of a part with more of something than is read.
func (g *partGauge) tooMany(what string, most int) *Problem {
	return &Problem{
		Place: g.parts.Place,
		Text:  fmt.Sprintf("部件“%s”中%s超过%d个", Brief(g.name), what, most),
		Next:  reexportStep,
		Fatal: true,
	}
}

func (p *parts) openXML(part *zip.File) (*xmlPart, error) {
	r, err := part.Open()
	if err != nil {
		return nil, err
	}
	text, err := xmlText(r, p.Place, part.Name)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	g := &partGauge{Reader: text, closer: r, parts: p, name: part.Name}
	x := &xmlPart{Decoder: xml.NewDecoder(g), gauge: g}
	x.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // xmlText has done it
	return x, nil
}

func (x *xmlPart) Close() error { return x.gauge.closer.Close() }

var errPart = errors.New("unexpected content")

func partError(what string, args ...any) error {
	return fmt.Errorf("%w: "+what, append([]any{errPart}, args...)...)
}

// next returns the next token, valid until it is called again. io.EOF comes where all elements have ended and, as zip
// does, the checksum holds.
func (x *xmlPart) next() (xml.Token, error) {
	x.gauge.token = x.gauge.given
	t, err := x.RawToken()
	switch t := t.(type) {
	case xml.StartElement:
		err = x.begin(t)
	case xml.EndElement:
		err = x.end(t)
	}
	if err == io.EOF && len(x.open) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

func (x *xmlPart) begin(e xml.StartElement) error {
	if x.open = append(x.open, e.Name.Local); len(x.open) > maxDepth {
		return x.gauge.tooMany("嵌套的元素", maxDepth)
	}
	if len(e.Attr) > maxAttrs {
		return x.gauge.tooMany("一个元素的属性", maxAttrs)
	}
	for i, a := range e.Attr {
		for _, b := range e.Attr[:i] {
			if a.Name == b.Name {
				return partError("attribute %s twice", Brief(a.Name.Local))
			}
		}
	}
	return nil
}

func (x *xmlPart) end(e xml.EndElement) error {
	n := len(x.open) - 1
	if n < 0 || x.open[n] != e.Name.Local {
		return partError("end of %s", Brief(e.Name.Local))
	}
	x.open = x.open[:n]
	return nil
}

// within reports whether the element that has begun last stands below these, from the root.
func (x *xmlPart) within(path ...string) bool {
	if len(x.open) != len(path)+1 {
		return false
	}
	for i, name := range path {
		if x.open[i] != name {
			return false
		}
	}
	return true
}

// text appends the characters up to the end of the element whose start was read, which holds nothing else.
func (x *xmlPart) text(b []byte) ([]byte, error) {
	for {
		t, err := x.next()
		if err != nil {
			return b, noEOF(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b = append(b, t...)
		case xml.EndElement:
			return b, nil
		default: // readers differ in what they take for the text then
			return b, partError("%T within a text", t)
		}
	}
}

// skip reads up to the end of the element whose start was read.
func (x *xmlPart) skip() error {
	for depth := len(x.open); len(x.open) >= depth; {
		if _, err := x.next(); err != nil {
			return noEOF(err)
		}
	}
	return nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// eachElement calls f for every start of an element of a part that f has not read itself.
func (p *parts) eachElement(part *zip.File, f func(*xmlPart, xml.StartElement) error) error {
	x, err := p.openXML(part)
	if err != nil {
		return damaged(p.Place, err)
	}
	defer x.Close()
	for err == nil {
		var t xml.Token
		if t, err = x.next(); err == nil {
			if e, ok := t.(xml.StartElement); ok {
				err = f(x, e)
			}
		}
	}
	if err == io.EOF {
		return nil
	}
	return damaged(p.Place, err)
}

// attr is an attribute that has no prefix.
func attr(e xml.StartElement, name string) string { return attrOf(e, name, false) }

// relationID is the attribute id that names a relation: it has a prefix.
func relationID(e xml.StartElement) string { return attrOf(e, "id", true) }

func attrOf(e xml.StartElement, name string, prefixed bool) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && (a.Name.Space != "") == prefixed {
			return a.Value
		}
	}
	return ""
}

// isOn reports whether an element turns on what it names: without val it does.
func isOn(e xml.StartElement) bool {
	val := attr(e, "val")
	return val == "" || isTrue(val)
}

func isTrue(s string) bool { return s == "1" || s == "true" }
