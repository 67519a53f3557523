package store

import (
	"fmt"
	"strings"
	"time"
)

// where gathers the conditions that a query was asked for, so that the database sees no others: with an OR for each that may be
// left out it would not seek.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition; each ? in it stands for the next of its values.
func (w *where) and(condition string, values ...any) {
	for _, v := range values {
		w.args = append(w.args, v)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// text adds a condition where a text was given.
func (w *where) text(condition, value string) {
	if value != "" {
		w.and(condition, value)
	}
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

// String is the WHERE clause, empty where there is no condition.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}
