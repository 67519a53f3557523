package grid

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// Bounds of what a workbook may list.
const (
	maxRelations = 4096
	maxSheets    = 512
	MaxName      = 4096 // bytes of a name, an address, a number format
)

// Workbook is an open XLSX file (ECMA-376). It is read here rather than by excelize because that, reading row by row,
// does not tell a number from a text: whether 150102000000123000 was entered so or is what is left of another number.
type Workbook struct {
	*parts
	Sheets  []SheetPart
	strings sharedStrings
	styles  styles
	base    int // of dates: 1904, else 0
}

// SheetPart is a sheet of a workbook.
type SheetPart struct {
	Name   string
	Hidden bool
	Part   *zip.File
}

// OpenWorkbook reads what a workbook has besides its sheets. place is the file. A *Problem says what keeps it from
// being read.
func OpenWorkbook(f io.ReaderAt, size int64, place Place) (*Workbook, error) {
	p, err := openParts(f, size, place)
	if err != nil {
		return nil, err
	}
	w := &Workbook{parts: p, strings: sharedStrings{parts: p}}
	if err := w.load(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Close removes the file that texts were kept in.
func (w *Workbook) Close() error { return w.strings.close() }

// load reads everything but the sheets.
func (w *Workbook) load() error {
	main, err := w.mainPart()
	if err != nil {
		return err
	}
	related, err := w.relations(main)
	if err != nil {
		return err
	}
	for kind, read := range map[string]func(*zip.File) error{"sharedStrings": w.strings.read, "styles": w.readStyles} {
		target, err := w.only(related, kind)
		if part := w.part(target); err == nil && part != nil {
			err = read(part)
		}
		if err != nil {
			return err
		}
	}
	return w.readSheets(w.part(main), related)
}

// relation is an entry of a relationships part.
type relation struct{ id, kind, target string }

// relations are those of a part, "" for the file as a whole; none where it has no such part.
func (p *parts) relations(of string) (all []relation, err error) {
	name := "_rels/.rels"
	if of != "" {
		name = path.Join(path.Dir(of), "_rels", path.Base(of)+".rels")
	}
	part := p.part(partName("", name))
	if part == nil {
		return nil, nil
	}
	ids := make(map[string]bool)
	err = p.eachElement(part, func(x *xmlPart, e xml.StartElement) error {
		if !x.within("Relationships") || e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		r := relation{attr(e, "Id"), attr(e, "Type"), attr(e, "Target")}
		switch {
		case len(all) == maxRelations:
			return x.gauge.tooMany("关系", maxRelations)
		case len(r.id)+len(r.kind)+len(r.target) > MaxName:
			return x.gauge.tooLong("一个关系", MaxName)
		case ids[r.id]:
			return partError("relation %q twice in %s", r.id, Brief(part.Name))
		}
		ids[r.id] = true
		all = append(all, relation{r.id, r.kind[strings.LastIndexByte(r.kind, '/')+1:], partName(of, r.target)})
		return nil
	})
	return all, err
}

// only is the target of the relations of a kind, "" where there is none. Where they name several, readers take one or
// another.
func (p *parts) only(all []relation, kind string) (target string, err error) {
	for _, r := range all {
		switch {
		case r.kind != kind || r.target == target:
		case target == "":
			target = r.target
		default:
			return "", &Problem{Place: p.Place, Fatal: true, Next: reexportStep,
				Text: "工作簿指定了两个" + kind + "部件“" + Brief(target) + "”与“" + Brief(r.target) + "”，不同程序会读到不同内容"}
		}
	}
	return target, nil
}

func (w *Workbook) readSheets(main *zip.File, related []relation) error {
	names := make(map[string]bool)
	return w.eachElement(main, func(x *xmlPart, e xml.StartElement) error {
		switch {
		case x.within("workbook") && e.Name.Local == "workbookPr":
			if isTrue(attr(e, "date1904")) {
				w.base = 1904
			}
		case x.within("workbook", "sheets") && e.Name.Local == "sheet":
			name := attr(e, "name")
			switch {
			case len(names) == maxSheets:
				return x.gauge.tooMany("工作表", maxSheets)
			case len(name) > MaxName:
				return x.gauge.tooLong("工作表名称", MaxName)
			case names[strings.ToLower(name)]:
				return partError("two sheets %q", Brief(name))
			}
			names[strings.ToLower(name)] = true
			return w.addSheet(e, name, related)
		}
		return nil
	})
}

// addSheet takes in a sheet, unless it has no cells: a chart, a dialogue, macros.
func (w *Workbook) addSheet(e xml.StartElement, name string, related []relation) error {
	for _, r := range related {
		if r.id != relationID(e) {
			continue
		}
		part := w.part(r.target)
		switch {
		case r.kind != "worksheet":
			return nil
		case part == nil:
			return partError("no part of sheet %q", Brief(name))
		}
		state := attr(e, "state")
		w.Sheets = append(w.Sheets, SheetPart{Name: name, Hidden: state != "" && state != "visible", Part: part})
		return nil
	}
	return partError("no relation of sheet %q", Brief(name))
}
