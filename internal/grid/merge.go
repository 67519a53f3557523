package grid

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// maxMerges is how many merged ranges of a sheet are kept, for messages.
const maxMerges = 100_000

// Merge is a range of merged cells, rows counted from 1, columns from 0. Only its first cell holds anything.
type Merge struct {
	Row, LastRow       int32
	Column, LastColumn int16
}

// Merges are the merged ranges of a sheet.
type Merges []Merge

// Cover returns the merge that a cell is part of, unless it is its first.
func (m Merges) Cover(row, column int) (Merge, bool) {
	for _, x := range m {
		in := int(x.Row) <= row && row <= int(x.LastRow) && int(x.Column) <= column && column <= int(x.LastColumn)
		if in && (int(x.Row) != row || int(x.Column) != column) {
			return x, true
		}
	}
	return Merge{}, false
}

// Blank says why a cell of a merge at a row is blank.
func (m Merge) Blank(row int) string {
	if int(m.Row) == row {
		return "是与" + m.First() + "合并的单元格，只有首格有内容"
	}
	return fmt.Sprintf("是与第%d行合并的单元格，只有首行有内容", m.Row)
}

// First is the name of the first cell of a merge.
func (m Merge) First() string { return fmt.Sprintf("%s%d", ColumnName(int(m.Column)), m.Row) }

// UnmergeStep is what to do about merged cells.
const UnmergeStep = "取消合并并逐行填写"

// Table is a sheet as a table.
func (w *Workbook) Table(s SheetPart) Table {
	place := w.Place
	place.Sheet = s.Name
	return Table{Place: place, Open: func() (Rows, error) { return w.OpenSheet(s.Part, place) },
		Merges: sync.OnceValues(func() (Merges, error) { return w.readMerges(s) })}
}

// readMerges reads the merged ranges of a sheet, which stand behind its rows.
func (w *Workbook) readMerges(s SheetPart) (all Merges, err error) {
	if any, err := w.mentions(s.Part, "mergeCell"); err != nil || !any {
		return nil, err
	}
	err = w.eachElement(s.Part, func(x *xmlPart, e xml.StartElement) error {
		if x.within("worksheet", "mergeCells") && e.Name.Local == "mergeCell" && len(all) < maxMerges {
			if m, ok := mergeOf(attr(e, "ref")); ok {
				all = append(all, m)
			}
		}
		return nil
	})
	return all, err
}

// mergeOf reads a range such as A5:A9, also with $, and with its corners in any order.
func mergeOf(ref string) (m Merge, ok bool) {
	from, to, ok := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	column, row, fromOK := cellOf(from)
	otherColumn, otherRow, toOK := cellOf(to)
	m.Row, m.LastRow = int32(min(row, otherRow)), int32(max(row, otherRow))
	m.Column, m.LastColumn = int16(min(column, otherColumn)), int16(max(column, otherColumn))
	return m, ok && fromOK && toOK
}

// cellOf reads a reference such as AB12: its column counted from 0, its row from 1.
func cellOf(ref string) (column, row int, ok bool) {
	i, n := 0, 0
	for ; i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return n - 1, row, err == nil && n > 0 && n <= lastColumn && row > 0 && row <= lastRow
}
