package grid

import (
	"encoding/xml"
	"strings"
)

// mainPart is the part that the relations of the file name as the workbook. Where they name none, it is the one that is
// declared to be one, or has the name that it usually has, if there is no doubt.
func (p *parts) mainPart() (string, error) {
	none := &Problem{Place: p.Place, Text: "不是 xlsx 工作簿", Next: "用 Excel 或 WPS 打开，另存为 .xlsx", Fatal: true}
	root, err := p.relations("")
	if err != nil {
		return "", err
	}
	main, err := p.only(root, "officeDocument")
	switch {
	case err != nil:
		return "", err
	case main == "":
		if main, err = p.declaredMain(); err != nil {
			return "", err
		}
	case p.part(main) == nil:
		none.Text = "工作簿指定的部件“" + Brief(main) + "”不存在"
		return "", none
	}
	if p.part(main) == nil {
		return "", none
	}
	if name, err := p.rootElement(main); err != nil || name != "workbook" {
		return "", none
	}
	return main, nil
}

// declaredMain is the workbook of a file without the relations that name it.
func (p *parts) declaredMain() (string, error) {
	const usual = "xl/workbook.xml"
	found := []relation{}
	if p.byName[usual] != nil {
		found = append(found, relation{kind: "workbook", target: usual})
	}
	types := p.byName["[content_types].xml"]
	if types == nil {
		return usual, nil
	}
	err := p.eachElement(types, func(x *xmlPart, e xml.StartElement) error {
		name := partName("", attr(e, "PartName"))
		if kind := attr(e, "ContentType"); isMainType(kind) && len(found) < 3 && p.byName[name] != nil {
			found = append(found, relation{kind: "workbook", target: name})
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return p.only(found, "workbook")
}

// isMainType reports whether a content type is that of a workbook: .xlsx, .xlsm, .xltx or .xltm.
func isMainType(kind string) bool {
	return strings.HasSuffix(kind, ".main+xml") &&
		(strings.Contains(kind, "spreadsheetml.") || strings.Contains(kind, "ms-excel."))
}

// rootElement is the name of the first element of a part.
func (p *parts) rootElement(name string) (string, error) {
	x, err := p.openXML(p.part(name))
	if err != nil {
		return "", err
	}
	defer x.Close()
	for {
		t, err := x.next()
		if e, ok := t.(xml.StartElement); ok || err != nil {
			return e.Name.Local, err
		}
	}
}
