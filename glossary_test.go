package diaoxiao_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"testing"
)

// TestGlossary compares docs/glossary.md with the sources: each identifier is declared in the file that its row links,
// and no word names two things.
func TestGlossary(t *testing.T) {
	row := regexp.MustCompile(`(?m)^\| (\S+) \| ([a-z ]+) \| \[(\w+)\]\(([^)]+)\) \|`)
	rows := row.FindAllStringSubmatch(read(t, "docs/glossary.md"), -1)
	if len(rows) < 30 {
		t.Fatalf("docs/glossary.md has %d rows", len(rows))
	}
	seen := make(map[string]bool)
	for _, r := range rows {
		for _, word := range r[1:3] {
			if word != "—" && seen[word] {
				t.Errorf("docs/glossary.md: two rows for %s", word)
			}
			seen[word] = true
		}
		if file := filepath.Join("docs", r[4]); !declares(t, file, r[3]) {
			t.Errorf("docs/glossary.md: %s: %s does not declare %s", r[1], file, r[3])
		}
	}
}

// declares reports whether a file declares a name: a type, a function or a method.
func declares(t *testing.T, file, name string) bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == name {
				return true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if typ, ok := s.(*ast.TypeSpec); ok && typ.Name.Name == name {
					return true
				}
			}
		}
	}
	return false
}
