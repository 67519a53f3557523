// Package diaoxiao_test holds what is true of the module as a whole: which package may import which, that everything
// exported is described, and that what the documents say agrees with the program.
//
// The sources are read and parsed, not asked of go list: go test would take the result of a command from its cache for
// as long as no file that the test itself has opened changes.
package diaoxiao_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "diaoxiao"

// arrows is which packages of the module, and which packages or modules of others, each package may import. A folder
// with /* behind it is each folder in it that has no line of its own.
var arrows = map[string][]string{
	"api":                  {"github.com/go-json-experiment/json/jsontext"},
	"client":               {"diaoxiao/api", "diaoxiao/internal/ctxreader"},
	"internal/ctxreader":   {},
	"internal/beijingtime": {},
	"internal/buildinfo":   {},
	"internal/iso7064":     {},
	"internal/acceptid":    {"diaoxiao/internal/beijingtime", "diaoxiao/internal/iso7064"},
	"internal/charset":     {"golang.org/x/text"},
	"internal/receiver/intake": {
		"diaoxiao/api",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/charset",
		"diaoxiao/internal/rules",
	},
	"internal/receiver/staff": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/receiver/credential",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/rules",
	},
	"internal/receiver/casework": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/workday",
		"diaoxiao/internal/rules",
	},
	"internal/receiver/calllog": {
		"diaoxiao/internal/receiver/intake",
	},
	"internal/receiver/auditlog": {
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/receiver/intake",
	},
	"internal/receiver/verify": {
		"diaoxiao/api",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/rules",
	},
	"internal/rules": {
		"diaoxiao/api",
		"diaoxiao/internal/iso7064",
		"golang.org/x/text",
	},
	"internal/bodies": {"github.com/klauspost/compress"},
	"internal/receiver/store": {
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/bodies",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/store/engine",
		"diaoxiao/internal/receiver/store/postgres",
		"diaoxiao/internal/receiver/store/schema",
		"diaoxiao/internal/receiver/store/sqlite",
		"diaoxiao/internal/rules",
		"github.com/klauspost/compress",
	},
	"internal/receiver/store/schema": {},
	"internal/receiver/store/engine": {
		"diaoxiao/internal/lockfile",
		"diaoxiao/internal/receiver/store/schema",
		"github.com/pressly/goose/v3",
	},
	"internal/receiver/store/sqlite": {
		"diaoxiao/internal/ctxreader",
		"diaoxiao/internal/lockfile",
		"diaoxiao/internal/receiver/store/engine",
		"diaoxiao/internal/receiver/store/schema",
		"diaoxiao/internal/sqliteconn",
		"github.com/pressly/goose/v3",
		"modernc.org/sqlite",
	},
	"internal/receiver/store/postgres": {
		"diaoxiao/internal/receiver/store/engine",
		"diaoxiao/internal/receiver/store/schema",
		"github.com/jackc/pgx/v5",
		"github.com/pressly/goose/v3",
	},
	"internal/receiver/httpapi": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/charset",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/peer",
	},
	"internal/receiver/console": {
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/calllog",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/console/*",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/peer",
		"diaoxiao/internal/receiver/staff",
		"diaoxiao/internal/receiver/workday",
	},
	"internal/receiver/console/*": { // the pages, of which none imports another
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/display",
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/console/page",
		"diaoxiao/internal/receiver/credential",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/peer",
		"diaoxiao/internal/receiver/staff",
		"diaoxiao/internal/rules",
		"rsc.io/qr",
	},
	"internal/receiver/console/page": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/display",
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/calllog",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/peer",
		"diaoxiao/internal/receiver/staff",
		"diaoxiao/internal/receiver/workday",
		"diaoxiao/internal/rules",
		"github.com/xuri/excelize/v2",
	},
	"internal/receiver/peer": {},
	"internal/sender/sheet": {
		"diaoxiao/api",
		"diaoxiao/internal/ctxreader",
		"diaoxiao/internal/rules",
		"diaoxiao/internal/sender/sheet/grid",
		"github.com/xuri/excelize/v2",
	},
	"internal/sender/sheet/grid": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/charset",
		"diaoxiao/internal/rules",
	},
	"sandbox": {
		"diaoxiao/api",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/charset",
		"diaoxiao/internal/iso7064",
		"diaoxiao/internal/receiver/httpapi",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/store",
		"diaoxiao/internal/receiver/verify",
		"diaoxiao/internal/rules",
		"github.com/go-json-experiment/json",
	},
	"conformance": {
		"diaoxiao/conformance/internal/checks",
		"diaoxiao/conformance/internal/trial",
		"diaoxiao/docs",
		"diaoxiao/internal/beijingtime",
	},
	"conformance/internal/checks": {
		"diaoxiao/api",
		"diaoxiao/conformance/internal/sample",
		"diaoxiao/conformance/internal/trial",
		"diaoxiao/conformance/internal/wire",
		"diaoxiao/internal/beijingtime",
	},
	"conformance/internal/trial": {
		"diaoxiao/api",
		"diaoxiao/conformance/internal/sample",
		"diaoxiao/conformance/internal/wire",
	},
	"conformance/internal/wire":   {"diaoxiao/api"},
	"conformance/internal/sample": {},
	"docs":                        {},
	"internal/receiver/config": {
		"diaoxiao/api",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/receiver/calllog",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/tomlfile",
		"github.com/caarlos0/env/v11",
		"github.com/spf13/pflag",
	},
	"internal/receiver/server": {
		"diaoxiao/internal/buildinfo",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/diskroom",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/calllog",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/config",
		"diaoxiao/internal/receiver/console",
		"diaoxiao/internal/receiver/httpapi",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/peer",
		"diaoxiao/internal/receiver/staff",
		"diaoxiao/internal/receiver/store",
		"diaoxiao/internal/receiver/verify",
		"diaoxiao/internal/receiver/workday",
		"github.com/prometheus/client_golang",
		"golang.org/x/term",
	},
	"internal/receiver/receivertest": {
		"diaoxiao/api",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/verify",
		"diaoxiao/sandbox",
	},
	"internal/receiver/cli": {
		"diaoxiao/api",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/buildinfo",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/receiver/auditlog",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/config",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/server",
		"diaoxiao/internal/receiver/staff",
		"diaoxiao/internal/receiver/store",
		"diaoxiao/internal/receiver/verify",
		"github.com/go-json-experiment/json",
		"github.com/spf13/cobra",
		"github.com/spf13/pflag",
	},
	"internal/trial": {
		"diaoxiao/api",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/buildinfo",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/receiver/casework",
		"diaoxiao/internal/receiver/config",
		"diaoxiao/internal/receiver/httpapi",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/server",
		"diaoxiao/internal/rules",
		"diaoxiao/sandbox",
		"github.com/go-json-experiment/json",
		"github.com/spf13/cobra",
	},
	"internal/tomlfile": {
		"github.com/pelletier/go-toml/v2",
	},
	"cmd/diaoxiao": {
		"diaoxiao/internal/buildinfo",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/receiver/cli",
		"diaoxiao/internal/receiver/config",
		"diaoxiao/internal/receiver/intake",
		"diaoxiao/internal/receiver/server",
		"diaoxiao/internal/receiver/store",
		"diaoxiao/internal/sender/cli",
		"diaoxiao/internal/trial",
		"github.com/spf13/cobra",
	},
	"durability": {},
	"internal/sender/outbox": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/internal/bodies",
		"diaoxiao/internal/lockfile",
		"diaoxiao/internal/rules",
		"diaoxiao/internal/sqliteconn",
		"github.com/klauspost/compress",
		"modernc.org/sqlite",
	},
	"internal/published": {"diaoxiao/api", "go.yaml.in/yaml/v4"},
	"scripts/published":  {"diaoxiao/internal/published"},
	"interop":            {},
	"internal/lockfile":  {"golang.org/x/sys"},
	"internal/diskroom":  {"golang.org/x/sys"},
	"internal/openapi": {
		"diaoxiao/api",
		"github.com/santhosh-tekuri/jsonschema/v6",
		"go.yaml.in/yaml/v4",
	},
	"internal/sqliteconn":          {},
	"internal/pgtest":              {"github.com/jackc/pgx/v5"},
	"internal/receiver/credential": {"golang.org/x/crypto/argon2"},
	"internal/display":             {"golang.org/x/text/width"},
	"internal/explain":             {"diaoxiao/internal/display"},
	"internal/sender/doctor": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/diskroom",
		"diaoxiao/internal/display",
		"diaoxiao/internal/sender/outbox",
	},
	"internal/sender/reconcile": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/display",
		"diaoxiao/internal/sender/outbox",
		"diaoxiao/internal/sender/sheet",
	},
	"internal/receiver/workday": {"diaoxiao/internal/beijingtime"},
	"scripts/testsum":           {},
	"scripts/style":             {},
	"internal/cli": {
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/rules",
		"github.com/caarlos0/env/v11",
		"github.com/spf13/cobra",
		"github.com/spf13/pflag",
		"golang.org/x/term",
	},
	"internal/sender/cli": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/conformance",
		"diaoxiao/internal/acceptid",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/buildinfo",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/diskroom",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/sender/doctor",
		"diaoxiao/internal/sender/outbox",
		"diaoxiao/internal/sender/profile",
		"diaoxiao/internal/sender/reconcile",
		"diaoxiao/internal/sender/sheet",
		"diaoxiao/internal/sender/submission",
		"github.com/spf13/cobra",
		"github.com/spf13/pflag",
	},
	"internal/sender/profile": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/internal/cli",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/tomlfile",
		"golang.org/x/term",
	},
	"internal/sender/submission": {
		"diaoxiao/api",
		"diaoxiao/client",
		"diaoxiao/internal/beijingtime",
		"diaoxiao/internal/display",
		"diaoxiao/internal/explain",
		"diaoxiao/internal/rules",
		"diaoxiao/internal/sender/outbox",
		"diaoxiao/internal/sender/reconcile",
		"diaoxiao/internal/sender/sheet",
	},
}

// testArrows is what tests may import besides the packages of the module and what arrows allows anywhere.
var testArrows = []string{
	"github.com/chromedp/cdproto",
	"github.com/chromedp/chromedp",
	"github.com/getkin/kin-openapi",
	"github.com/go-json-experiment/json",
	"github.com/google/go-cmp",
	"github.com/rogpeppe/go-internal/testscript",
	"pgregory.net/rapid",
}

// The sides of the wire.
const (
	sender   = "the sender"
	receiver = "the receiver"
	shared   = "both sides"
	whole    = "the whole" // brings sender and receiver together
	forTests = "tests"
)

// sides is the side of each package whose folder does not say it. Sender and receiver share the wire itself and small
// packages that know neither.
var sides = map[string]string{
	"client": sender,

	"cmd/diaoxiao":   whole,
	"internal/trial": whole,
	"sandbox":        whole,

	"durability":         forTests,
	"internal/published": forTests, "scripts/published": forTests,
	"interop":                        forTests,
	"internal/receiver/receivertest": forTests,
	"internal/openapi":               forTests,
	"internal/pgtest":                forTests,
	"scripts/testsum":                forTests,
	"scripts/style":                  forTests,
}

// sideOf is the side of the wire to which a package belongs.
func sideOf(dir string) string {
	switch side, named := sides[dir]; {
	case named:
		return side
	case strings.HasPrefix(dir, "internal/sender/"):
		return sender
	case strings.HasPrefix(dir, "internal/receiver/"):
		return receiver
	}
	return shared
}

// source is one parsed file.
type source struct {
	path string // slash-separated, from the root of the module
	dir  string
	test bool
	file *ast.File
}

// sources parses every Go file of the module.
func sources(t *testing.T, fset *token.FileSet) (all []source) {
	t.Helper()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(p) != ".go" {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, p, text, parser.ParseComments)
		slash := filepath.ToSlash(p)
		all = append(all, source{slash, path.Dir(slash), strings.HasSuffix(p, "_test.go"), f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d Go files found", len(all))
	}
	return all
}

func (s source) imports() (paths []string) {
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

// within reports whether an import path is one of those allowed, or below one.
func within(importPath string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return importPath == a || strings.HasPrefix(importPath, a+"/") || named(importPath, []string{a})
	})
}

// named reports whether an import path is one of those allowed, or a folder in one with /* behind it.
func named(importPath string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return importPath == a || path.Dir(importPath)+"/*" == a
	})
}

func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return first != module && !strings.Contains(first, ".")
}

func inModule(importPath string) bool { return within(importPath, []string{module}) }

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

// Sender and receiver meet on the wire alone: no package of one side imports one of the other, and what both share
// imports neither.
func TestSidesOfTheWire(t *testing.T) {
	for _, s := range sources(t, token.NewFileSet()) {
		own := sideOf(s.dir)
		if s.test || own != sender && own != receiver && own != shared {
			continue
		}
		for _, p := range s.imports() {
			if other := sideOf(strings.TrimPrefix(p, module+"/")); inModule(p) && other != own && other != shared {
				t.Errorf("%s imports %s: package %s is of %s, the other of %s", s.path, p, s.dir, own, other)
			}
		}
	}
}

// Anything that is for tests is no part of the product: arrows lets only the package of tests import it.
func TestProductDoesNotImportWhatIsForTests(t *testing.T) {
	for dir, allowed := range arrows {
		for _, p := range []string{"internal/pgtest", "internal/openapi", "internal/receiver/receivertest"} {
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
