package sheet

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/grid"
)

// library is a program of testdata/libraries that writes workbooks with libraries of others, and reads them with one.
type library struct {
	name string
	run  []string
}

// Debian's Python has Debian's openpyxl; another one on the path may not.
var (
	exceljs  = library{"exceljs", []string{"node", "testdata/libraries/workbooks.cjs"}}
	sheetJS  = library{"sheetjs", []string{"node", "testdata/libraries/workbooks.cjs"}}
	openpyxl = library{"openpyxl", []string{"/usr/bin/python3", "testdata/libraries/workbooks.py"}}
)

func (l library) start(t *testing.T, args ...string) []byte {
	t.Helper()
	tools, err := filepath.Abs("../../../.cache/npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(l.run[0], append(l.run[1:], args...)...)
	zone := "Asia/Shanghai" // where SheetJS writes dates that are 43 seconds early, and reads others so
	if args[0] == "--read" {
		zone = "UTC"
	}
	c.Env = append(os.Environ(), "NODE_PATH="+tools, "TZ="+zone, "PYTHONDONTWRITEBYTECODE=1")
	out, err := c.Output()
	if err != nil {
		var said []byte
		if e, ok := err.(*exec.ExitError); ok {
			said = e.Stderr
		}
		t.Fatalf("%s: %v; scripts/npm.sh and scripts/needs.sh openpyxl install what is missing\n%s", l.name, err, said)
	}
	return out
}

// readSheet is a sheet as a library reads it.
type readSheet struct {
	Name   string
	Hidden bool
	Rows   []int // hidden ones
	Cells  map[string]readCell
}

// readCell is a cell: its type, its value, what it is shown as (of SheetJS alone), and the day and time of a date.
type readCell struct{ T, V, W, D string }

// Workbooks that the libraries have written are read, cell by cell, as each of the libraries reads them.
func TestWorkbooksOfLibraries(t *testing.T) {
	dir := t.TempDir()
	exceljs.start(t, dir)
	openpyxl.start(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.xlsx"))
	if err != nil || len(files) != 11 {
		t.Fatal(files, err)
	}
	for _, l := range []library{exceljs, sheetJS, openpyxl} {
		var books [][]readSheet
		if err := json.Unmarshal(l.start(t, append([]string{"--read", l.name}, files...)...), &books); err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			t.Run(filepath.Base(file)+" read by "+l.name, func(t *testing.T) {
				l.compare(t, cellsOf(t, file), books[i])
			})
		}
	}
}

func (l library) compare(t *testing.T, ours []ourSheet, theirs []readSheet) {
	if len(theirs) != len(ours) {
		t.Fatalf("%d sheets, not %d", len(ours), len(theirs))
	}
	compared := 0
	for i, s := range theirs {
		for at, c := range s.Cells {
			if l.misreads(c) {
				delete(s.Cells, at)
				delete(ours[i].cells, at)
			}
		}
		compared += ours[i].compare(t, s)
	}
	if compared < 120 {
		t.Errorf("only %d cells", compared)
	}
}

// misreads reports what a library is known to read wrongly: exceljs takes the year of a date that is spelt out for a
// serial number, SheetJS 0.18.5 cuts &#134071; to 16 bits, openpyxl returns texts that are empty.
func (l library) misreads(c readCell) bool {
	switch l.name {
	case "exceljs":
		return strings.HasPrefix(c.D, "1905-")
	case "sheetjs":
		return strings.Contains(c.V, "\u0bb7")
	}
	return c.T == "s" && c.V == ""
}

// ourSheet is a sheet as it is read here.
type ourSheet struct {
	name   string
	hidden bool
	rows   []int // hidden ones
	cells  map[string]grid.Cell
}

func cellsOf(t *testing.T, file string) (all []ourSheet) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	w, err := grid.OpenWorkbook(f, info.Size(), Place{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, s := range w.Sheets {
		o := ourSheet{name: s.Name, hidden: s.Hidden, cells: make(map[string]grid.Cell)}
		r, err := w.OpenSheet(s.Part, w.Place)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for {
			l, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if l.Hidden {
				o.rows = append(o.rows, l.Row)
			}
			for i, c := range l.Cells {
				if c.Raw = slices.Clone(c.Raw); c.Kind != grid.Text || len(c.Raw) > 0 {
					o.cells[grid.ColumnName(i)+strconv.Itoa(l.Row)] = c
				}
			}
		}
		all = append(all, o)
	}
	return all
}

// compare reports where a sheet is not as a library reads it, and returns how many cells it looked at.
func (o ourSheet) compare(t *testing.T, s readSheet) (n int) {
	if o.name != s.Name || o.hidden != s.Hidden || !slices.Equal(o.rows, s.Rows) {
		t.Errorf(
			"sheet %s (hidden: %v) with hidden rows %v, not %s (%v) with %v", o.name, o.hidden, o.rows, s.Name,
			s.Hidden, s.Rows,
		)
	}
	for at, theirs := range s.Cells {
		c, there := o.cells[at]
		if !there || !readsAs(c, theirs) {
			t.Errorf("%s: %q (%+v, %+v), not %+v", at, c.Raw, c, c.Odd, theirs)
		}
		n++
	}
	for at, c := range o.cells {
		if _, there := s.Cells[at]; !there && c.Kind != grid.Uncomputed {
			t.Errorf("%s: %q, which is not read", at, c.Raw)
		}
	}
	return n
}

// readsAs reports whether a cell is what a library reads.
func readsAs(c grid.Cell, theirs readCell) bool {
	switch {
	case theirs.D != "":
		day, clock, _ := strings.Cut(theirs.D, "T")
		at, _ := time.Parse("2006-01-02T15:04:05", theirs.D)
		timed := c.Odd != nil && c.Odd.Seen == clock
		return c.Kind == grid.Date && (string(c.Raw) == day && (timed || clock == "00:00:00" ||
			c.Odd != nil && (c.Odd.Doubt == grid.DayUnseen || c.Odd.Doubt == grid.YearUnseen)) ||
			at.Add(time.Second).Format(time.DateOnly) == string(c.Raw))
	case theirs.T == "n":
		ours, err := strconv.ParseFloat(string(c.Raw), 64)
		value, _ := strconv.ParseFloat(theirs.V, 64)
		return c.Kind == grid.Number && err == nil && ours == value && (theirs.W == "" || isShown(c, theirs.W))
	case theirs.T == "b":
		return c.Kind == grid.Boolean && strings.EqualFold(string(c.Raw), theirs.V)
	case theirs.T == "e":
		return c.Kind == grid.Fault && string(c.Raw) == theirs.V
	}
	return c.Kind == grid.Text &&
		(string(c.Raw) == theirs.V || string(c.Raw) == string(grid.Unescape([]byte(theirs.V))))
}

// isShown reports whether a number that is shown so is doubted where that is not the number, and only there.
func isShown(c grid.Cell, shown string) bool {
	shown = strings.TrimSpace(shown)
	switch {
	case c.Wide > 0:
		n, _ := strconv.Atoi(string(c.Raw))
		return shown == fmt.Sprintf("%0*d", c.Wide, n)
	case c.Odd == nil:
		return shown == string(c.Raw)
	case c.Odd.Doubt == grid.ShownSome:
		return true
	}
	return shown == c.Odd.Seen ||
		strings.Contains(shown, "-") && strings.HasSuffix(c.Odd.Seen, shown) // SheetJS drops what has no place
}
