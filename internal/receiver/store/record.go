package store

import (
	"errors"
	"math"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// record is a table that a copy moves from one database to another: what was received and decided, not what is derived
// from it. All columns of its key are numbers.
type record struct{ schema.Table }

// records are all of them, in an order in which rows come after those they refer to.
func records() (all []record) {
	for _, t := range schema.Of(schema.Record) {
		all = append(all, record{t})
	}
	return all
}

// into is where rows are put: a row that a new database has already is replaced.
func (r record) into() engine.Into {
	on := engine.Refuse
	if r.Seeded {
		on = engine.Replace
	}
	return engine.Into{Table: r.Name, Columns: r.Columns, Unique: r.PrimaryKey(), OnConflict: on}
}

// page is how many rows are moved at once.
func (r record) page() int {
	if r.Large {
		return largeRows
	}
	return manyRows
}

const (
	manyRows  = 2000
	largeRows = 16 // each up to half a MiB
)

// beginning is before every key.
func (r record) beginning() []any {
	key := make([]any, r.Key)
	for i := range key {
		key[i] = int64(math.MinInt64)
	}
	return key
}

// read returns the rows after a key in order, a page at most.
func (r record) read(t *handle, after []any) ([][]any, error) {
	key := strings.Join(r.PrimaryKey(), ", ")
	n := r.Key
	return engine.List(t, r.scan, "SELECT "+strings.Join(r.Columns,
		", ")+" FROM "+r.Name+" WHERE ("+key+") > ("+parameters(1, n)+
		") ORDER BY "+key+" LIMIT "+parameters(n+1, 1), append(after, r.page())...)
}

// scan reads a row as int64, string and []byte, whatever the engine. No column may be null: what SQLite gives as such
// is an empty blob.
func (r record) scan(scan func(...any) error) ([]any, error) {
	row := make([]any, len(r.Columns))
	dest := make([]any, len(row))
	for i := range row {
		dest[i] = &row[i]
	}
	err := scan(dest...)
	for i, v := range row {
		if b, blob := v.([]byte); v == nil || blob && b == nil {
			row[i] = []byte{}
		}
	}
	return row, err
}

// keyOf is the key of a row; it comes first among the columns.
func (r record) keyOf(row []any) []any { return append([]any(nil), row[:r.Key]...) }

// last is the highest key there is.
func (r record) last(t *handle) ([]any, error) {
	key := make([]any, r.Key)
	dest := make([]any, len(key))
	for i := range key {
		dest[i] = &key[i]
	}
	err := notFound(t.Row(dest, "SELECT "+strings.Join(r.PrimaryKey(), ", ")+" FROM "+r.Name+
		" ORDER BY "+strings.Join(r.PrimaryKey(), " DESC, ")+" DESC LIMIT 1"))
	if errors.Is(err, intake.ErrNotFound) {
		return r.beginning(), nil
	}
	return key, err
}

// count is the number of rows.
func (r record) count(t *handle) (int64, error) {
	return engine.Value[int64](t, "SELECT COUNT(*) FROM "+r.Name)
}
