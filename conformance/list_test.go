package conformance_test

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/conformance"
)

var idForm = regexp.MustCompile(`^(\d(\.\d)+|[CS]\d+)-(\d\d|\d{5})$`)

// Checks come in the order of the clauses, each number once.
func TestListOrder(t *testing.T) {
	var order []string
	for _, c := range conformance.Clauses() {
		order = append(order, c.No)
	}
	seen := make(map[string]bool)
	var last conformance.Check
	for _, c := range conformance.Checks() {
		if !idForm.MatchString(c.ID) || c.Title == "" ||
			c.Requirement != conformance.Must && c.Requirement != conformance.Should {
			t.Errorf("%+v", c)
		}
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		if last.ID != "" && cmp.Or(
			cmp.Compare(slices.Index(order, last.Clause()), slices.Index(order, c.Clause())),
			cmp.Compare(number(last), number(c)),
		) >= 0 {
			t.Errorf("%s stands after %s", c.ID, last.ID)
		}
		last = c
	}
}

func number(c conformance.Check) int {
	n, _ := strconv.Atoi(c.ID[strings.LastIndexByte(c.ID, '-')+1:])
	return n
}

// Every clause of the document from chapter 2 to 5 that demands something, and every decision, has a check.
func TestEveryClauseHasACheck(t *testing.T) {
	want := []string{"2.1", "2.2", "2.3", "2.4", "3.1", "3.1.1", "3.1.2", "3.2", "4.1", "5.1"}
	text, err := os.ReadFile("../docs/divergences.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\| ([CS]\d+) \|`).FindAllStringSubmatch(string(text), -1) {
		want = append(want, m[1])
	}
	if len(want) < 10+7+26 {
		t.Fatalf("only %d clauses and decisions found", len(want))
	}
	var have []string
	for _, c := range conformance.Clauses() {
		have = append(have, c.No)
		if !slices.ContainsFunc(conformance.Checks(), func(k conformance.Check) bool { return k.Clause() == c.No }) {
			t.Errorf("no check for %s", c.No)
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("clauses %q, want %q", have, want)
	}
}

func TestSelect(t *testing.T) {
	ids := func(selectors ...string) (ids []string) {
		checks, unknown := conformance.Select(selectors)
		for _, c := range checks {
			ids = append(ids, c.ID)
		}
		return append(ids, unknown...)
	}
	if got := ids("S18", "S99", "C4-01", "S1-03"); fmt.Sprint(got) != "[C4-01 S1-03 S18-01 S18-02 S18-03 S18-04 S99]" {
		t.Errorf("%q", got)
	}
	for selector, clauses := range map[string]string{
		"3":   "3.1 3.1.1 3.1.2 3.2",
		"3.1": "3.1 3.1.1 3.1.2",
		"S1":  "S1",
		"C":   "C1 C2 C3 C4 C5 C6 C7",
	} {
		checks, _ := conformance.Select([]string{selector})
		var got []string
		for _, c := range checks {
			got = append(got, c.Clause())
		}
		if strings.Join(slices.Compact(got), " ") != clauses {
			t.Errorf("%s selects %q", selector, slices.Compact(got))
		}
	}
	if len(ids()) != len(conformance.Checks()) {
		t.Error("no selector does not select everything")
	}
}
