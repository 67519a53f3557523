package store

import (
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// counterpartTx reads and writes counterparts.
type counterpartTx struct{ *handle }

// Where counterparts and the pairs of their cases are put.
var (
	counterpartTable = into(schema.Named("counterpart"), engine.Ignore)
	pairTable        = into(schema.Named("counterpart_case"), engine.Replace)
)

func (t counterpartTx) PutCounterparts(cs []intake.Counterpart) error {
	return t.putting(counterpartTable, len(cs), func(i int, to []any) []any {
		c := &cs[i]
		return append(to, c.CaseNo, c.Pos, c.Rule, c.OtherNo, c.OtherPos)
	})
}

func (t counterpartTx) HasCounterparts(from, to int64) (bool, error) {
	return engine.Value[bool](t, "SELECT EXISTS (SELECT 1 FROM counterpart WHERE case_no >= $1 AND case_no <= $2)",
		from,
		to)
}

func (t counterpartTx) DeleteCounterparts(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM counterpart WHERE case_no = $1 AND pos >= $2 AND pos < $3", caseNo, from, to)
	return err
}

func scanCounterpart(scan func(...any) error) (c intake.Counterpart, err error) {
	err = scan(&c.CaseNo, &c.Pos, &c.Rule, &c.OtherNo, &c.OtherPos)
	return c, err
}

const counterpartColumns = "SELECT k.case_no, k.pos, k.rule, k.other_no, k.other_pos FROM counterpart k "

func (t counterpartTx) Counterparts(caseNo int64, from, n int) ([]intake.Counterpart, error) {
	return engine.List(t, scanCounterpart, counterpartColumns+`WHERE k.case_no = $1 AND k.pos >= $2
		ORDER BY k.pos, k.rule, k.other_no, k.other_pos LIMIT $3`, caseNo, from, n)
}

// MarksOf leaves out what returned cases say, and so does MarkedRows.
func (t counterpartTx) MarksOf(caseNo int64, pos, n int) ([]intake.Counterpart, error) {
	return engine.List(t, scanCounterpart, counterpartColumns+`LEFT JOIN case_return r ON r.case_no = k.case_no
		WHERE k.other_no = $1 AND k.other_pos = $2 AND r.case_no IS NULL
		ORDER BY k.case_no, k.pos, k.rule LIMIT $3`, caseNo, pos, n)
}

func (t counterpartTx) MarkedRows(caseNo int64, from, n int) ([]int, error) {
	return engine.Values[int](t,
		`SELECT DISTINCT k.other_pos FROM counterpart k LEFT JOIN case_return r ON r.case_no = k.case_no
		WHERE k.other_no = $1 AND k.other_pos >= $2 AND r.case_no IS NULL ORDER BY k.other_pos
			LIMIT $3`, caseNo, from, n)
}

func (t counterpartTx) PutPairs(ps []intake.Pair) error {
	if len(ps) == 0 {
		return nil
	}
	err := t.putting(pairTable, len(ps), func(i int, to []any) []any {
		p := &ps[i]
		return append(to, p.OtherNo, p.CaseNo, p.Severe, p.Warnings)
	})
	if err != nil {
		return err
	}
	return t.Flush()
}

func scanPair(scan func(...any) error) (p intake.Pair, err error) {
	var returned int64
	err = scan(&p.OtherNo, &p.CaseNo, &p.Severe, &p.Warnings, &returned)
	p.Returned = engine.FromMS(returned)
	return p, err
}

const pairColumns = `SELECT p.other_no, p.case_no, p.severe, p.warnings, COALESCE(q.returned_ms, 0)
	FROM counterpart_case p LEFT JOIN case_return q ON q.case_no = p.case_no `

func (t counterpartTx) PairsOf(from, to int64) ([]intake.Pair, error) {
	return engine.List(t, scanPair, pairColumns+"WHERE p.case_no >= $1 AND p.case_no <= $2 "+
		"ORDER BY p.case_no, p.other_no", from, to)
}

func (t counterpartTx) PairsWith(otherNo int64, n int) ([]intake.Pair, error) {
	return engine.List(t, scanPair, pairColumns+"WHERE p.other_no = $1 "+
		"ORDER BY q.case_no IS NOT NULL, p.case_no DESC LIMIT $2", otherNo, n)
}

func (t counterpartTx) DeletePairs(caseNo int64) error {
	_, err := t.change("DELETE FROM counterpart_case WHERE case_no = $1", caseNo)
	return err
}

// marksAtOnce is how many cases one look at their marks asks for; the rest of the last one is filled with -1.
const marksAtOnce = 64

// marksQuery sums what later cases say of each: what a check saw of it is up to seen_no, returned or not.
var marksQuery = `SELECT p.other_no, MAX(p.case_no), CAST(SUM(p.severe) AS BIGINT), CAST(SUM(p.warnings) AS BIGINT),
	CAST(SUM(CASE WHEN q.case_no IS NULL THEN p.severe ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN q.case_no IS NULL THEN p.warnings ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN q.case_no IS NULL AND p.case_no > COALESCE(w.seen_no, 0) THEN p.severe ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN q.case_no IS NULL AND p.case_no > COALESCE(w.seen_no, 0) THEN p.warnings ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN p.case_no <= COALESCE(w.seen_no, 0) THEN p.severe ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN p.case_no <= COALESCE(w.seen_no, 0) THEN p.warnings ELSE 0 END) AS BIGINT)
	FROM (VALUES (CAST(` + strings.ReplaceAll(parameters(1, marksAtOnce), ", ", " AS BIGINT)), (CAST(") +
	` AS BIGINT))) n JOIN counterpart_case p ON p.other_no = n.column1
	LEFT JOIN case_return q ON q.case_no = p.case_no LEFT JOIN case_work w ON w.case_no = p.other_no
		GROUP BY p.other_no`

// mark adds to the rows what later cases say of them.
func (t *handle) mark(rows []intake.CaseRow) error {
	of := make(map[int64]*intake.CaseRow, len(rows))
	for i := range rows {
		of[rows[i].No] = &rows[i]
	}
	for len(rows) > 0 {
		n := min(marksAtOnce, len(rows))
		args := make([]any, marksAtOnce)
		for i := range args {
			if args[i] = int64(-1); i < n {
				args[i] = rows[i].No
			}
		}
		rows = rows[n:]
		if err := t.markThese(of, args); err != nil {
			return err
		}
	}
	return nil
}

func (t *handle) markThese(of map[int64]*intake.CaseRow, nos []any) error {
	found, err := t.Query(marksQuery, nos...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var no int64
		var m intake.Marks
		err := found.Scan(&no, &m.Newest, &m.AllSevere, &m.AllWarnings, &m.Severe, &m.Warnings, &m.NewSevere,
			&m.NewWarnings, &m.OldSevere, &m.OldWarnings)
		if err != nil {
			return err
		}
		of[no].Marks = m
	}
	return found.Err()
}

// marked lists rows of cases with what later cases say of them.
func (t *handle) marked(query string, args ...any) ([]intake.CaseRow, error) {
	rows, err := engine.List(t, scanCaseRow, query, args...)
	if err != nil {
		return nil, err
	}
	return rows, t.mark(rows)
}
