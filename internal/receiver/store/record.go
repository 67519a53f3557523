package store

import (
	"errors"
	"math"
	"strings"

	"diaoxiao/internal/receiver/intake"
)

// record is a table that a copy moves from one database to another: what was received and decided, not what is derived
// from it.
type record struct {
	table            // unique is its primary key, whose columns are all numbers
	page      int    // rows that are moved at once
	numbered  string // the column whose numbers the database gives out by itself
	preloaded bool   // an empty database has rows of it already
}

// records are all of them, in an order in which rows come after those they refer to.
var records = []record{
	numbered("app", "app_id", "app_key", "name", "contact", "phone", "dialect", "disabled", "created_ms"),
	numbered("app_secret", "secret_id", "app_id", "hash", "created_ms", "expires_ms"),
	numbered("account", "account_id", "app_id", "name", "disabled", "created_ms"),
	keyed("cases", 1, manyRows, caseTable.columns...),
	keyed("pack", 1, largeRows, "pack_no", "raw_bytes", "data"),
	keyed("body_part", 2, largeRows, "case_no", "part_no", "data"),
	keyed("case_return", 1, manyRows, "case_no", "returned_ms", "returned_by", "reason", "row_nos"),
	numbered("attempt", append([]string{"attempt_no"}, attemptTable.columns...)...),
	numbered("audit", "audit_no", "at_ms", "actor", "action", "target", "detail", "chain"),
	keyed("gap", 1, manyRows, "from_no", "to_no", "at_ms", "why"),
	numbered("operator", "operator_id", "name", "person", "phone", "role", "password", "totp", "totp_step", "password_ms", "failures",
		"locked_ms", "disabled", "created_ms", "identity", "waits", "asked_ms", "asked_by", "to_role", "to_identity", "renewed", "renewed_ms",
		"renewed_by", "set_up_from", "founder", "founded_ms"),
	keyed("identity_salt", 1, manyRows, "id", "salt"),
	keyed("preference", 2, manyRows, "operator_id", "kind", "value"),
	keyed("policy", 1, manyRows, "kind", "value"),
	keyed("name_sum", 2, manyRows, "operator_id", "case_no", "began_ms", "views"),
	numbered("case_event", "event_no", "case_no", "at_ms", "actor", "kind", "detail"),
	keyed("case_work", 1, manyRows, "case_no", "checked_ms", "published", "asked_ms", "asked_by", "reason", "severe", "doubts",
		"seen_no", "seen_severe", "seen_doubts", "publish_ms", "publish_by", "publish_day", "publish_reason", "row_nos"),
	numbered("call", append([]string{"call_no"}, callTable.columns...)...),
	{table: table{"epoch", []string{"id", "value"}, []string{"id"}, replace}, page: manyRows, preloaded: true},
	{table: table{"origin", []string{"id", "unchained", "unordered"}, []string{"id"}, replace}, page: manyRows, preloaded: true},
}

// keyed is a table whose first columns are its key.
func keyed(name string, key, page int, columns ...string) record {
	return record{table: table{name, columns, columns[:key], refuse}, page: page}
}

// numbered is one whose first column the database numbers.
func numbered(name string, columns ...string) record {
	r := keyed(name, 1, manyRows, columns...)
	r.numbered = columns[0]
	return r
}

// notRecords are the other tables: sessions and links, which end with a copy, what is derived, and what belongs to one
// database alone.
var notRecords = []string{"session", "visit", "reveal", "invitation", "device", "guess", "name_view", "entity", "entity_key", "finding", "verification", "docket",
	"counterpart", "counterpart_case", "copying", "compatible", "turn", "run", "goose_db_version"}

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
func (r record) read(t *handle, after []any) ([][]any, error) {
	key := strings.Join(r.unique, ", ")
	n := len(r.unique)
	return list(t, r.scan, "SELECT "+strings.Join(r.columns, ", ")+" FROM "+r.name+" WHERE ("+key+") > ("+parameters(1, n)+
		") ORDER BY "+key+" LIMIT "+parameters(n+1, 1), append(after, r.page)...)
}

// scan reads a row as int64, string and []byte, whatever the engine. No column may be null: what SQLite gives as such
// is an empty blob.
func (r record) scan(scan func(...any) error) ([]any, error) {
	row := make([]any, len(r.columns))
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
func (r record) keyOf(row []any) []any { return append([]any(nil), row[:len(r.unique)]...) }

// last is the highest key there is.
func (r record) last(t *handle) ([]any, error) {
	key := make([]any, len(r.unique))
	dest := make([]any, len(key))
	for i := range key {
		dest[i] = &key[i]
	}
	err := notFound(t.row(dest, "SELECT "+strings.Join(r.unique, ", ")+" FROM "+r.name+
		" ORDER BY "+strings.Join(r.unique, " DESC, ")+" DESC LIMIT 1"))
	if errors.Is(err, intake.ErrNotFound) {
		return r.beginning(), nil
	}
	return key, err
}

// count is the number of rows.
func (r record) count(t *handle) (n int64, err error) {
	err = t.row([]any{&n}, "SELECT COUNT(*) FROM "+r.name)
	return n, err
}
