package sheet

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/api"
)

// got is all that comes out of a file.
type got struct {
	cases    []api.Case
	rows     []Row
	problems []string // of rows and cases
	notes    []string
	err      error
}

func readAll(t testing.TB, path string, o Options) (g got) {
	t.Helper()
	o.Note = func(p Problem) { g.notes = append(g.notes, p.Error()) }
	g.err = Read(context.Background(), path, o, func(c *Case) error {
		for row, err := range c.List {
			if p, ok := errors.AsType[*Problem](err); ok {
				g.problems = append(g.problems, p.Error())
			} else if err != nil {
				return err
			} else {
				g.rows = append(g.rows, row)
				c.PenaltyList = append(c.PenaltyList, row.Entity)
			}
		}
		g.cases = append(g.cases, c.Case)
		return nil
	})
	return g
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var theCase = api.Case{CaseID: "A1", CaseName: "案", CaseIntroduction: "由", Illegality: "违", Penalty: "罚", PenaltyDate: "2026-03-16", PenaltyOrg: "局"}

func TestCSVOfOneCase(t *testing.T) {
	g := readAll(t, write(t, "清单.csv", "\ufeff主体身份代码,统一社会信用代码,法定代表人(负责人),类型,备注\r\n0123,91X,张三,1151,\r\n\r\n\"a\nb\",\"9\"\"1\",李四,9500,x\r\n"), Options{Case: theCase})
	if g.err != nil || len(g.problems) > 0 || len(g.rows) != 2 {
		t.Fatalf("%+v", g)
	}
	if r := g.rows[1]; r.PripID != "a\nb" || r.UniscID != `9"1` || r.Row != 4 || r.At("uniscid").Column != "B" {
		t.Errorf("%+v", r)
	}
	if len(g.notes) != 1 || !strings.Contains(g.notes[0], "备注") {
		t.Errorf("notes %q", g.notes)
	}
}
