package store

import (
	"fmt"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// entityTx reads and writes entities and their keys.
type entityTx struct{ *handle }

// Where entities and their keys are put.
var (
	entityTable = into(schema.Named("entity"), engine.Replace)
	keyTable    = into(schema.Named("entity_key"), engine.Ignore)
)

func (t entityTx) PutEntities(rows []intake.EntityRow) error {
	return t.putting(entityTable, len(rows), func(i int, to []any) []any {
		r := &rows[i]
		return append(to, r.CaseNo, r.Pos, r.PripID, r.UniscID, r.Legal, r.EntType)
	})
}

func (t entityTx) Entities(caseNo int64, from, n int) ([]intake.EntityRow, error) {
	return engine.List(t, func(scan func(...any) error) (r intake.EntityRow, err error) {
		err = scan(&r.CaseNo, &r.Pos, &r.PripID, &r.UniscID, &r.Legal, &r.EntType)
		return r, err
	}, "SELECT case_no, pos, pripid, uniscid, legal, enttype FROM entity WHERE case_no = $1 AND pos >= $2 "+
		"ORDER BY pos LIMIT $3", caseNo, from, n)
}

func (t entityTx) DeleteEntities(caseNo int64, from int) error {
	_, err := t.change("DELETE FROM entity WHERE case_no = $1 AND pos >= $2", caseNo, from)
	return err
}

func (t entityTx) PutKeys(keys []intake.Key) error {
	return t.putting(keyTable, len(keys), func(i int, to []any) []any {
		k := &keys[i]
		return append(to, int64(k.Kind), k.Value, k.CaseNo, k.Pos)
	})
}

func (t entityTx) HasKey(k intake.Key) (bool, error) {
	return engine.Value[bool](t, "SELECT COUNT(*) > 0 FROM entity_key WHERE kind = $1 AND value = $2 AND case_no = $3 "+
		"AND pos = $4",
		int64(k.Kind), k.Value, k.CaseNo, k.Pos)
}

// holdingValues is how many values one look-up asks for; the rest of the last one is filled with null.
const holdingValues = 64

// holdingsQuery joins the values rather than listing them by IN: for the sake of GROUP BY, PostgreSQL would read all
// keys of the kind in order.
var holdingsQuery = "SELECT n.column1, MIN(k.case_no), MIN(k.pos), COUNT(*) FROM (VALUES (" +
	strings.ReplaceAll(parameters(1, holdingValues), ", ", "), (") + ")) n JOIN entity_key k ON k.kind = " +
	parameters(1+holdingValues, 1) + " AND k.value = n.column1 GROUP BY n.column1"

// parameters is a list of n parameters from number first on.
func parameters(first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "$%d, ", first+i)
	}
	return strings.TrimSuffix(b.String(), ", ")
}

// repeatedQuery answers with few rows, where holdingsQuery would with one for nearly each value.
var repeatedQuery = "SELECT n.column1 FROM (VALUES (" +
	strings.ReplaceAll(parameters(1, holdingValues), ", ", "), (") + ")) n WHERE (SELECT SUM(CASE WHEN " +
	"(k.case_no, k.pos) < (" + parameters(1+holdingValues, 2) + ") THEN 2 ELSE 1 END) FROM entity_key k " +
	"WHERE k.kind = " + parameters(3+holdingValues, 1) + " AND k.value = n.column1) > 1"

func (t entityTx) Repeated(kind intake.KeyKind, values []string, caseNo int64, pos int) (map[string]bool, error) {
	out := make(map[string]bool)
	args := make([]any, 3+holdingValues)
	args[holdingValues], args[holdingValues+1], args[holdingValues+2] = caseNo, pos, int64(kind)
	for part := range slices.Chunk(values, holdingValues) {
		clear(args[:holdingValues])
		for i, v := range part {
			args[i] = v
		}
		found, err := engine.Values[string](t, repeatedQuery, args...)
		if err != nil {
			return nil, err
		}
		for _, v := range found {
			out[v] = true
		}
	}
	return out, nil
}

// Holdings wants values that differ.
func (t entityTx) Holdings(kind intake.KeyKind, values []string) (map[string]intake.Holding, error) {
	out := make(map[string]intake.Holding, len(values))
	args := make([]any, 1+holdingValues)
	args[holdingValues] = int64(kind)
	for len(values) > 0 {
		n := min(holdingValues, len(values))
		clear(args[:holdingValues])
		for i, v := range values[:n] {
			args[i] = v
		}
		values = values[n:]
		rows, err := t.Query(holdingsQuery, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var v string
			var h intake.Holding
			if err := rows.Scan(&v, &h.CaseNo, &h.Pos, &h.Count); err != nil {
				rows.Close()
				return nil, err
			}
			out[v] = h
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t entityTx) Holders(kind intake.KeyKind, value string, from int64, n int) ([]intake.Key, error) {
	return engine.List(t, func(scan func(...any) error) (intake.Key, error) {
		k := intake.Key{Kind: kind, Value: value}
		err := scan(&k.CaseNo, &k.Pos)
		return k, err
	}, "SELECT case_no, pos FROM entity_key WHERE kind = $1 AND value = $2 AND case_no >= $3 ORDER BY case_no, pos "+
		"LIMIT $4",
		int64(kind), value, from, n)
}

// Keys seeks the value in the primary key and walks from there.
func (t entityTx) Keys(kind intake.KeyKind, low, high string, after intake.Key, back bool,
	n int) ([]intake.Key, error) {
	var w where
	w.and("kind = ?", int64(kind))
	direction := ""
	switch {
	case back:
		w.and("value >= ? AND value <= ? AND (value, case_no, pos) < (?, ?, ?)", low, after.Value, after.Value,
			after.CaseNo, after.Pos)
		direction = " DESC"
	case after != intake.Key{}:
		w.and("value >= ? AND value < ? AND (value, case_no, pos) > (?, ?, ?)", max(low, after.Value), high,
			after.Value, after.CaseNo, after.Pos)
	default:
		w.and("value >= ? AND value < ?", low, high)
	}
	w.add(" ORDER BY value"+direction+", case_no"+direction+", pos"+direction+" LIMIT ?", n)
	return engine.List(t, func(scan func(...any) error) (intake.Key, error) {
		k := intake.Key{Kind: kind}
		err := scan(&k.Value, &k.CaseNo, &k.Pos)
		return k, err
	}, "SELECT value, case_no, pos FROM entity_key"+w.String(), w.args...)
}

func (t entityTx) CountKeys(kind intake.KeyKind, low, high string, most int) (int, error) {
	return engine.Value[int](t, "SELECT COUNT(*) FROM (SELECT 1 FROM entity_key WHERE kind = $1 AND value >= $2 AND "+
		"value < $3 LIMIT $4) AS n", int64(kind), low, high, most)
}

func (t entityTx) ClearDerived() error {
	for _, derived := range schema.Of(schema.Derived) {
		if _, err := t.change("DELETE FROM " + derived.Name); err != nil {
			return err
		}
	}
	return nil
}

func (t entityTx) CountDerived() (entities, keys int64, err error) {
	if err = t.Row([]any{&entities}, "SELECT COUNT(*) FROM entity"); err != nil {
		return 0, 0, err
	}
	err = t.Row([]any{&keys}, "SELECT COUNT(*) FROM entity_key")
	return entities, keys, err
}
