package page

import (
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// PrintRows is how many rows of a list are on one page for printing: some two hundred sheets.
const PrintRows = 5000

// PrintPage is how many of them are read at once.
const PrintPage = 200

// Printing reports whether all rows are asked for, to be printed.
func (q *Request) Printing() bool { return q.Field("print") == "1" }

// PrintLink is the page with all rows of what is shown, from the first on.
func (q *Request) PrintLink() string {
	v := q.Selection()
	v.Del("at")
	v.Set("print", "1")
	return q.URL.Path + "?" + v.Encode()
}

// Paper is what a page for printing says of itself; the zero value is that of a page that is not for printing.
type Paper struct {
	Rows    int
	LeftOut string // what is not there, and what to do; "": all is there
	Next    string // the page for printing that goes on; "": none does
}

// Noted puts a page with all rows into the audit, as the export it is.
func (q *Request) Noted(list, query string, rows int) error {
	return q.Cases.NoteExport(q.Context(), q.Who, intake.LookCases,
		casework.Export{List: list, Query: query, Kind: "print", Rows: rows})
}
