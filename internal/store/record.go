package store

import (
	"errors"
	"math"
	"strings"

	"diaoxiao/internal/intake"
)

// record is a table that a copy moves from one database to another: what was received and decided, not what is derived from it.
type record struct {
	table            // unique is its primary key, whose columns are all numbers
	page      int    // rows that are moved at once
	numbered  string // the column whose numbers the database gives out by itself
	preloaded bool   // an empty database has rows of it already
}

// records are all of them, in an order in which rows come after those they refer to.
var records = []record{
	{table{"app", []string{"app_id", "app_key", "name", "contact", "phone", "dialect", "disabled", "created_ms"}, []string{"app_id"}, refuse}, manyRows, "app_id", false},
	{table{"app_secret", []string{"secret_id", "app_id", "hash", "created_ms", "expires_ms"}, []string{"secret_id"}, refuse}, manyRows, "secret_id", false},
	{table{"account", []string{"account_id", "app_id", "name", "disabled", "created_ms"}, []string{"account_id"}, refuse}, manyRows, "account_id", false},
	{table{"cases", caseTable.columns, []string{"case_no"}, refuse}, manyRows, "", false},
	{table{"pack", []string{"pack_no", "raw_bytes", "data"}, []string{"pack_no"}, refuse}, largeRows, "", false},
	{table{"body_part", []string{"case_no", "part_no", "data"}, []string{"case_no", "part_no"}, refuse}, largeRows, "", false},
	{table{"case_return", []string{"case_no", "returned_ms", "returned_by", "reason"}, []string{"case_no"}, refuse}, manyRows, "", false},
	{table{"attempt", append([]string{"attempt_no"}, attemptTable.columns...), []string{"attempt_no"}, refuse}, manyRows, "attempt_no", false},
	{table{"audit", []string{"audit_no", "at_ms", "actor", "action", "target", "detail"}, []string{"audit_no"}, refuse}, manyRows, "audit_no", false},
	{table{"gap", []string{"from_no", "to_no", "at_ms", "why"}, []string{"from_no"}, refuse}, manyRows, "", false},
	{table{"epoch", []string{"id", "value"}, []string{"id"}, replace}, manyRows, "", true},
}

// notRecords are the other tables: sessions, which end with a copy, what is derived, and what belongs to one database alone.
var notRecords = []string{"session", "entity", "entity_key", "finding", "verification", "copying", "compatible", "turn", "goose_db_version"}

const (
	manyRows  = 2000
	largeRows = 16 // each up to half a MiB
)

// beginning is before every key.
func (r record) beginning() []any {
	key := make([]any, len(r.unique))
	for i := range key {
		key[i] = int64(math.MinInt64)
	}
	return key
}

// read returns the rows after a key in order, a page at most.
func (r record) read(t *tx, after []any) ([][]any, error) {
	key := strings.Join(r.unique, ", ")
	return list(t, r.scan, "SELECT "+strings.Join(r.columns, ", ")+" FROM "+r.name+" WHERE ("+key+") > ("+parameters(1, len(r.unique))+") ORDER BY "+key+
		" LIMIT "+parameters(len(r.unique)+1, 1), append(after, r.page)...)
}

// scan reads a row as int64, string and []byte, whatever the engine.
func (r record) scan(scan func(...any) error) ([]any, error) {
	row := make([]any, len(r.columns))
	dest := make([]any, len(row))
	for i := range row {
		dest[i] = &row[i]
	}
	return row, scan(dest...)
}

// keyOf is the key of a row; it comes first among the columns.
func (r record) keyOf(row []any) []any { return append([]any(nil), row[:len(r.unique)]...) }

// last is the highest key there is.
func (r record) last(t *tx) ([]any, error) {
	key := make([]any, len(r.unique))
	dest := make([]any, len(key))
	for i := range key {
		dest[i] = &key[i]
	}
	err := notFound(t.row(dest, "SELECT "+strings.Join(r.unique, ", ")+" FROM "+r.name+" ORDER BY "+strings.Join(r.unique, " DESC, ")+" DESC LIMIT 1"))
	if errors.Is(err, intake.ErrNotFound) {
		return r.beginning(), nil
	}
	return key, err
}

// count is the number of rows.
func (r record) count(t *tx) (n int64, err error) {
	err = t.row([]any{&n}, "SELECT COUNT(*) FROM "+r.name)
	return n, err
}
