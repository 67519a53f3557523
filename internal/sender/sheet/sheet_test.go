package sheet

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
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

var theCase = api.Case{
	CaseID:           "A1",
	CaseName:         "案",
	CaseIntroduction: "由",
	Illegality:       "违",
	Penalty:          "罚",
	PenaltyDate:      "2026-03-16",
	PenaltyOrg:       "局",
}

const headings = "pripid,uniscid,legal,enttype\n"

// entities are those that came out.
func (g got) entities() (all []api.Entity) {
	for _, r := range g.rows {
		all = append(all, r.Entity)
	}
	return all
}

// holds reports a text that is not told as it should be.
func holds(t *testing.T, what string, told []string, fragments ...string) {
	t.Helper()
	all := strings.Join(told, "\n")
	for _, f := range fragments {
		if !strings.Contains(all, f) {
			t.Errorf("%s %q do not say %q", what, told, f)
		}
	}
}

// clean fails unless exactly these entities came out and nothing was wrong.
func (g got) clean(t *testing.T, want ...api.Entity) {
	t.Helper()
	if g.err != nil || len(g.problems) > 0 || !slices.Equal(g.entities(), want) {
		t.Errorf("entities %q, problems %q, error %v; want %q", g.entities(), g.problems, g.err, want)
	}
}

// refused fails unless the file as a whole is refused with these words.
func (g got) refused(t *testing.T, fragments ...string) {
	t.Helper()
	p, ok := errors.AsType[*Problem](g.err)
	if !ok || !p.Fatal || p.Next == "" || len(g.cases) > 0 {
		t.Fatalf("cases %v, error %v (%#v)", g.cases, g.err, g.err)
	}
	holds(t, "the refusal", []string{g.err.Error()}, fragments...)
}

func TestFilesThatAreNoTable(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.csv", "", "文件是空的"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx"},
		{"a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "去掉密码"},
		{"a.xls", "<html><table>", "网页"},
		{"a.xlsx", "pripid,uniscid", "不是 xlsx 工作簿"},
		{"a.xlsx", "PK\x03\x04", "不完整或已损坏"},
		{"a.pdf", "%PDF", "不认识的文件类型"},
	} {
		readAll(t, write(t, c.name, c.text), Options{}).refused(t, c.name, c.want)
	}
	if g := readAll(t, filepath.Join(t.TempDir(), "没有.csv"), Options{}); !errors.Is(g.err, os.ErrNotExist) {
		t.Errorf("%v", g.err)
	}
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	path := write(t, "a.csv", headings+"1,2,3,4\n")
	err := Read(context.Background(), path, Options{Case: theCase}, func(*Case) error {
		return os.WriteFile(path, []byte(headings+"1,2,3,4\n5,6,7,8\n"), 0o600)
	})
	if err == nil || !strings.Contains(err.Error(), "被改动") {
		t.Errorf("%v", err)
	}
}

func TestErrorsOfTheCallerAndItsContext(t *testing.T) {
	path := write(t, "a.csv", headings+strings.Repeat("1,2,3,4\n", 5000))
	own := errors.New("own")
	if err := Read(context.Background(), path, Options{Case: theCase}, func(*Case) error { return own }); err != own {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := Read(ctx, path, Options{Case: theCase}, func(c *Case) error {
		cancel()
		for _, err := range c.List {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A list that was left half-read is gone on from at the next case, and can be read only while its case is in hand.
func TestListIsReadOnce(t *testing.T) {
	path := write(t, "a.csv", "caseid,"+headings+"A,1,2,3,4\nA,5,6,7,8\nB,9,9,9,9\n")
	var lists []func(func(Row, error) bool)
	var ids []string
	c := theCase
	c.CaseID = ""
	err := Read(context.Background(), path, Options{Case: c}, func(c *Case) error {
		ids = append(ids, c.CaseID)
		lists = append(lists, c.List)
		for range c.List {
			break
		}
		for _, err := range c.List {
			if err != errConsumed {
				t.Errorf("second reading: %v", err)
			}
		}
		return nil
	})
	if err != nil || !slices.Equal(ids, []string{"A", "B"}) {
		t.Errorf("%q, %v", ids, err)
	}
	for _, err := range lists[0] {
		if err != errConsumed {
			t.Errorf("after its case: %v", err)
		}
	}
}
