package diaoxiao_test

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every package opens with one comment that gives its job.
func TestPackageComments(t *testing.T) {
	comments := make(map[string][]string)
	for _, s := range sources(t, token.NewFileSet()) {
		if s.test && s.dir != "." {
			continue
		}
		if comments[s.dir] == nil {
			comments[s.dir] = []string{}
		}
		if s.file.Doc == nil {
			continue
		}
		comments[s.dir] = append(comments[s.dir], s.path)
		want := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			want = "Command "
		}
		if text := s.file.Doc.Text(); !strings.HasPrefix(text, want) {
			t.Errorf("%s: the package comment should begin with %q", s.path, want)
		}
	}
	for dir, files := range comments {
		if len(files) != 1 {
			t.Errorf("package %s has %d package comments: %q", dir, len(files), files)
		}
	}
}

// selfEvident are methods whose contract is that of the standard library.
var selfEvident = []string{"Error", "Unwrap", "Is", "Read", "Write", "Close"}

func TestEverythingExportedIsDescribed(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			for _, id := range undescribed(d) {
				t.Errorf("%s: %s has no doc comment", fset.Position(id.Pos()), id.Name)
			}
		}
	}
}

// undescribed lists the exported names of a declaration without a comment of their own or of their group.
func undescribed(d ast.Decl) (names []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() &&
			!(d.Recv != nil && (!exportedReceiver(d) || slices.Contains(selfEvident, d.Name.Name))) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && spec.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
					names = append(names, spec.Name)
				}
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					if n.IsExported() && spec.Doc == nil && spec.Comment == nil && d.Doc == nil {
						names = append(names, n)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	x := d.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	id, ok := x.(*ast.Ident)
	return !ok || id.IsExported()
}

// A package does nothing by being imported, and keeps no state of its own: no init, no exported variable but error
// values, and no variable that a function changes.
func TestPackagesKeepNoState(t *testing.T) {
	fset := token.NewFileSet()
	variables := make(map[string]map[string]bool) // by directory
	var product []source
	for _, s := range sources(t, fset) {
		if s.test {
			continue
		}
		product = append(product, s)
		if variables[s.dir] == nil {
			variables[s.dir] = make(map[string]bool)
		}
		maps.Copy(variables[s.dir], packageVariables(s.file))
	}
	for _, s := range product {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: a package has no init", fset.Position(f.Pos()))
			}
			if ok && f.Body != nil {
				for _, id := range changed(f, variables[s.dir]) {
					t.Errorf(
						"%s: %s is a variable of the package; nothing may change it",
						fset.Position(id.Pos()),
						id.Name,
					)
				}
			}
		}
	}
	for dir, names := range variables {
		for name := range names {
			if ast.IsExported(name) && !strings.HasPrefix(name, "Err") &&
				dir+"."+name != "internal/beijingtime.Zone" { // as time.UTC is one
				t.Errorf("package %s exports the variable %s; anybody could change it", dir, name)
			}
		}
	}
}

func packageVariables(f *ast.File) map[string]bool {
	names := make(map[string]bool)
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for _, n := range spec.(*ast.ValueSpec).Names {
					names[n.Name] = n.Name != "_"
				}
			}
		}
	}
	return names
}

// changed lists where a function assigns to a variable of its package, or to an element or member of one. A name that
// the function declares itself is taken for its own.
func changed(f *ast.FuncDecl, variables map[string]bool) (ids []*ast.Ident) {
	own := declared(f)
	note := func(x ast.Expr) {
		if id := root(x); id != nil && variables[id.Name] && !own[id.Name] {
			ids = append(ids, id)
		}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				note(x)
			}
		case *ast.IncDecStmt:
			note(n.X)
		}
		return true
	})
	return ids
}

// declared is every name that a function declares: its receiver, parameters, results and variables.
func declared(f *ast.FuncDecl) map[string]bool {
	names := make(map[string]bool)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		case *ast.RangeStmt:
			for _, x := range []ast.Expr{n.Key, n.Value} {
				if id, ok := x.(*ast.Ident); ok {
					names[id.Name] = true
				}
			}
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				if id, ok := x.(*ast.Ident); ok && n.Tok == token.DEFINE {
					names[id.Name] = true
				}
			}
		}
		return true
	})
	return names
}

// root is the variable that an expression such as a.b[i].c is a part of.
func root(x ast.Expr) *ast.Ident {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		default:
			return nil
		}
	}
}
