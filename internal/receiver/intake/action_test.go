package intake_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// TestActionTitles holds that every action that is written has one title, and that no title is without an action.
func TestActionTitles(t *testing.T) {
	titled, keys := make(map[string]string), make(map[string]bool)
	for _, g := range intake.ActionGroups() {
		if keys[g.Key] || g.Title == "" {
			t.Errorf("group %q", g.Key)
		}
		keys[g.Key] = true
		for _, a := range g.Actions {
			for other, title := range titled {
				if other == string(a.Action) || title == a.Title {
					t.Errorf("%q and %q have one code or one title", other, a.Action)
				}
			}
			if titled[string(a.Action)] = a.Title; a.Title == "" || a.Action.Title() != a.Title {
				t.Errorf("%q: %q", a.Action, a.Title)
			}
		}
	}
	declared, used := actionsInSources(t)
	if len(declared) < 50 {
		t.Fatalf("only %d actions found in the sources", len(declared))
	}
	for name, code := range declared {
		if titled[code] == "" && !slices.Contains(ofOlderVersions, code) {
			t.Errorf("%s has no title", name)
		}
		if delete(titled, code); used[name] == 0 {
			t.Errorf("%s is written nowhere", name)
		}
	}
	for code := range titled {
		t.Errorf("%q has a title and is no constant", code)
	}
	if got := intake.Action("case return").Title(); got != "退回（命令行）" {
		t.Error(got)
	}
	if got := intake.Action("of another version").Title(); got != "of another version" {
		t.Error(got)
	}
}

// ofOlderVersions are actions that this version does not write.
var ofOlderVersions = []string{"case return", "case ask publish", "case withdraw publish", "case refuse publish",
	"case agree publish"}

// actionsInSources is the constants of type Action with their codes, and how often each is used outside action.go. A
// code that is written as a literal fails the test: it would pass by the table.
func actionsInSources(t *testing.T) (declared map[string]string, used map[string]int) {
	t.Helper()
	var files []string
	for _, dir := range []string{".", "../auditlog", "../calllog", "../casework", "../evidencelog", "../registrar",
		"../staff", "../verify"} {
		some, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(some) == 0 {
			t.Fatal(dir, err)
		}
		files = append(files, some...)
	}
	declared, used = make(map[string]string), make(map[string]int)
	parse := func(name string) *ast.File {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	codes := make(map[string]bool)
	ast.Inspect(parse("action.go"), func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && fmt.Sprint(v.Type) == "Action" {
			code, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			declared[v.Names[0].Name], codes[code] = code, true
		}
		return true
	})
	for _, name := range files {
		if filepath.Base(name) == "action.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(parse(name), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				used[n.Name]++
			case *ast.BasicLit:
				if code, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && codes[code] &&
					code != "export" {
					t.Errorf("%s: the literal %q in place of the constant", name, code)
				}
			case *ast.CallExpr:
				if fmt.Sprint(n.Fun) == "Action" {
					t.Errorf("%s: an action made of a text", name)
				}
			}
			return true
		})
	}
	return declared, used
}
