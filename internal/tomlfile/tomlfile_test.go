package tomlfile_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/tomlfile"
)

// Keys come in the order of the file, each with the line that gives it its value, whatever comments and texts look
// like.
func TestParse(t *testing.T) {
	text := "\uFEFF# listen = 1\r\n" + `
note = """
listen = 2
"""
listen = "a"  # data = 3

max_body = 1_000
"data" = 'x'
nets = [
  "10.0.0.0/8",
]
a.b = true
[生]
`
	text = strings.Replace(text, "[生]", `["生"]`,
		1) + "url = 1.5\n[in]\nn = {\"y\" = {z.z = 1}}\n[[many]]\nx = {y = 2}\n"
	keys, err := tomlfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range keys {
		got = append(got, fmt.Sprintf("%d %s %v", k.Line, k, k.Value))
	}
	want := []string{"3 note listen = 2\n", "6 listen a", "8 max_body 1000", "9 data x", "10 nets [10.0.0.0/8]",
		"13 a.b true",
		`14 "生" map[url:1.5]`, `15 "生".url 1.5`, "16 in map[n:map[y:map[z:map[z:1]]]]",
		"17 in.n map[y:map[z:map[z:1]]]", "17 in.n.y map[z:map[z:1]]", "17 in.n.y.z.z 1",
		"18 many [map[x:map[y:2]]]", "19 many.x <nil>", "19 many.x.y <nil>"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestParseFails(t *testing.T) {
	for text, line := range map[string]int{
		"a = 1\nb = \"x\nc = 2\n": 2, "a = 1\na = 2\n": 2, "a\n": 1, "\n\n[生产]\n": 3, "a = 1 b = 2\n": 1,
		"a = \"\xff\"\n": 1,
	} {
		_, err := tomlfile.Parse(text)
		e, ok := errors.AsType[*tomlfile.SyntaxError](err)
		if !ok || e.Line != line || e.Text == "" || strings.HasPrefix(e.Text, "toml") {
			t.Errorf("%q: %v, want line %d", text, err, line)
		}
	}
}

// Anything that is quoted is read back.
func TestQuote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		keys, err := tomlfile.Parse("v = " + tomlfile.Quote(s))
		if err != nil || len(keys) != 1 || keys[0].Value != s {
			t.Fatalf("%s: %v %v", tomlfile.Quote(s), keys, err)
		}
	})
}
