package store

import (
	"strings"
	"time"
)

// where is the WHERE clause of a query with the conditions that were asked for and no others: with an OR for each that
// may be left out the database would not seek. Empty: there are none.
type where struct{ statement }

// and adds a condition; each ? in it stands for the next of its values.
func (w *where) and(condition string, values ...any) {
	if w.Len() == 0 {
		w.add(" WHERE ")
	} else {
		w.add(" AND ")
	}
	w.add(condition, values...)
}

// text adds a condition where a text was given.
func (w *where) text(condition, value string) {
	if value != "" {
		w.and(condition, value)
	}
}

// oneOf adds that a column has one of the values, where there are any.
func oneOf[T any](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	w.and(column+" IN (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
}

// times adds the bounds of a time that were given; to is not included.
func (w *where) times(column string, from, to time.Time) {
	if !from.IsZero() {
		w.and(column+" >= ?", ms(from))
	}
	if !to.IsZero() {
		w.and(column+" < ?", ms(to))
	}
}
