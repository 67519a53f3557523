package console

import (
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// printRows is how many rows of a list are on one page for printing: some two hundred sheets.
const printRows = 5000

// printPage is how many of them are read at once.
const printPage = 200

// printing reports whether all rows are asked for, to be printed.
func (q *request) printing() bool { return q.field("print") == "1" }

// printLink is the page with all rows of what is shown, from the first on.
func (q *request) printLink() string {
	v := q.selection()
	v.Del("at")
	v.Set("print", "1")
	return q.URL.Path + "?" + v.Encode()
}

// paper is what a page for printing says of itself; the zero value is that of a page that is not for printing.
type paper struct {
	Rows    int
	LeftOut string // what is not there, and what to do; "": all is there
	Next    string // the page for printing that goes on; "": none does
}

// noted puts a page with all rows into the audit, as the export it is.
func (q *request) noted(list, query string, rows int) error {
	return q.Cases.NoteExport(q.Context(), q.who, intake.LookCases, casework.Export{List: list, Query: query, Kind: "print", Rows: rows})
}
