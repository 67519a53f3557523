// Package diaoxiao_test holds what is true of the module as a whole: which package may import which, that everything
// exported is described, and that what the documents say agrees with the program.
//
// The sources are read and parsed, not asked of go list: go test would take the result of a command from its cache for
// as long as no file that the test itself has opened changes.
package diaoxiao_test

import (
	"go/token"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "diaoxiao"

func TestImportArrows(t *testing.T) {
	used := make(map[string]map[string]bool)
	for _, s := range sources(t, token.NewFileSet()) {
		line := s.dir
		if _, own := arrows[line]; !own {
			line = path.Dir(s.dir) + "/*"
		}
		allowed, known := arrows[line]
		if !known && s.dir != "." {
			t.Errorf("%s: package %s has no line in arrows", s.path, s.dir)
			continue
		}
		if s.test {
			continue
		}
		if used[line] == nil {
			used[line] = make(map[string]bool)
		}
		for _, p := range s.imports() {
			if isStandard(p) {
				continue
			}
			if !within(p, allowed) || inModule(p) && !named(p, allowed) {
				t.Errorf("%s imports %s; package %s may import %q", s.path, p, s.dir, allowed)
			}
			for _, a := range allowed {
				used[line][a] = used[line][a] || within(p, []string{a})
			}
		}
	}
	for dir, allowed := range arrows {
		for _, a := range allowed {
			if !used[dir][a] {
				t.Errorf("arrows allows %s to import %s, which it does not; take the line out", dir, a)
			}
		}
	}
}

// Anything that is for tests is no part of the product: arrows lets only the package of tests import it.
func TestProductDoesNotImportWhatIsForTests(t *testing.T) {
	for dir, allowed := range arrows {
		for _, p := range []string{"internal/pgtest", "internal/openapi", "internal/evidence/stamptest",
			"internal/receiver/receivertest"} {
			if dir != "durability" && slices.Contains(allowed, module+"/"+p) {
				t.Errorf("arrows allows %s to import %s, which is for tests", dir, p)
			}
		}
	}
}

// Tests come in by the front door, so they may import every package of the module but commands; what they use of others
// is either the product's too or in a short list.
func TestImportsOfTests(t *testing.T) {
	allowed := slices.Concat(append(slices.Collect(maps.Values(arrows)), testArrows)...)
	for _, s := range sources(t, token.NewFileSet()) {
		for _, p := range s.imports() {
			if within(p, []string{module + "/cmd"}) {
				t.Errorf("%s imports the command %s", s.path, p)
			}
			if s.test && !isStandard(p) && !inModule(p) && !within(p, allowed) {
				t.Errorf("%s imports %s, which is not in testArrows", s.path, p)
			}
		}
	}
}

// Every module that go.mod requires directly has a place in the tables above.
func TestRequirementsHaveAPlace(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	allowed := slices.Concat(append(slices.Collect(maps.Values(arrows)), testArrows)...)
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(text), -1) {
		if !slices.ContainsFunc(allowed, func(a string) bool { return within(a, m[1:]) }) {
			t.Errorf("go.mod requires %s, which no package may import", m[1])
		}
	}
}

// The arrows that the README shows are those above.
func TestArrowsInREADME(t *testing.T) {
	text := read(t, "README.md")
	for dir, allowed := range arrows {
		m := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(dir) + "/?` \\|.*\\|([^|]*)\\|$").
			FindStringSubmatch(text)
		if m == nil {
			t.Errorf("README.md: no row for %s in the layout table", dir)
			continue
		}
		var want []string
		for _, a := range allowed {
			if inModule(a) {
				want = append(want, "`"+shortName(a)+"`")
			}
		}
		got := regexp.MustCompile("`[^`]*`").FindAllString(m[1], -1)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("README.md: %s imports %q according to the layout table, %q in truth", dir, got, want)
		}
	}
}

// shortName is the last part of a package's path, or the path below internal where other packages have that part too.
// Of all folders in one it is the last part of that, with /*.
func shortName(importPath string) string {
	if dir, all := strings.CutSuffix(importPath, "/*"); all {
		return path.Base(dir) + "/*"
	}
	same := 0
	for dir := range arrows {
		if path.Base(dir) == path.Base(importPath) {
			same++
		}
	}
	if same > 1 {
		return strings.TrimPrefix(strings.TrimPrefix(importPath, module+"/"), "internal/")
	}
	return path.Base(importPath)
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
