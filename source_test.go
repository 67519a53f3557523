package diaoxiao_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

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
