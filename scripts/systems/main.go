// Command systems type-checks all packages and tests for other systems than this one, without compiling them: what
// names a function that a system does not have, and a module that does not know the system, is found so; a compiler
// finds no more, but takes minutes for each.
//
//	systems linux/arm64 windows/amd64...
package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	var all error
	for _, system := range os.Args[1:] {
		all = errors.Join(all, check(system))
	}
	if all != nil {
		fmt.Fprintln(os.Stderr, all)
		os.Exit(1)
	}
}

const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes |
	packages.NeedModule

// check type-checks everything for one system, named as GOOS/GOARCH.
func check(system string) error {
	goos, goarch, ok := strings.Cut(system, "/")
	here, err := os.Getwd()
	if err = cmp.Or(err, noSystem(system, ok)); err != nil {
		return err
	}
	loaded, err := packages.Load(&packages.Config{
		Mode:  mode,
		Tests: true,
		Env:   append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch),
		ParseFile: func(fset *token.FileSet, name string, text []byte) (*ast.File, error) {
			return parse(fset, name, text, strings.HasPrefix(name, here+string(filepath.Separator)))
		},
	}, "./...")
	if err != nil {
		return fmt.Errorf("%s: %w", system, err)
	}
	var faults []error
	packages.Visit(loaded, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if isOurs(p) || e.Kind == packages.ListError {
				faults = append(faults, fmt.Errorf("%s: %w", system, e))
			}
		}
	})
	if len(faults) == 0 {
		fmt.Printf("%s: %d packages and tests\n", system, len(loaded))
	}
	return errors.Join(faults...)
}

func noSystem(system string, ok bool) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%q: want GOOS/GOARCH", system)
}

// isOurs reports whether a package is one of this module, or has tests of one; the main packages that go test makes of
// them are not.
func isOurs(p *packages.Package) bool {
	return p.Module != nil && p.Module.Main && !strings.HasSuffix(p.ID, ".test")
}

// parse reads a file; of modules of others only what they declare is asked for, not what their functions do.
func parse(fset *token.FileSet, name string, text []byte, ours bool) (*ast.File, error) {
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if f == nil || ours {
		return f, err
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			fn.Body = nil
		}
	}
	return f, err
}
