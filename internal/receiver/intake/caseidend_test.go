package intake_test

import (
	"database/sql"
	"errors"
	"os"
	"testing"
)

// oddCaseIDs are caseids of which parts are looked for.
var oddCaseIDs = []string{"呼市监处罚〔2026〕38号", "案1 ", "1111", "ＡＢ－12 号", "蒙ᠮᠣᠩᠭᠣᠯ〔2026〕第7号", "𠮷市监〔2026〕1-12号", "x",
	"a:b:号"}

// A database of before gets the ends of its caseids from its folded caseids, the same that the verifier makes.
func TestEndsOfOlderCaseIDs(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i, id := range oddCaseIDs {
		o.send(t, b, caseOf(id, entity(i)))
	}
	o.verify(t)
	const ends = "SELECT value || ' ' || case_no FROM entity_key WHERE kind = 5 ORDER BY value, case_no"
	want := o.query(t, ends)
	o.tamper(t, "DELETE FROM entity_key WHERE kind = 5", migration(t, "sqlite"))
	sameRows(t, "sqlite", o.query(t, ends), want)
	holdClean(t, o)

	c := openCluster(t, o, 1, nil)
	c.verify(t)
	db := c.open(t)
	defer db.Close()
	sameRows(t, "postgres verified", lines(t, db, ends), want)
	for _, q := range []string{"DELETE FROM entity_key WHERE kind = 5", migration(t, "postgres")} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	sameRows(t, "postgres", lines(t, db, ends), want)
}

// lines are the rows of a query with one column.
func lines(t *testing.T, db *sql.DB, q string) (all []string) {
	t.Helper()
	rows, err := db.Query(q)
	for err == nil && rows.Next() {
		var line string
		err = rows.Scan(&line)
		all = append(all, line)
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return all
}

// migration is what one engine does with a database of before.
func migration(t *testing.T, engine string) string {
	t.Helper()
	text, err := os.ReadFile("../store/" + engine + "/migrations/00026_caseid_end.sql")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
