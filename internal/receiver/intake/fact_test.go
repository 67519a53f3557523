package intake

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// hostileText is what people could write to look like facts: quotes, brackets, blanks, newlines, equals signs, no
// UTF-8.
func hostileText() *rapid.Generator[string] {
	pieces := []string{
		`"`, "'", "`", `\`, "[", "]", " ", "\n", "\t", "=", "role=审计员", ` was="`, `" x="`, "；", "：", "　", "\xff", "甲",
		"a", "\x00", "\u2028", "%q", "",
	}
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "pieces"), "")
	})
}

func someFact() *rapid.Generator[Fact] {
	return rapid.Custom(func(t *rapid.T) Fact {
		key := FactKey(rapid.StringMatching(`[a-z_]{1,12}`).Draw(t, "key"))
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			return WordFact(key, hostileText().Draw(t, "word"))
		case 1:
			return TextFact(key, hostileText().Draw(t, "text"))
		}
		return ListFact(key, rapid.SliceOfN(hostileText(), 0, 4).Draw(t, "list"))
	})
}

// TestFactsRoundTrip holds that ParseFacts reads whatever Facts writes.
func TestFactsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := Facts(rapid.SliceOfN(someFact(), 0, 6).Draw(t, "facts"))
		got, ok := ParseFacts(facts.String())
		if !ok || got.String() != facts.String() {
			t.Fatalf("%q: ok %v, read back %q", facts.String(), ok, got)
		}
		for i, f := range got {
			if f.Key != facts[i].Key || f.form != facts[i].form || !slices.Equal(f.Values, facts[i].Values) {
				t.Fatalf("%q: %v, want %v", facts.String(), f, facts[i])
			}
		}
	})
}

// TestFactsAsBefore holds that facts are written, to the byte, as versions before did, whose text is chained.
func TestFactsAsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string) string { return hostileText().Draw(t, label) }
		word := rapid.StringMatching(`[^ "\[][^ ]{0,9}|`).Draw(t, "word")
		a, b := text("a"), text("b")
		list := rapid.SliceOfN(hostileText(), 0, 4).Draw(t, "list")
		for _, c := range []struct {
			facts Facts
			was   string
		}{
			{Facts{
				TextFact("name", a),
				TextFact("contact", b),
				WordFact("dialect", word),
				ListFact("accounts", list),
				WordFact("secret", "0f"),
			},
				fmt.Sprintf("name=%q contact=%q dialect=%s accounts=%q secret=%s", a, b, word, list, "0f")},
			{
				Facts{TextFact("person", a), RoleFact("role", Clerk), Change{}.Fact()},
				fmt.Sprintf("person=%q role=%s waits=%s", a, Clerk, "无"),
			},
			{App{Name: "x", Contact: "y", Phone: "z"}.changes("n"+a, "c"+b, "0"),
				fmt.Sprintf("name=%q was=%q contact=%q contact_was=%q phone=changed", "n"+a, "x", "c"+b, "y")},
		} {
			if got := c.facts.String(); got != c.was {
				t.Fatalf("%q, versions before wrote %q", got, c.was)
			}
		}
	})
}

// TestFactsOfBefore reads details that versions before have left in databases.
func TestFactsOfBefore(t *testing.T) {
	for _, c := range []struct {
		detail string
		key    FactKey
		want   string
		whole  bool
	}{
		{`name="“甲”局=x" contact="" dialect= accounts=["经办人" "副 手"] secret=0f`, "accounts", "经办人 副 手", true},
		{`name="“甲”局=x" contact="" dialect= accounts=["经办人" "副 手"] secret=0f`, "secret", "0f", true},
		{`name="a\" role=审计员" was="b"`, "was", "b", true},
		{`name="a\" role=审计员" was="b"`, "role", "", true},
		{`person="甲" role=业务员`, "role", "业务员", true},
		{"role=业务员 source=::1", "source", "::1", true},
		{"change=重置（批准后执行） asked_by=\"cli:a login:1\" reason=\"换\\n行\"", "reason", "换\n行", true},
		{`defers=until-approved voids=改角色 waits=重置（批准后执行）`, "defers", "until-approved", true},
		{`accounts=[]`, "accounts", "", true},
		{`name="x`, "name", `"x`, false},
		{`accounts=["a" b] secret=1`, "accounts", `["a"`, false},
		{"no facts", "no", "", false},
		{" a=1", "a", "1", false},
		{"a=1 ", "a", "1", false},
		{"a=1  b=2", "b", "2", false},
		{`a="1"b=2`, "b", "2", false},
	} {
		if fs, ok := ParseFacts(c.detail); ok != c.whole || fs.Get(c.key) != c.want {
			t.Errorf("%q: %s is %q, want %q; whole %v, want %v", c.detail, c.key, fs.Get(c.key), c.want, ok, c.whole)
		}
	}
}

// TestFactTitles holds that every key in the sources has a title, and that no title is without a key: an auditor
// reads no key.
func TestFactTitles(t *testing.T) {
	source, err := os.ReadFile("fact.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`(?m)^\tFact\w+ +FactKey = "([a-z_]+)"$`).FindAllSubmatch(source, -1)
	if len(keys) != len(factTitles) || len(keys) < 20 {
		t.Errorf("%d keys and %d titles", len(keys), len(factTitles))
	}
	for _, k := range keys {
		if FactKey(k[1]).Title() == "" {
			t.Errorf("%s has no title", k[1])
		}
	}
	if FactKey("of_another_version").Title() != "" {
		t.Error("a title for an unknown key")
	}
}
