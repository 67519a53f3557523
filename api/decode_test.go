package api_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
)

const invalid = "19001"

// holdJSON holds that a body is, or is not, refused as a whole for its JSON.
func holdJSON(t *testing.T, valid bool, name, body string) {
	t.Helper()
	got := read(t, body, 3).Problems
	broken := len(got) == 1 && got[0].Code == api.InvalidJSON
	if broken == valid ||
		slices.ContainsFunc(got, func(p api.Problem) bool { return p.Code == api.InvalidJSON }) != broken {
		t.Errorf("%s: valid %v, got %v for %.200s", name, valid, got, body)
	}
}

// places are the places of a body where any JSON value can stand.
func places(raw string) map[string]string {
	good := goodItem().String()
	return map[string]string{
		"text":            goodCase().set("penalty", raw).String(),
		"unknown":         goodCase().set("x", raw).String(),
		"unknown first":   (append(members{{"x", raw}}, goodCase()...)).String(),
		"deep unknown":    goodCase().set("x", `{"y":[`+raw+`]}`).String(),
		"in a wrong type": goodCase().set("casename", list(raw)).String(),
		"list":            goodCase().set("penaltylist", raw).String(),
		"item":            goodCase().set("penaltylist", list(good, raw)).String(),
		"text of item":    withItem("legal", raw).String(),
		"unknown of item": withItem("x", raw).String(),
		"past the limit":  goodCase().set("penaltylist", list(good, good, good, raw)).String(),
	}
}

// S12: whatever stands where, it is held to the same rules of JSON.
func TestJSONEverywhere(t *testing.T) {
	refused := map[string]string{
		"U+0000":                 `"a\u0000b"`,
		"U+0000 alone":           `"\u0000"`,
		"U+0000 in a name":       `{"a\u0000":1}`,
		"U+0000 deep":            `[[{"a":["\u0000"]}]]`,
		"U+0000 raw":             "\"a\x00b\"",
		"lone high surrogate":    `"\ud800"`,
		"lone low surrogate":     `"\udc00"`,
		"surrogates swapped":     `"\udc00\ud800"`,
		"surrogate in a name":    `{"\ud800":1}`,
		"surrogate in bytes":     "\"\xed\xa0\x80\"",
		"overlong":               "\"\xc0\xaf\"",
		"cut off UTF-8":          "\"\xe6\xb1\"",
		"beyond U+10FFFF":        "\"\xf4\x90\x80\x80\"",
		"GBK":                    "\"\xd5\xc5\xc8\xfd\"",
		"raw control":            "\"a\tb\"",
		"raw line feed":          "\"a\nb\"",
		"bad escape":             `"\x41"`,
		"short escape":           `"\u12"`,
		"single quotes":          `'a'`,
		"comment":                `/* a */ 1`,
		"trailing comma":         `[1,]`,
		"trailing comma, object": `{"a":1,}`,
		"leading zero":           `01`,
		"plus":                   `+1`,
		"bare point":             `1.`,
		"hex":                    `0x1`,
		"NaN":                    `NaN`,
		"Infinity":               `-Infinity`,
		"True":                   `True`,
		"undefined":              `undefined`,
		"same name twice":        `{"a":1,"b":2,"a":1}`,
		"escaped twin":           `{"a":1,"\u0061":1}`,
		"escaped twin, slash":    `{"a/b":1,"a\/b":1}`,
		"escaped twin, astral":   `{"𠀀":1,"\ud840\udc00":1}`,
		"twice, deep":            `[{"x":{"a":1,"a":2}}]`,
		"empty name twice":       `{"":1,"":1}`,
		"unquoted name":          `{a:1}`,
		"number as name":         `{1:1}`,
		"long name":              `{"` + strings.Repeat("n", 2000) + `":1}`,
	}
	for name, raw := range refused {
		for place, body := range places(raw) {
			holdJSON(t, false, name+", "+place, body)
		}
	}
	for name, raw := range map[string]string{
		"escapes":              `"\"\\\/\b\f\n\r\t\u4e00\ud840\udc00"`,
		"U+0001":               `"\u0001"`,
		"U+FFFD itself":        `"\ufffd"`,
		"noncharacter":         `"\uffff"`,
		"U+2028":               "\"\u2028\"",
		"twins by case":        `{"a":1,"A":1,"ａ":1}`,
		"twins in two objects": `[{"a":1},{"a":1}]`,
		"twins by normal form": "{\"é\":1,\"e\u0301\":1}",
		"huge number":          `1e999999`,
		"long number":          strings.Repeat("9", 5000),
		"minus zero":           `-0`,
	} {
		for place, body := range places(raw) {
			holdJSON(t, true, name+", "+place, body)
		}
	}
}

// S12: the members of the document may not stand twice either, however they are written.
func TestKnownNamesTwice(t *testing.T) {
	for _, m := range goodCase() {
		for _, twin := range []string{quote(m.name), fmt.Sprintf(`"\u%04x%s"`, m.name[0], m.name[1:])} {
			body := strings.TrimSuffix(goodCase().String(), "}") + "," + twin + ":" + m.raw + "}"
			hold(t, body, invalid+" "+m.name)
		}
	}
	for _, m := range goodItem() {
		for _, twin := range []string{quote(m.name), fmt.Sprintf(`"\u%04x%s"`, m.name[0], m.name[1:])} {
			item := strings.TrimSuffix(goodItem().String(), "}") + "," + twin + ":" + m.raw + "}"
			hold(
				t,
				goodCase().set("penaltylist", list(goodItem().String(), item)).String(),
				invalid+" penaltylist[1]."+m.name,
			)
		}
	}
}

// S12: names match to the letter.
func TestNamesMatchExactly(t *testing.T) {
	for _, other := range []string{"CASEID", "caseId", "caseid ", "\u200bcaseid", "ｃaseid", "ca\u017feid"} {
		hold(t, goodCase().set(other, `"别的"`).String())
		hold(t, goodCase().without("caseid").set(other, `"别的"`).String(), "14000 caseid")
	}
	hold(t, strings.Replace(goodCase().String(), `"caseid"`, `"\u0063\u0061seid"`, 1))
}

// S12: nesting of 32 is read, 33 is not; the object itself is the first.
func TestDepth(t *testing.T) {
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	for _, kind := range []struct{ open, end string }{{"[", "]"}, {`{"a":`, "}"}} {
		for place, above := range map[string]int{
			"unknown":         1,
			"text":            1,
			"in a wrong type": 2,
			"deep unknown":    3,
			"item":            2,
			"text of item":    3,
			"unknown of item": 3,
			"past the limit":  2,
		} {
			for depth, valid := range map[int]bool{32: true, 33: false, 2000: false} {
				holdJSON(
					t,
					valid,
					fmt.Sprintf("%s %s %d", kind.open, place, depth),
					places(nest(kind.open, kind.end, depth-above))[place],
				)
			}
		}
	}
}

// S12: one object, nothing after it; S11: one byte-order mark at most.
func TestWholeBody(t *testing.T) {
	good, bom := goodCase().String(), "\ufeff"
	for name, body := range map[string]string{
		"white space":         " \t\r\n" + good + "\n\n ",
		"BOM":                 bom + good,
		"BOM and white space": bom + "\n" + good,
	} {
		holdJSON(t, true, name, body)
	}
	for name, body := range map[string]string{
		"empty":                    "",
		"white space only":         " \n",
		"BOM only":                 bom,
		"part of a BOM":            "\xef\xbb",
		"two BOMs":                 bom + bom + good,
		"white space before BOM":   " " + bom + good,
		"BOM after":                good + bom,
		"array":                    list(good),
		"string":                   `"` + "甲" + `"`,
		"number":                   "1",
		"null":                     "null",
		"closing":                  "}",
		"text after":               good + "x",
		"NUL after":                good + "\x00",
		"comma after":              good + ",",
		"brace after":              good + "}",
		"second object":            good + good,
		"second after white space": good + "\n" + good,
		"form":                     "caseid=1&casename=2",
		"XML":                      "<case/>",
		"UTF-16":                   "\xff\xfe{\x00}\x00",
		"UTF-16 without BOM":       "\x00{\x00}",
		"vertical tab":             "\v" + good,
		"ideographic space":        "\u3000" + good,
		"NBSP after":               good + "\u00a0",
		"line comment":             "//x\n" + good,
		"form feed":                good + "\f",
	} {
		holdJSON(t, false, name, body)
	}
	for n := range len(good) {
		holdJSON(t, false, fmt.Sprintf("cut after %d bytes", n), good[:n])
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"n%d":1`, i)
	}
	return "{" + b.String()[1:] + "}"
}

// 5,000 unknown names are read; more than 10,000 in one place are not.
func TestManyNames(t *testing.T) {
	for n, valid := range map[int]bool{5000: true, 10000: true, 10001: false} {
		for place, body := range places(manyNames(n)) {
			if n == 10000 && place == "deep unknown" {
				continue // counts the member around them too
			}
			holdJSON(t, valid, fmt.Sprintf("%d names, %s", n, place), body)
		}
	}
	top := func(n int) string { return strings.TrimSuffix(goodCase().String(), "}") + "," + manyNames(n)[1:] }
	holdJSON(t, true, "5,000 names on top", top(5000))
	holdJSON(t, false, "10,001 names on top", top(10001-8))
}

// A token of more than a megabyte ends the reading: it cannot be within the limits of S15.
func TestLongToken(t *testing.T) {
	long := strings.Repeat("长", (2<<20)/3)
	hold(t, goodCase().set("penalty", quote(long)).String(), "19004 penalty")
	hold(t, goodCase().set("x", quote(long)).String(), "19004 x")
	hold(t, withItem("legal", quote(long)).String(), "19004 penaltylist[0].legal")
	if ps := problems(t, members{{long, `1`}}.String()); len(ps) != 1 || strings.HasPrefix(ps[0], "140") {
		t.Errorf("long name: %v", ps)
	}
}

// blanks is a reader of n spaces.
func blanks(n int64) io.Reader { return io.LimitReader(blank{}, n) }

type blank struct{}

func (blank) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// White space is free up to a megabyte in one place, and never costs memory.
func TestWhiteSpace(t *testing.T) {
	good := goodCase().String()
	for _, at := range []int{0, 1, len(good)} {
		body := func(n int64) io.Reader {
			return io.MultiReader(strings.NewReader(good[:at]), blanks(n), strings.NewReader(good[at:]))
		}
		if d, err := api.ReadCase(body(1<<19), 0, nil); err != nil || len(d.Problems) > 0 {
			t.Errorf("half a megabyte at %d: %v %v", at, err, d.Problems)
		}
		used := heapGrowth(func() {
			d, err := api.ReadCase(body(64<<20), 0, nil)
			if err != nil || len(d.Problems) != 1 {
				t.Errorf("64 MiB at %d: %v %v", at, err, d.Problems)
			}
		})
		if used > 12<<20 {
			t.Errorf("64 MiB of white space at %d allocated %d KiB", at, used>>10)
		}
	}
}
