package sheet

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// maxMerges is how many merged ranges of a sheet are kept, for messages.
const maxMerges = 100_000

// merge is a range of merged cells, rows counted from 1, columns from 0. Only its first cell holds anything.
type merge struct {
	row, lastRow       int32
	column, lastColumn int16
}

// merges are the merged ranges of a sheet.
type merges []merge

// cover returns the merge that a cell is part of, unless it is its first.
func (m merges) cover(row, column int) (merge, bool) {
	for _, x := range m {
		in := int(x.row) <= row && row <= int(x.lastRow) && int(x.column) <= column && column <= int(x.lastColumn)
		if in && (int(x.row) != row || int(x.column) != column) {
			return x, true
		}
	}
	return merge{}, false
}

// blank says why a cell of a merge at a row is blank.
func (m merge) blank(row int) string {
	if int(m.row) == row {
		return "是与" + m.first() + "合并的单元格，只有首格有内容"
	}
	return fmt.Sprintf("是与第%d行合并的单元格，只有首行有内容", m.row)
}

// first is the name of the first cell of a merge.
func (m merge) first() string { return fmt.Sprintf("%s%d", columnName(int(m.column)), m.row) }

const unmergeStep = "取消合并并逐行填写"

// table is a sheet as a table.
func (w *workbook) table(s sheetPart) table {
	place := w.place
	place.Sheet = s.name
	return table{place: place, open: func() (rows, error) { return w.openSheet(s.part, place) },
		merges: sync.OnceValues(func() (merges, error) { return w.readMerges(s) })}
}

// readMerges reads the merged ranges of a sheet, which stand behind its rows.
func (w *workbook) readMerges(s sheetPart) (all merges, err error) {
	if any, err := w.mentions(s.part, "mergeCell"); err != nil || !any {
		return nil, err
	}
	err = w.eachElement(s.part, func(x *xmlPart, e xml.StartElement) error {
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
func mergeOf(ref string) (m merge, ok bool) {
	from, to, ok := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	column, row, fromOK := cellOf(from)
	otherColumn, otherRow, toOK := cellOf(to)
	m.row, m.lastRow = int32(min(row, otherRow)), int32(max(row, otherRow))
	m.column, m.lastColumn = int16(min(column, otherColumn)), int16(max(column, otherColumn))
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
