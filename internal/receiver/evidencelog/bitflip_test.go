package evidencelog_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/verify"
)

// cell is one value of the database.
type cell struct {
	table, key, column string
	value              any
}

// covered are the tables that promise something, with the columns that do not: counters, and the place of a body in a
// pack, which means nothing where it has parts of its own.
var covered = map[string]string{"cases": "pack_offset", "attempt": "", "audit": "", "case_event": "", "case_return": "",
	"proposal": "", "pack": "", "body_part": "", "evidence_checkpoint": "", "evidence_tile": "", "row_digest": "",
	"app": "", "app_secret": "", "account": "", "policy": "", "session": "ended_ms",
	"evidence_log": "begun_ms", "operator": "totp_step failures locked_ms signed_ms"}

// cells are all values that a table promises.
func cells(t *testing.T, db *sql.DB, table string) (all []cell) {
	t.Helper()
	key := "rowid"
	switch table {
	case "evidence_checkpoint":
		key = "size"
	case "session":
		key = "hex(token_hash)"
	}
	where := map[string]string{"row_digest": " WHERE tbl <> 'session'"}[table] // those of sessions end with them
	rows, err := db.Query("SELECT " + key + ", * FROM " + table + where)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	for rows.Next() {
		values := make([]any, len(names))
		to := make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		for i, name := range names[1:] {
			text := fmt.Sprint(values[i+1])
			if text != "" && text != "[]" && !slices.Contains(strings.Fields(covered[table]), name) {
				all = append(all, cell{table, fmt.Sprintf("%s = '%v'", key, values[0]), name, values[i+1]})
			}
		}
	}
	return all
}

// flipped is a value with one bit changed.
func flipped(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case int64:
		return v ^ 1<<r.IntN(40)
	case string:
		b := []byte(v)
		b[r.IntN(len(b))] ^= 1 << r.IntN(7)
		return string(b)
	}
	b := append([]byte{}, v.([]byte)...)
	b[r.IntN(len(b))] ^= 1 << r.IntN(8)
	return b
}

// same says that two values of a cell mean the same: compressed bytes that give the same body.
func (c cell) same(v any) bool {
	if c.table != "pack" && c.table != "body_part" || c.column != "data" {
		return false
	}
	d, _ := zstd.NewReader(nil)
	defer d.Close()
	was, err1 := d.DecodeAll(c.value.([]byte), nil)
	is, err2 := d.DecodeAll(v.([]byte), nil)
	return err1 == nil && err2 == nil && string(was) == string(is)
}

// TestBitFlips: a bit that changes in any row, body, tile or checkpoint is noticed, and what it is in is named. Seeds
// are fixed. Receipts are flipped in TestAlteredReceipts.
func TestBitFlips(t *testing.T) {
	o := openOffice(t, t.TempDir())
	o.send("大", receivertest.Entities(1000, 700)...)
	for i := range 4 {
		o.send(fmt.Sprint(i, "号"), receivertest.Entities(10*i, i+1)...)
	}
	o.sign()
	o.giveBack(o.acceptID(2))
	o.sign()
	kept, err := o.log.Checkpoint(o.Context(), intake.Actor("cli:x"))
	o.must(err)
	known, _, err := o.policy().Open(kept)
	o.must(err)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(o.place, "diaoxiao.db")+"?_pragma=foreign_keys(0)")
	o.must(err)
	defer db.Close()
	if faults := o.examine(known); len(faults) > 0 {
		t.Fatalf("nothing was changed: %q", faults)
	}
	var tables []string
	of := make(map[string][]cell)
	for _, table := range slices.Sorted(maps.Keys(covered)) { // the same order in each run: so are the flips
		if of[table] = cells(t, db, table); len(of[table]) > 0 {
			tables = append(tables, table)
		}
	}
	flips := 1000
	if testing.Short() {
		flips = 60
	}
	r, seen := rand.New(rand.NewPCG(14, 0)), make(map[string]int)
	for n := 0; n < flips; {
		table := tables[r.IntN(len(tables))]
		c := of[table][r.IntN(len(of[table]))]
		v := flipped(r, c.value)
		if c.same(v) {
			continue
		}
		back := c.put(t, db, v)
		if back == nil {
			continue // a constraint refuses it
		}
		n++
		faults := o.examine(known)
		if seen[table]++; len(faults) == 0 {
			t.Errorf("flip %d: %s %s %s: %v to %v is not noticed", n, table, c.key, c.column, c.value, v)
		}
		back()
	}
	t.Logf("%d flips: %v", flips, seen)
}

// put changes a cell and returns what puts it back; nil: the database refuses it.
func (c cell) put(t *testing.T, db *sql.DB, v any) func() {
	t.Helper()
	as := "?"
	if _, text := c.value.(string); text {
		as = "CAST(? AS TEXT)"
		if s, ok := v.(string); ok {
			v = []byte(s)
		}
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("UPDATE "+c.table+" SET "+c.column+" = "+as+" WHERE "+c.key, v); err != nil {
		tx.Rollback()
		return nil
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if c.set(t, db, c.key, c.value) == 0 && c.set(t, db, c.column+" = ?", c.value, v) != 1 { // the key was changed
			t.Fatalf("%s %s %s is not put back", c.table, c.key, c.column)
		}
	}
}

// set gives the cell a value in the rows of a condition, and returns how many there are.
func (c cell) set(t *testing.T, db *sql.DB, where string, args ...any) int64 {
	t.Helper()
	res, err := db.Exec("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+where, args...)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := res.RowsAffected()
	return n
}

// examine does what db check does with a checkpoint and the policy.
func (o *office) examine(known ...evidence.Checkpoint) (faults []string) {
	o.Helper()
	p := o.policy()
	_, err := o.log.Check(o.Context(), intake.Actor("cli:x"), &p, known, func(f evidencelog.Fault) {
		faults = append(faults, fmt.Sprintf("%+v", f))
	}, nil)
	if err == nil && len(faults) == 0 {
		_, err = verify.NewExaminer(o.desk).Inspect(o.Context(), intake.Actor("cli:x"), func(f verify.Fault) {
			faults = append(faults, f.What)
		}, nil)
	}
	if err != nil { // a value that no column can have: the error names the column
		faults = append(faults, err.Error())
	}
	return faults
}
