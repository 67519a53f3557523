package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"syscall"
)

// Bounds of what one part of a workbook may unpack to, and of a text in it. A cell holds 32,767 characters at most.
const (
	maxPart    = 4 << 30
	maxStrings = 256 << 20
	maxXMLText = 1 << 20
)

// workbook is an open XLSX file (ECMA-376). It is read here rather than by excelize because that, reading row by row, does
// not tell a number from a text: whether 150102000000123000 was entered so or is what is left of another number.
type workbook struct {
	place   Place
	parts   map[string]*zip.File // by name in lower case
	sheets  []sheetPart
	strings sharedStrings
	formats []format // of cells, by style
	base    int      // of dates: 1904, else 0
}

// sheetPart is a sheet of a workbook.
type sheetPart struct {
	name   string
	hidden bool
	part   *zip.File
}

func openWorkbook(f io.ReaderAt, size int64, place Place) (*workbook, error) {
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(place, err)
	}
	w := &workbook{place: place, parts: make(map[string]*zip.File)}
	for _, p := range z.File {
		w.parts[partName("", p.Name)] = p
	}
	if err := w.load(); err != nil {
		return nil, err
	}
	return w, nil
}

// damaged is the problem of a workbook that does not hold together. Errors of the system, and problems, are left as they are;
// the others cannot be listed: zip ends some damaged files with EOF or asks for bytes before the first.
func damaged(place Place, err error) error {
	var ours *Problem
	var system syscall.Errno
	if errors.As(err, &ours) || errors.As(err, &system) {
		return err
	}
	return &Problem{Place: place, Text: "工作簿不完整或已损坏（" + err.Error() + "）", Next: "用 Excel 或 WPS 打开后另存为 .xlsx，再重试", Fatal: true}
}

var errPart = errors.New("unexpected content")

func partError(what string, args ...any) error {
	return fmt.Errorf("%w: "+what, append([]any{errPart}, args...)...)
}

// partName is the name of the part that target means when the part base names it.
func partName(base, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join(path.Dir(base), target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
}

// relation is an entry of a relationships part.
type relation struct{ id, kind, target string }

// relations are those of a part; none where it has no such part.
func (w *workbook) relations(of string) (all []relation, err error) {
	p := w.parts[partName("", path.Join(path.Dir(of), "_rels", path.Base(of)+".rels"))]
	if p == nil {
		return nil, nil
	}
	err = w.eachElement(p, func(_ *xmlPart, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			kind := attr(e, "Type")
			all = append(all, relation{attr(e, "Id"), kind[strings.LastIndexByte(kind, '/')+1:], partName(of, attr(e, "Target"))})
		}
		return nil
	})
	return all, err
}

// load reads everything but the sheets.
func (w *workbook) load() error {
	main := "xl/workbook.xml"
	root, err := w.relations("")
	for _, r := range root {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	if err != nil {
		return err
	}
	if w.parts[main] == nil {
		return &Problem{Place: w.place, Text: "不是 xlsx 工作簿", Next: "用 Excel 或 WPS 打开，另存为 .xlsx", Fatal: true}
	}
	related, err := w.relations(main)
	if err != nil {
		return err
	}
	for _, r := range related {
		p := w.parts[r.target]
		switch {
		case p == nil:
		case r.kind == "sharedStrings":
			err = w.strings.read(w, p)
		case r.kind == "styles":
			err = w.readStyles(p)
		}
		if err != nil {
			return err
		}
	}
	return w.readSheets(w.parts[main], related)
}

func (w *workbook) readSheets(main *zip.File, related []relation) error {
	return w.eachElement(main, func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				w.base = 1904
			}
		case "sheet":
			s := sheetPart{name: attr(e, "name"), hidden: attr(e, "state") != "" && attr(e, "state") != "visible"}
			for _, r := range related {
				if r.id == attr(e, "id") && r.kind == "worksheet" {
					s.part = w.parts[r.target]
				}
			}
			if s.part != nil {
				w.sheets = append(w.sheets, s)
			}
		}
		return nil
	})
}

// table is a sheet as a table.
func (w *workbook) table(s sheetPart) table {
	place := w.place
	place.Sheet = s.name
	return table{place: place, open: func() (rows, error) { return w.openSheet(s.part, place) }}
}

// xmlPart reads a part token by token in bounded memory.
type xmlPart struct {
	*xml.Decoder
	gauge *partGauge
}

// partGauge is the reader under xml: it bounds the part, and what is read ahead of the last token.
type partGauge struct {
	io.ReadCloser
	dec   *xml.Decoder
	given int64
}

func (g *partGauge) Read(p []byte) (int, error) {
	if g.given > maxPart || g.given-g.dec.InputOffset() > maxXMLText {
		return 0, partError("too long at byte %d", g.given)
	}
	n, err := g.ReadCloser.Read(p[:min(len(p), 64<<10)])
	g.given += int64(n)
	return n, err
}

func openPart(p *zip.File) (*xmlPart, error) {
	r, err := p.Open()
	if err != nil {
		return nil, err
	}
	g := &partGauge{ReadCloser: r}
	g.dec = xml.NewDecoder(g)
	return &xmlPart{g.dec, g}, nil
}

// drain reads the rest, at whose end the checksum is held against the bytes.
func (x *xmlPart) drain() error {
	_, err := io.Copy(io.Discard, x.gauge.ReadCloser)
	return err
}

// text appends the characters up to the end of the element whose start was read.
func (x *xmlPart) text(b []byte, end string) ([]byte, error) {
	for from := len(b); ; {
		t, err := x.RawToken()
		if err != nil {
			return b, noEOF(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			if b = append(b, t...); len(b)-from > maxXMLText {
				return b, partError("text longer than %d bytes", maxXMLText)
			}
		case xml.EndElement:
			if t.Name.Local == end {
				return b, nil
			}
		}
	}
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// eachElement calls f for every start of an element of a part that f has not read itself. A part that ends early fails its
// checksum.
func (w *workbook) eachElement(p *zip.File, f func(*xmlPart, xml.StartElement) error) error {
	x, err := openPart(p)
	if err != nil {
		return damaged(w.place, err)
	}
	defer x.gauge.Close()
	for err == nil {
		var t xml.Token
		if t, err = x.RawToken(); err == nil {
			if e, ok := t.(xml.StartElement); ok {
				err = f(x, e)
			}
		}
	}
	if err == io.EOF {
		return nil
	}
	return damaged(w.place, err)
}

// attr is an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
