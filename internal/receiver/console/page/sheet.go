package page

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headRow is the row of a sheet with the heads of the columns. The title and the origin of the list are above it.
const headRow = 3

// usualWidth is the width of a column, in characters, whose head names none.
const usualWidth = 14

// sheet is the one sheet of a workbook while its rows are written. Rows are not kept in memory.
type sheet struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	list   List
	name   string
	row    int // the last one that was written
	styles styles
}

// newSheet begins the sheet of a list: how it is printed, what stays in view, the title and the heads.
func newSheet(f *excelize.File, l List) (*sheet, error) {
	s := &sheet{file: f, list: l, name: sheetName(l.Title)}
	return s, errors.Join(f.SetSheetName("Sheet1", s.name), s.styles.make(f), s.setUp(), s.open(), s.top())
}

// setUp has the sheet printed on A4 across, as wide as the sheet, with the heads on each page.
func (s *sheet) setUp() error {
	one, any, yes := 1, 0, true
	across, a4, margin := "landscape", 9, 0.4
	head := strconv.Itoa(headRow)
	return errors.Join(
		s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{
			Size: &a4, Orientation: &across, FitToWidth: &one, FitToHeight: &any}),
		s.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}),
		s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin}),
		s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C第&P页，共&N页"}),
		s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name,
			RefersTo: "'" + s.name + "'!$1:$" + head}),
	)
}

// open begins the rows. The widths of the columns and the rows that stay in view come first in the file.
func (s *sheet) open() (err error) {
	if s.stream, err = s.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	for i, h := range s.list.Heads {
		if err := s.stream.SetColWidth(i+1, i+1, cmp.Or(h.Width, usualWidth)); err != nil {
			return err
		}
	}
	below := "A" + strconv.Itoa(headRow+1)
	return s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: below,
		ActivePane: "bottomLeft",
		Selection:  []excelize.Selection{{SQRef: below, ActiveCell: below, Pane: "bottomLeft"}}})
}

// top writes the title, the origin and the heads.
func (s *sheet) top() error {
	heads := make([]any, len(s.list.Heads))
	for i, h := range s.list.Heads {
		heads[i] = excelize.Cell{StyleID: s.styles.head, Value: h.Title}
	}
	return errors.Join(
		s.put([]any{excelize.Cell{StyleID: s.styles.title, Value: cellText(s.list.heading())}}),
		s.put([]any{excelize.Cell{StyleID: s.styles.origin, Value: cellText(s.list.origin)}}),
		s.put(heads),
	)
}

func (s *sheet) put(cells []any) error {
	s.row++
	return s.stream.SetRow("A"+strconv.Itoa(s.row), cells)
}

// finish puts the filter over all rows and ends the sheet.
func (s *sheet) finish() error {
	last, err := excelize.CoordinatesToCellName(len(s.list.Heads), s.row)
	if err != nil {
		return err
	}
	first := "A" + strconv.Itoa(headRow)
	return errors.Join(s.file.AutoFilter(s.name, first+":"+last, nil), s.stream.Flush())
}

// sheetName is a title as the name of a sheet.
func sheetName(title string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, title))
	return string(name[:min(len(name), excelize.MaxSheetNameLength)])
}

// styles are the looks of the cells of a sheet.
type styles struct{ title, origin, head, text, wrapped, number int }

func (s *styles) make(f *excelize.File) error {
	line := []excelize.Border{{Type: "left", Color: "BFBFBF", Style: 1}, {Type: "right", Color: "BFBFBF", Style: 1},
		{Type: "top", Color: "BFBFBF", Style: 1}, {Type: "bottom", Color: "BFBFBF", Style: 1}}
	const text = 49 // the format of a cell that is text whatever is in it
	var errs [6]error
	s.title, errs[0] = f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true, Size: 14}})
	s.origin, errs[1] = f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Size: 9, Color: "595959"}})
	s.head, errs[2] = f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true}, Border: line,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	s.text, errs[3] = f.NewStyle(&excelize.Style{NumFmt: text, Border: line,
		Alignment: &excelize.Alignment{Vertical: "top"}})
	s.wrapped, errs[4] = f.NewStyle(&excelize.Style{NumFmt: text, Border: line,
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	s.number, errs[5] = f.NewStyle(&excelize.Style{Border: line, Alignment: &excelize.Alignment{Vertical: "top"}})
	return errors.Join(errs[:]...)
}

// of is the look of the text under a head: what is longer than its column goes on below.
func (s styles) of(h Head) int {
	if h.Wrap {
		return s.wrapped
	}
	return s.text
}
