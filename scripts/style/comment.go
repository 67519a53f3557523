package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// unplain finds words that the house style avoids: a masculine pronoun for a reader, a program or a person, and an
// interrogative in the place of a noun, as far as the words around it show that.
var unplain = regexp.MustCompile(`\b(?:he|his|him|himself)\b` +
	`|(?:^|[.:;] )(?:Who|What|Whoever)\b` +
	`|\b(?:by|of|for|to|from|with|than|as) who\b`)

// commentFaults are the faults of the comments of a Go file.
func commentFaults(file string, text []byte) (faults []fault, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	add := func(r rule, at token.Pos, text string) {
		faults = append(faults, fault{r, file, fset.Position(at).Line, text})
	}
	for _, d := range f.Decls {
		for _, n := range misnamed(d) {
			add(doc, n.Pos(), "the doc comment of "+n.Name+" begins with another word")
		}
	}
	for _, g := range f.Comments {
		for _, c := range g.List {
			if m := unplain.FindString(strings.TrimPrefix(c.Text, "// ")); m != "" {
				add(words, c.Pos(), "“"+m+"” in "+c.Text)
			}
		}
	}
	return faults, nil
}

// misnamed are the names of a declaration whose doc comments begin with another word. The comment of a group is about
// all of it, that of a test says what is tested.
func misnamed(d ast.Decl) (names []*ast.Ident) {
	check := func(c *ast.CommentGroup, n *ast.Ident) {
		if c.Text() != "" && !begins(c.Text(), n.Name) {
			names = append(names, n)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !isTest(d) {
			check(d.Doc, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				check(docOf(d, s.Doc), s.Name)
			case *ast.ValueSpec:
				if !d.Lparen.IsValid() && len(s.Names) == 1 {
					check(docOf(d, s.Doc), s.Names[0])
				}
			}
		}
	}
	return names
}

// docOf is the comment of a declaration of its own, or else that of a member of a group.
func docOf(d *ast.GenDecl, own *ast.CommentGroup) *ast.CommentGroup {
	if own == nil && !d.Lparen.IsValid() {
		return d.Doc
	}
	return own
}

// begins reports whether a comment begins with a name.
func begins(comment, name string) bool {
	rest, ok := strings.CutPrefix(comment, name)
	return ok && (rest == "" ||
		!strings.ContainsAny(rest[:1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"))
}

// isTest reports whether go test runs a function by its name.
func isTest(d *ast.FuncDecl) bool {
	for _, p := range []string{"Test", "Benchmark", "Fuzz", "Example", "main"} {
		if d.Recv == nil && strings.HasPrefix(d.Name.Name, p) {
			return true
		}
	}
	return false
}
