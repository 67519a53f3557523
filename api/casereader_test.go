package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// members are the members of one JSON object with their values as JSON text, in the order in which they are written.
type members []member

type member struct{ name, raw string }

func (m members) String() string {
	var b strings.Builder
	for i, v := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(v.name) + ":" + v.raw)
	}
	return "{" + b.String() + "}"
}

// set returns m with the value of one member replaced, or added at the end.
func (m members) set(name, raw string) members {
	m = slices.Clone(m)
	for i := range m {
		if m[i].name == name {
			m[i].raw = raw
			return m
		}
	}
	return append(m, member{name, raw})
}

func (m members) without(name string) members {
	return slices.DeleteFunc(slices.Clone(m), func(v member) bool { return v.name == name })
}

func (m members) reversed() members {
	m = slices.Clone(m)
	slices.Reverse(m)
	return m
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func list(items ...string) string { return "[" + strings.Join(items, ",") + "]" }

func repeated(n int, item string) string { return list(slices.Repeat([]string{item}, n)...) }

// goodItem and goodCase have no problem.
func goodItem() members {
	return members{
		{"pripid", `"1500000000000001"`}, {"uniscid", `"91150100MA0N00001X"`}, {"legal", `"张三"`},
		{"enttype", `"1100"`},
	}
}

func goodCase() members {
	return members{
		{"caseid", `"内市监罚〔2024〕001号"`}, {"casename", `"某公司长期停业未经营案"`}, {"caseintroduction", `"长期停业未经营"`},
		{"illegality", `"成立后无正当理由超过六个月未开业"`}, {"penalty", `"吊销营业执照"`}, {"penaltydate", `"2024-05-20"`},
		{"penaltyorg", `"内蒙古自治区市场监督管理局"`}, {"penaltylist", list(goodItem().String())},
	}
}

// withItem is a good case with one item, in which one member is replaced.
func withItem(name, raw string) members {
	return goodCase().set("penaltylist", list(goodItem().set(name, raw).String()))
}

func read(t testingT, body string, limit int) api.Decoded {
	t.Helper()
	d, err := api.ReadCase(strings.NewReader(body), limit, nil)
	if err != nil {
		t.Fatalf("ReadCase: %v", err)
	}
	return d
}

// problems returns what is wrong with a body, as "14000 caseid".
func problems(t testing.TB, body string) []string {
	t.Helper()
	return named(read(t, body, 0).Problems)
}

func named(ps []api.Problem) (out []string) {
	for _, p := range ps {
		out = append(out, strings.TrimSpace(string(p.Code)+" "+p.Field))
	}
	return out
}

func hold(t *testing.T, body string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, problems(t, body)); diff != "" {
		t.Errorf("%.300s\n(-want +got)\n%s", body, diff)
	}
}

// texts are the string members of a case, items those of an item, each with the code for its absence and its limit
// (S15).
var (
	texts = []struct {
		name  string
		empty string
		limit int
	}{
		{"caseid", "14000", 200}, {"casename", "14001", 500}, {"caseintroduction", "14002", 20000},
		{"illegality", "14003", 20000}, {"penalty", "14004", 20000}, {"penaltydate", "14005", 0},
		{"penaltyorg", "14006", 500},
	}
	itemTexts = []struct {
		name  string
		limit int
	}{{"pripid", 64}, {"uniscid", 64}, {"legal", 200}, {"enttype", 100}}
)

func TestGoodCase(t *testing.T) {
	d := read(t, goodCase().String(), 0)
	want := api.Decoded{Items: 1, Digest: d.Digest, Case: api.Case{
		CaseID: "内市监罚〔2024〕001号", CaseName: "某公司长期停业未经营案", CaseIntroduction: "长期停业未经营",
		Illegality: "成立后无正当理由超过六个月未开业", Penalty: "吊销营业执照", PenaltyDate: "2024-05-20", PenaltyOrg: "内蒙古自治区市场监督管理局"}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// S9
func TestEmpty(t *testing.T) {
	empty := []string{
		`null`,
		`""`,
		`" "`,
		`"\t\r\n"`,
		`"\u3000"`,
		`"　　"`,
		`"\u200b"`,
		`"` + "\u200b\ufeff\u2060" + `"`,
		`"\u00a0\u0085\u2028"`,
		`"\u00ad"`,
		`"\u3164"`,
		`"\ufe0f"`,
		`"\udb40\udc01"`,
		`"\u034f\u115f\u180b"`,
	}
	for _, m := range texts {
		hold(t, goodCase().without(m.name).String(), m.empty+" "+m.name)
		for _, raw := range empty {
			hold(t, goodCase().set(m.name, raw).String(), m.empty+" "+m.name)
		}
	}
	for _, m := range itemTexts {
		hold(
			t,
			goodCase().set("penaltylist", list(goodItem().without(m.name).String())).String(),
			"14008 penaltylist[0]."+m.name,
		)
		for _, raw := range empty {
			hold(t, withItem(m.name, raw).String(), "14008 penaltylist[0]."+m.name)
		}
	}
	hold(t, goodCase().without("penaltylist").String(), "14007 penaltylist")
	for _, raw := range append(empty, `[]`, `[ ]`) {
		hold(t, goodCase().set("penaltylist", raw).String(), "14007 penaltylist")
	}
	hold(t, goodCase().set("penaltylist", `[null]`).String(), "14008 penaltylist[0]")
	hold(
		t,
		goodCase().set("penaltylist", list(goodItem().String(), "null", `{}`)).String(),
		"14008 penaltylist[1]",
		"14008 penaltylist[2].pripid",
		"14008 penaltylist[2].uniscid",
		"14008 penaltylist[2].legal",
		"14008 penaltylist[2].enttype",
	)
}

// Anything that is hardly visible is not yet empty.
func TestNotEmpty(t *testing.T) {
	for _, s := range []string{
		"0", "-", "无", "null", "　甲　", "\u200b甲", "\u2800", "\x01", "\x7f", "\ufffc", "\U0001F600", "\u0600",
	} {
		for _, m := range texts {
			if m.name != "penaltydate" {
				hold(t, goodCase().set(m.name, quote(s)).String())
			}
		}
		for _, m := range itemTexts {
			hold(t, withItem(m.name, quote(s)).String())
		}
	}
}

// S13
func TestWrongType(t *testing.T) {
	wrong := []string{`1`, `-0.5e9`, `true`, `false`, `{}`, `[]`, `["x"]`, `{"a":[1,{"b":null}]}`}
	for _, m := range texts {
		for _, raw := range wrong {
			hold(t, goodCase().set(m.name, raw).String(), "19002 "+m.name)
		}
	}
	for _, m := range itemTexts {
		for _, raw := range wrong {
			hold(t, withItem(m.name, raw).String(), "19002 penaltylist[0]."+m.name)
		}
	}
	for _, raw := range []string{`1`, `true`, `{}`, goodItem().String(), `"[]"`, `"甲"`} {
		hold(t, goodCase().set("penaltylist", raw).String(), "19002 penaltylist")
	}
	for _, raw := range []string{`1`, `false`, `""`, `"甲"`, `[]`, list(goodItem().String())} {
		hold(t, goodCase().set("penaltylist", list(goodItem().String(), raw)).String(), "19002 penaltylist[1]")
	}
}

// S14
func TestDate(t *testing.T) {
	for _, s := range []string{"2024-02-29", "2000-02-29", "1949-09-30", "1949-10-01", "9999-12-31", "2026-12-31"} {
		hold(t, goodCase().set("penaltydate", quote(s)).String())
	}
	for _, s := range []string{
		"2023-02-29",
		"1900-02-29",
		"2024-02-30",
		"2024-04-31",
		"2024-13-01",
		"2024-00-10",
		"2024-01-00",
		"2024-1-1",
		"24-01-01",
		"20240101",
		"2024/01/01",
		"2024.01.01",
		" 2024-01-01",
		"2024-01-01 ",
		"2024-01-01\n",
		"2024-01-01T00:00:00",
		"2024-01-01 00:00:00",
		"２０２４-０１-０１",
		"2024－01－01",
		"2024–01–01",
		"二〇二四年一月一日",
		"2024年01月01日",
		"+024-01-01",
		"-024-01-01",
		"01-01-2024",
		"20240-01-01",
		"٢٠٢٤-01-01",
		strings.Repeat("9", 30000),
	} {
		hold(t, goodCase().set("penaltydate", quote(s)).String(), "19003 penaltydate")
	}
}

// S15: lengths are counted in code points, at the limit and one past it.
func TestLengths(t *testing.T) {
	for _, char := range []string{"a", "汉", "𠀀", "é"} {
		for _, m := range texts {
			if m.limit > 0 {
				hold(t, goodCase().set(m.name, quote(strings.Repeat(char, m.limit))).String())
				hold(t, goodCase().set(m.name, quote(strings.Repeat(char, m.limit+1))).String(), "19004 "+m.name)
			}
		}
		for _, m := range itemTexts {
			hold(t, withItem(m.name, quote(strings.Repeat(char, m.limit))).String())
			hold(t, withItem(m.name, quote(strings.Repeat(char, m.limit+1))).String(), "19004 penaltylist[0]."+m.name)
		}
	}
	escaped := `"` + strings.Repeat(`\ud840\udc00`, 20000) + `"`
	hold(t, goodCase().set("penalty", escaped).String())
	hold(t, goodCase().set("penalty", escaped[:len(escaped)-1]+`a"`).String(), "19004 penalty")
	hold(t, goodCase().set("caseid", quote(strings.Repeat(" ", 201))).String(), "14000 caseid")
}

// S10: every error at once, in document order whatever the order in the body.
func TestErrorOrder(t *testing.T) {
	hold(t, `{}`, "14000 caseid", "14001 casename", "14002 caseintroduction", "14003 illegality", "14004 penalty",
		"14005 penaltydate", "14006 penaltyorg", "14007 penaltylist")
	item := members{{"pripid", `7`}, {"uniscid", `""`}, {"legal", quote(strings.Repeat("长", 201))}, {"enttype", `null`}}
	bad := members{
		{"caseid", quote(strings.Repeat("长", 201))},
		{"casename", `12`},
		{"caseintroduction", `null`},
		{"illegality", `""`},
		{"penalty", `"　"`},
		{"penaltydate", `"2024-02-30"`},
		{"penaltylist", list(item.String(), "null", item.reversed().String(), "8")},
	}
	want := []string{
		"19004 caseid", "19002 casename", "14002 caseintroduction", "14003 illegality", "14004 penalty",
		"19003 penaltydate", "14006 penaltyorg", "19002 penaltylist[0].pripid", "14008 penaltylist[0].uniscid",
		"19004 penaltylist[0].legal", "14008 penaltylist[0].enttype", "14008 penaltylist[1]",
		"19002 penaltylist[2].pripid", "14008 penaltylist[2].uniscid", "19004 penaltylist[2].legal",
		"14008 penaltylist[2].enttype", "19002 penaltylist[3]",
	}
	hold(t, bad.String(), want...)
	hold(t, bad.reversed().String(), want...)
}

// S10: at most 100 errors of items, then one entry that counts the rest.
func TestItemErrorsAreCounted(t *testing.T) {
	for _, test := range []struct{ bad, listed, rest int }{{99, 99, 0}, {100, 100, 0}, {101, 100, 1}, {250, 100, 150}} {
		ps := read(t, goodCase().set("penaltylist", repeated(test.bad, `null`)).String(), 0).Problems
		listed := ps[:min(len(ps), test.listed)]
		for i, p := range listed {
			want := api.Problem{
				Code:   api.EmptyItem,
				Field:  fmt.Sprintf("penaltylist[%d]", i),
				Item:   i + 1,
				Detail: "为空",
			}
			if p != want || p.Message() != fmt.Sprintf("%s：第%d条 为空", api.EmptyItem.Info().Message, i+1) {
				t.Errorf("%d bad items: problem %d is %v, want %v", test.bad, i, p, want)
			}
		}
		var want []api.Problem
		if test.rest > 0 {
			want = []api.Problem{{
				Code:   api.EmptyItem,
				Field:  "penaltylist",
				Detail: fmt.Sprintf("另有%d处问题未逐一列出", test.rest),
			}}
		}
		if diff := cmp.Diff(want, append([]api.Problem(nil), ps[len(listed):]...)); diff != "" {
			t.Errorf("%d bad items: after the listed ones (-want +got)\n%s", test.bad, diff)
		}
	}
	hold(
		t,
		goodCase().without("penaltyorg").set("penaltylist", repeated(26, `{}`)).String(),
		append([]string{"14006 penaltyorg"}, hundred()...)...,
	)
}

// hundred is what 26 empty items answer: 25 with four errors each, and the rest.
func hundred() (want []string) {
	for i := range 25 {
		for _, m := range itemTexts {
			want = append(want, fmt.Sprintf("14008 penaltylist[%d].%s", i, m.name))
		}
	}
	return append(want, "14008 penaltylist")
}

// S16
func TestItemLimit(t *testing.T) {
	three := goodCase().set("penaltylist", repeated(3, goodItem().String())).String()
	if got := read(t, three, 3); len(got.Problems) > 0 || got.Items != 3 {
		t.Errorf("3 of 3: %v", got)
	}
	got := read(t, three, 2)
	if diff := cmp.Diff(
		[]api.Problem{{Code: api.TooManyItems, Field: "penaltylist", Detail: "3条，上限2"}},
		got.Problems,
	); diff != "" {
		t.Errorf("3 of 2 (-want +got)\n%s", diff)
	}
	many := goodCase().without("caseid").set("penaltylist", list(`null`, goodItem().String(), `null`, `7`)).String()
	if diff := cmp.Diff(
		[]string{"14000 caseid", "19012 penaltylist", "14008 penaltylist[0]"},
		named(read(t, many, 2).Problems),
	); diff != "" {
		t.Errorf("beyond the limit items are only counted (-want +got)\n%s", diff)
	}
	most := goodCase().set("penaltylist", repeated(api.DefaultItems, goodItem().String())).String()
	if got := read(t, most, 0); len(got.Problems) > 0 || got.Items != api.DefaultItems {
		t.Errorf("%d items: %v", got.Items, got.Problems)
	}
}

func TestEachItem(t *testing.T) {
	var got []api.Entity
	body := goodCase().without("caseid").set(
		"penaltylist",
		list(goodItem().String(), `null`, goodItem().set("legal", `"\u674e四"`).reversed().String()),
	).String()
	_, err := api.ReadCase(strings.NewReader(body), 0, func(i int, e api.Entity) {
		if i != []int{0, 2}[len(got)] {
			t.Errorf("item %d came as number %d", i, len(got))
		}
		got = append(got, e)
	})
	want := []api.Entity{{PripID: "1500000000000001", UniscID: "91150100MA0N00001X", Legal: "张三", EntType: "1100"},
		{PripID: "1500000000000001", UniscID: "91150100MA0N00001X", Legal: "李四", EntType: "1100"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// Only the reader's own failure is an error; it is never taken for the end of the body.
func TestReaderFailure(t *testing.T) {
	body := goodCase().String()
	for _, cause := range []error{errors.New("line cut"), io.ErrUnexpectedEOF, io.ErrClosedPipe} {
		for n := range len(body) {
			_, err := api.ReadCase(io.MultiReader(strings.NewReader(body[:n]), iotest.ErrReader(cause)), 0, nil)
			if !errors.Is(err, cause) {
				t.Fatalf("%v after %d bytes: %v", cause, n, err)
			}
		}
	}
}

// However the bytes arrive, the answer is the same.
func TestSlowReaders(t *testing.T) {
	body := "\ufeff" + goodCase().set("x", `{"深":["\ud83d\ude00",1.5e300,null]}`).String()
	want := read(t, body, 0)
	for name, r := range map[string]io.Reader{
		"bytes":         iotest.OneByteReader(strings.NewReader(body)),
		"halves":        iotest.HalfReader(strings.NewReader(body)),
		"last with EOF": iotest.DataErrReader(strings.NewReader(body)),
	} {
		got, err := api.ReadCase(r, 0, nil)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// testingT is what tests and properties have in common.
type testingT interface {
	Helper()
	Fatalf(string, ...any)
}
