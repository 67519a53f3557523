package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// readText is Read of a file that is in memory, which makes fuzzing ten times as fast.
func readText(name, text string, o Options, each func(*Case) error) error {
	return (&source{strings.NewReader(text), int64(len(text)), Place{File: name}, o}).read(context.Background(), each)
}

// outcome reads a file and fails where a row comes out twice or not in order, or where there are more problems than are
// told. rows are those that came out or have a problem.
func outcome(t *testing.T, name, text string) (entities []api.Entity, rows map[int]bool, problems int, err error) {
	rows = make(map[int]bool)
	err = readText(name, text, Options{Case: theCase, Note: func(p Problem) {
		if p.Fatal || p.Text == "" {
			t.Errorf("note %+v", p)
		}
	}}, func(c *Case) error {
		last := 0
		for row, err := range c.List {
			p, isProblem := errors.AsType[*Problem](err)
			if rows[row.Row] = true; isProblem {
				if problems++; p.Error() == "" || !p.Fatal || p.Next == "" || problems > MaxProblems+1 {
					t.Errorf("problem %d: %+v", problems, p)
				}
			} else if err != nil {
				return err
			} else {
				if row.Row <= last && c.Body == nil {
					t.Errorf("row %d after row %d", row.Row, last)
				}
				last = row.Row
				entities = append(entities, row.Entity)
			}
		}
		return nil
	})
	return entities, rows, problems, err
}

// Anything that another program writes as CSV comes out as it was or is reported.
func FuzzCSV(f *testing.F) {
	f.Add("150102", "91X", "张\n三", "1151", byte(0))
	f.Add("'1", "=\"2\"", "O'Neill, \"x\"", " ", byte(1))
	f.Add(`=""`, "\t", `=""`, `="'"`, byte(0))
	f.Add("1.5E+17", "\t3", "\r\n", "#N/A", byte(2))
	f.Fuzz(func(t *testing.T, a, b, c, d string, sep byte) {
		if len(a+b+c+d) > grid.MaxRow/4 {
			return
		}
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.Comma = rune(",;\t"[sep%3])
		w.WriteAll([][]string{{"pripid", "uniscid", "legal", "enttype"}, {a, b, c, d}, {"P", "U", "L", "E"}})
		entities, _, problems, err := outcome(t, "a.csv", "\ufeff"+text.String())
		if err != nil || problems > 0 {
			return
		}
		want := []api.Entity{
			{
				PripID:  unwrapped(a, true),
				UniscID: unwrapped(b, true),
				Legal:   unwrapped(c, false),
				EntType: unwrapped(d, false),
			},
			{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"},
		}
		if api.Blank(a) && api.Blank(b) && api.Blank(c) && api.Blank(d) {
			want = want[1:]
		}
		if !utf8.ValidString(a+b+c+d) || len(entities) != len(want) || entities[0] != want[0] ||
			entities[len(want)-1] != want[len(want)-1] {
			t.Errorf("%q of %q", entities, want)
		}
	})
}

// unwrapped is a value without the artefacts of spreadsheets.
func unwrapped(s string, code bool) string {
	bare := func(s string) string {
		if s = strings.Trim(s, "\t"); len(s) > 1 && s[0] == '\'' && !strings.Contains(s[1:], "'") &&
			(code || !isLetter(s[1])) {
			return s[1:]
		}
		return s
	}
	if s = bare(s); len(s) > 2 && s[:2] == `="` && s[len(s)-1] == '"' {
		return bare(s[2 : len(s)-1])
	}
	return s
}

// Of any bytes, every row that is not blank comes out or is reported.
func FuzzCSVBytes(f *testing.F) {
	f.Add([]byte("1,2,3,4\n\"5\n\",6,7,8\n"))
	f.Add([]byte("1,2,3\n1,2,3,4,5\r\n\"x\n"))
	f.Add([]byte("1;2;3\n1\t2,\xd5\xc5,\xc8\xfd\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		// so that no row below can be taken for the headings
		text := strings.Repeat("\n", headRows-1) + headings + string(b)
		_, rows, problems, err := outcome(t, "a.csv", text)
		if err != nil || problems > MaxProblems || !utf8.Valid(b) {
			return
		}
		in := grid.NewCSV(strings.NewReader(text), Place{}, ',')
		for l, err := in.Next(); err == nil; l, err = in.Next() {
			if l.Row > headRows && !grid.IsBlank(l.Cells) && !rows[l.Row] {
				t.Errorf("row %d is lost", l.Row)
			}
		}
	})
}

// Of any sheet and shared strings, rows come out in order or the workbook is refused.
func FuzzXLSX(f *testing.F) {
	head := `<worksheet><sheetData><row r="1"><c t="str"><v>pripid</v></c><c t="str"><v>uniscid</v></c><c ` +
		`t="str"><v>legal</v></c><c t="str"><v>enttype</v></c></row>`
	f.Add(
		head+`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="D2"><v>1.5E+17</v></c></row></sheetData></worksheet>`,
		`<sst><si><t>x</t></si></sst>`,
	)
	f.Add(head+`<row><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c><c><f>1</f></c><c `+
		`t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row></sheetData>`, `<sst><si><t>_x000D_</t></si>`)
	f.Fuzz(func(t *testing.T, sheet, strings string) { outcome(t, "a.xlsx", zipText(t, sheet, strings)) })
}

// Any bytes under the name of a workbook are refused or read.
func FuzzWorkbookBytes(f *testing.F) {
	f.Add([]byte(zipText(
		f,
		`<worksheet><sheetData><row><c t="str"><v>pripid</v></c></row></sheetData></worksheet>`,
		`<sst/>`,
	)))
	f.Fuzz(func(t *testing.T, b []byte) { outcome(t, "a.xlsx", string(b)) })
}

// A JSON document is handed out byte for byte, with the items that are in it.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(documentOf(f, filledIn(theCase, "A"))))
	f.Add([]byte(`{"caseid":"A","penaltylist":[{"pripid":"P"},{}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []string{"a.json", "a.ndjson"} {
			var whole []byte
			err := readText(name, string(b), Options{Note: func(Problem) {}}, func(c *Case) error {
				body, err := c.Body()
				if err != nil {
					return err
				}
				text, err := io.ReadAll(body)
				if err != nil || int64(len(text)) != c.Size {
					t.Errorf("%d bytes of %d, %v", len(text), c.Size, err)
				}
				whole = append(whole, text...)
				want, _ := api.ReadCase(bytes.NewReader(text), math.MaxInt, nil)
				if want.Digest != c.Decoded.Digest {
					t.Error("another digest")
				}
				return nil
			})
			if err == nil && name == "a.json" && !bytes.Equal(whole, b) {
				t.Errorf("%q of %q", whole, b)
			}
			outcome(t, name, string(b))
		}
	})
}
