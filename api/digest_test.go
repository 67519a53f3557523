package api_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"diaoxiao/api"
)

// documented is the digest by the formula that the documentation of api.Digest gives, computed from the values.
func documented(c api.Case) api.Digest {
	text := func(b []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	b := []byte("diaoxiao case 1\n")
	for _, s := range []string{
		c.CaseID, c.CaseName, c.CaseIntroduction, c.Illegality, c.Penalty, c.PenaltyDate, c.PenaltyOrg,
	} {
		b = text(b, s)
	}
	var items []byte
	for _, e := range c.PenaltyList {
		for _, s := range []string{e.PripID, e.UniscID, e.Legal, e.EntType} {
			items = text(items, s)
		}
	}
	sum := sha256.Sum256(items)
	return sha256.Sum256(append(binary.BigEndian.AppendUint64(b, uint64(len(c.PenaltyList))), sum[:]...))
}

func caseOf(t testing.TB, m members) (c api.Case) {
	t.Helper()
	if err := json.Unmarshal([]byte(m.String()), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// S17: golden, because stored digests must keep their meaning.
func TestDigestGolden(t *testing.T) {
	two := goodCase().set("penaltylist", list(goodItem().String(), goodItem().set("legal", `"𠀀"`).String()))
	for want, m := range map[string]members{
		"3e213bf0987ce3ee44d4a5f1a3a496da3bfd71db85e5f733f338219209086cb2": goodCase(),
		"2f4aaaf1151a009aabedb847170239ff6eea7d736adcfde9016d3ed8e25cb24e": two,
	} {
		got := read(t, m.String(), 0).Digest
		if got != documented(caseOf(t, m)) {
			t.Error("not the digest of the formula")
		}
		if hex := fmt.Sprintf("%x", got); hex != want {
			t.Errorf("%s, want %s", hex, want)
		}
	}
}

// S17: the same values, whatever the member order, escapes, white space and unknown members.
func TestDigestOfTheSameValues(t *testing.T) {
	want := read(t, goodCase().String(), 0).Digest
	spaced, _ := json.MarshalIndent(json.RawMessage(goodCase().String()), " ", "\t")
	for name, body := range map[string]string{
		"member order":          goodCase().reversed().String(),
		"item order of members": goodCase().set("penaltylist", list(goodItem().reversed().String())).String(),
		"escapes":               escaped(goodCase()).String(),
		"white space":           string(spaced),
		"BOM":                   "\ufeff" + goodCase().String(),
		"unknown":               goodCase().set("x", `{"caseid":"别的"}`).String(),
		"unknown of item":       withItem("x", `1`).String(),
		"some escapes":          goodCase().set("penalty", `"\u540a销营业\u6267照"`).String(),
	} {
		if read(t, body, 0).Digest != want {
			t.Errorf("%s: another digest", name)
		}
	}
}

// escaped writes every character of every text as an escape.
func escaped(m members) members {
	m = slices.Clone(m)
	for i, v := range m {
		var s string
		if json.Unmarshal([]byte(v.raw), &s) == nil {
			m[i].raw = escapes(s)
		}
	}
	return m
}

func escapes(s string) string {
	out := `"`
	for _, u := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf(`\u%04X`, u)
	}
	return out + `"`
}

// S17: one changed value, or the same characters cut differently, is another case.
func TestDigestOfOtherValues(t *testing.T) {
	seen := make(map[api.Digest]string)
	add := func(name string, m members) {
		d := read(t, m.String(), 0)
		if len(d.Problems) > 0 {
			t.Fatalf("%s: %v", name, d.Problems)
		}
		if was, ok := seen[d.Digest]; ok {
			t.Errorf("%s has the digest of %s", name, was)
		}
		seen[d.Digest] = name
	}
	add("good", goodCase())
	for _, m := range texts {
		raw := `"别的"`
		if m.name == "penaltydate" {
			raw = `"2024-05-21"`
		}
		add(m.name, goodCase().set(m.name, raw))
	}
	for _, m := range itemTexts {
		add("item "+m.name, withItem(m.name, `"别的"`))
	}
	add("trailing space", goodCase().set("casename", `"某公司长期停业未经营案 "`))
	add("composed", withItem("legal", "\"é\""))
	add("decomposed", withItem("legal", "\"e\u0301\""))
	add("full width", withItem("uniscid", `"９1150100MA0N00001X"`))
	add("lower case", withItem("uniscid", `"91150100ma0n00001x"`))
	add("ab|c", goodCase().set("caseid", `"ab"`).set("casename", `"c"`))
	add("a|bc", goodCase().set("caseid", `"a"`).set("casename", `"bc"`))
	add("item ab|c", withItem("pripid", `"c"`).set("penaltyorg", `"ab"`))
	item := func(a, b string) string {
		return goodItem().set("pripid", quote(a)).set("uniscid", quote(b)).set("legal", `"x"`).set("enttype", `"y"`).
			String()
	}
	add("items ab|c", goodCase().set("penaltylist", list(item("ab", "c"))))
	add("items a|bc", goodCase().set("penaltylist", list(item("a", "bc"))))
	add("twice", goodCase().set("penaltylist", repeated(2, goodItem().String())))
	add("thrice", goodCase().set("penaltylist", repeated(3, goodItem().String())))
	add("order of items", goodCase().set("penaltylist", list(item("a", "b"), item("c", "d"))))
	add("other order of items", goodCase().set("penaltylist", list(item("c", "d"), item("a", "b"))))
}

// Any acceptable case, written in any way, has the digest of the formula.
func TestDigestProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase().Draw(t, "case")
		body := written(t, c)
		d := read(t, body, 0)
		if len(d.Problems) > 0 || d.Digest != documented(c) {
			t.Fatalf("%v\n%s", d.Problems, body)
		}
	})
}

// anyText makes texts that are not empty, of at most so many code points.
func anyText(most int) *rapid.Generator[string] {
	chars := rapid.RuneFrom([]rune("ab\"\\/\n 汉é\u0301\u200b𠀀\U0010ffff\ufffd\x7f"))
	return rapid.Map(rapid.StringOfN(chars, 0, most-1, -1), func(s string) string { return s + "字" })
}

func anyCase() *rapid.Generator[api.Case] {
	return rapid.Custom(func(t *rapid.T) api.Case {
		entity := rapid.Custom(func(t *rapid.T) api.Entity {
			return api.Entity{
				PripID:  anyText(64).Draw(t, "pripid"),
				UniscID: anyText(64).Draw(t, "uniscid"),
				Legal:   anyText(200).Draw(t, "legal"),
				EntType: anyText(100).Draw(t, "enttype"),
			}
		})
		text := anyText(40)
		return api.Case{
			CaseID:           text.Draw(t, "caseid"),
			CaseName:         text.Draw(t, "casename"),
			CaseIntroduction: text.Draw(t, "caseintroduction"),
			Illegality:       text.Draw(t, "illegality"),
			Penalty:          text.Draw(t, "penalty"),
			PenaltyDate:      "2024-02-29",
			PenaltyOrg:       text.Draw(t, "penaltyorg"),
			PenaltyList:      rapid.SliceOfN(entity, 1, 5).Draw(t, "penaltylist"),
		}
	})
}

// written spells a case in some way that JSON allows.
func written(t *rapid.T, c api.Case) string {
	spell := func(s string) string {
		if rapid.Bool().Draw(t, "escaped") {
			return escapes(s)
		}
		return quote(s) + rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "white space")
	}
	var items []string
	for _, e := range c.PenaltyList {
		m := members{
			{"pripid", spell(e.PripID)},
			{"uniscid", spell(e.UniscID)},
			{"legal", spell(e.Legal)},
			{"enttype", spell(e.EntType)},
		}
		items = append(items, members(rapid.Permutation(m).Draw(t, "order")).String())
	}
	m := members{
		{"caseid", spell(c.CaseID)},
		{"casename", spell(c.CaseName)},
		{"caseintroduction", spell(c.CaseIntroduction)},
		{"illegality", spell(c.Illegality)},
		{"penalty", spell(c.Penalty)},
		{"penaltydate", spell(c.PenaltyDate)},
		{"penaltyorg", spell(c.PenaltyOrg)},
		{"penaltylist", list(items...)},
		{"x", "[1]"},
	}
	return members(rapid.Permutation(m).Draw(t, "order")).String()
}
