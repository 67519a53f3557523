package store

import (
	"fmt"
	"strings"
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

// String is the WHERE clause, empty where there is no condition.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}
