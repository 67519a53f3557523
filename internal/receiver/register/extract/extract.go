// Package extract reads extracts of the market-entity register, CSV files and workbooks, as rows of firms.
//
// The decision you could not guess: a row that says less than was written, or that may be another row's, refuses the
// extract as a whole, because a firm that is missing becomes 查无此户 for somebody. All else is taken in as it is and
// counted.
package extract

import (
	"io"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
)

// File is one file of an extract.
type File struct {
	Name string // its path, or the name that a browser gave; the ending says what kind of file it is
	In   io.ReaderAt
	Size int64
}

// Mark (变更标记) is what a row of an extract of changes is for.
type Mark byte

// The marks. A row of a full extract has none.
const (
	Insert Mark = 'I'
	Update Mark = 'U'
	Delete Mark = 'D'
)

// Title is the mark as people read it.
func (m Mark) Title() string {
	switch m {
	case Insert:
		return "新增"
	case Update:
		return "变更"
	case Delete:
		return "删除"
	}
	return ""
}

// Row is one row as it was read. It is valid until the next, but its Firm is for good.
type Row struct {
	register.Firm // without RowNo
	Mark          Mark
	Place         grid.Place
}

// Progress is how far an extract was read.
type Progress struct {
	File  string // the file in hand
	No    int    // its number, from 1 on
	Files int
	Rows  int  // of all files up to here; 0: the file is looked through before its rows are read
	Read  bool // all rows were read; they are being made durable
}

// Column is one column of a table and what it was taken for.
type Column struct {
	Letter  string `json:"column"`
	Heading string `json:"heading"`
	Taken   string `json:"taken"` // 名称, 登记状态 …; "": it is not used
}

// Table is a CSV file or a sheet of a workbook, and how it was read.
type Table struct {
	File    string          `json:"file"`
	Sheet   string          `json:"sheet,omitempty"`
	Kind    string          `json:"kind"`    // CSV（UTF-8）, XLSX …
	HeadRow int             `json:"headRow"` // row of the headings
	Columns []Column        `json:"columns"`
	Absent  []string        `json:"absent"` // what no column was taken for
	Rows    int             `json:"rows"`
	First   []register.Firm `json:"-"` // the first rows as read, at most five
}

// Preview is what a dry run finds.
type Preview struct {
	Tables   []Table
	Rows     int
	Changes  bool // an extract of changes
	Report   register.Report
	Problems []grid.Problem // for which the extract would be refused, at most MaxProblems
	More     int            // further ones
	Remarks  []grid.Problem // what does not keep it from being taken in
}
