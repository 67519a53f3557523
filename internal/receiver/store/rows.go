package store

// conn is one database connection in a transaction, whatever the engine. One goroutine uses it at a time.
type conn interface {
	// exec runs a statement and returns how many rows it changed.
	exec(query string, args ...any) (int64, error)
	query(query string, args ...any) (rows, error)
	// row runs a query of one row and scans it; sql.ErrNoRows where there is none.
	row(dest []any, query string, args ...any) error
	// put inserts n rows, or some time before the commit; values appends those of row i. What becomes of rows that are
	// there already, the table says.
	put(into table, n int, values func(i int, to []any) []any) error
	// flush does what put has put off.
	flush() error
	// broken reports whether the transaction can only be rolled back.
	broken() bool
}

// rows is what a query found.
type rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
}

// table says how many rows are put at once.
type table struct {
	name    string
	columns []string
	unique  []string // what makes two rows the same
	taken   taken
}

// taken says what becomes of a row that is put where one is.
type taken int

const (
	refuse  taken = iota // an error of the database
	tell                 // errTaken, and nothing is put
	replace              // the new one replaces it
	ignore               // it stays
)
