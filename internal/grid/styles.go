package grid

import (
	"archive/zip"
	"encoding/xml"
	"strconv"
)

// maxStyles is how many styles of cells, or formats of numbers, a workbook may have; spreadsheets allow as many.
const maxStyles = 1 << 16

// maxCodes bounds the number formats of a workbook together.
const maxCodes = 256 << 10

// styles are the number formats of the cells of a workbook.
type styles struct {
	ofCell  []string // number of the format, by style
	codes   map[string]string
	formats map[string]*format // by number, as they are asked for
	size    int
	fonts   []bool // of each font, whether it strikes out
	struck  []bool // by style
}

// readStyles reads the number formats of the cell styles.
func (w *Workbook) readStyles(part *zip.File) error {
	s := &w.styles
	s.codes, s.formats = make(map[string]string), make(map[string]*format)
	return w.eachElement(part, func(x *xmlPart, e xml.StartElement) error {
		switch {
		case x.within("styleSheet", "fonts") && e.Name.Local == "font" && len(s.fonts) < maxStyles:
			s.fonts = append(s.fonts, false)
		case x.within("styleSheet", "fonts", "font") && e.Name.Local == "strike" && len(s.fonts) > 0:
			s.fonts[len(s.fonts)-1] = isOn(e)
		case x.within("styleSheet", "numFmts") && e.Name.Local == "numFmt":
			return s.addCode(x, attr(e, "numFmtId"), attr(e, "formatCode"))
		case x.within("styleSheet", "cellXfs") && e.Name.Local == "xf":
			id := attr(e, "numFmtId")
			if len(s.ofCell) == maxStyles {
				return x.gauge.tooMany("单元格样式", maxStyles)
			}
			if len(id) > 10 {
				return partError("number format %q", Brief(id))
			}
			if n := len(s.ofCell); n > 0 && s.ofCell[n-1] == id {
				id = s.ofCell[n-1] // one string for many
			}
			s.ofCell = append(s.ofCell, id)
			font, err := strconv.Atoi(attr(e, "fontId"))
			s.struck = append(s.struck, err == nil && font >= 0 && font < len(s.fonts) && s.fonts[font])
		}
		return nil
	})
}

func (s *styles) addCode(x *xmlPart, id, code string) error {
	if first, there := s.codes[id]; there && first != code {
		return partError("two number formats %q", Brief(id))
	}
	if s.size += len(id) + len(code); len(code) > MaxName || s.size > maxCodes || len(s.codes) == maxStyles {
		return x.gauge.tooLong("数字格式", maxCodes)
	}
	s.codes[id] = code
	return nil
}

// strikes reports whether a style strikes out what is in its cells.
func (s *styles) strikes(style string) bool {
	if style == "" {
		style = "0"
	}
	i, err := strconv.ParseUint(style, 10, 31)
	return err == nil && int(i) < len(s.struck) && s.struck[i]
}

// of returns the format of a cell by its style, that of the first one where it says none.
func (s *styles) of(style string) (*format, error) {
	if style == "" {
		style = "0"
	}
	i, err := strconv.ParseUint(style, 10, 31)
	switch {
	case len(s.ofCell) == 0:
		return general, nil
	case err != nil || int(i) >= len(s.ofCell):
		return nil, partError("no style %q", Brief(style))
	}
	id := s.ofCell[i]
	f := s.formats[id]
	if f == nil {
		f = formatOf(id, s.codes[id])
		s.formats[id] = f
	}
	return f, nil
}

// builtIn are the codes of the formats that have a number alone, those of the Chinese editions among them (ECMA-376,
// 18.8.30).
var builtIn = map[string]string{
	"1":  "0",
	"2":  "0.00",
	"3":  "#,##0",
	"4":  "#,##0.00",
	"5":  `"¥"#,##0;"¥"\-#,##0`,
	"6":  `"¥"#,##0;[Red]"¥"\-#,##0`,
	"7":  `"¥"#,##0.00;"¥"\-#,##0.00`,
	"8":  `"¥"#,##0.00;[Red]"¥"\-#,##0.00`,
	"9":  "0%",
	"10": "0.00%",
	"11": "0.00E+00",
	"12": "# ?/?",
	"13": "# ??/??",
	"14": "yyyy/m/d",
	"15": "d-mmm-yy",
	"16": "d-mmm",
	"17": "mmm-yy",
	"18": "h:mm AM/PM",
	"19": "h:mm:ss AM/PM",
	"20": "h:mm",
	"21": "h:mm:ss",
	"22": "yyyy/m/d h:mm",
	"27": `yyyy"年"m"月"`,
	"28": `m"月"d"日"`,
	"29": `m"月"d"日"`,
	"30": "m-d-yy",
	"31": `yyyy"年"m"月"d"日"`,
	"32": `h"时"mm"分"`,
	"33": `h"时"mm"分"ss"秒"`,
	"34": `h"时"mm"分"`,
	"35": `h"时"mm"分"ss"秒"`,
	"36": `yyyy"年"m"月"`,
	"37": `#,##0_);(#,##0)`,
	"38": `#,##0_);[Red](#,##0)`,
	"39": `#,##0.00_);(#,##0.00)`,
	"40": `#,##0.00_);[Red](#,##0.00)`,
	"41": `_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ `,
	"42": `_ "¥"* #,##0_ ;_ "¥"* \-#,##0_ ;_ "¥"* "-"_ ;_ @_ `,
	"43": `_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `,
	"44": `_ "¥"* #,##0.00_ ;_ "¥"* \-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ `,
	"45": "mm:ss",
	"46": "[h]:mm:ss",
	"47": "mm:ss.0",
	"48": "##0.0E+0",
	"49": "@",
	"50": `yyyy"年"m"月"`,
	"51": `m"月"d"日"`,
	"52": `yyyy"年"m"月"`,
	"53": `m"月"d"日"`,
	"54": `m"月"d"日"`,
	"55": `h"时"mm"分"`,
	"56": `h"时"mm"分"ss"秒"`,
	"57": `yyyy"年"m"月"`,
	"58": `m"月"d"日"`,
}
