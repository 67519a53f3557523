// Command style holds the sources to the house style that gofmt and vet do not know: lines of at most 120 columns, doc
// comments that begin with their identifier, and plain words in comments. Run it in the root of the module.
//
// unclean.txt lists the folders that do not keep a rule yet. It only shrinks: a folder that keeps the rule must leave
// it. With -write the list is written anew.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed unclean.txt
var unclean string

// rule is a name in unclean.txt.
type rule string

// The rules.
const (
	width rule = "width" // at most 120 columns
	doc   rule = "doc"   // a doc comment begins with its identifier
	words rule = "words" // no pronouns in the place of a name, see unplain
)

// fault is a place that breaks a rule.
type fault struct {
	rule
	file string
	line int
	text string
}

// place is the folder and the rule of a fault, as unclean.txt has them.
func (f fault) place() string { return path.Dir(f.file) + " " + string(f.rule) }

func main() {
	write := flag.Bool("write", false, "write the list of folders that are not clean")
	flag.Parse()
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run checks every source below the working directory.
func run(write bool) error {
	faults, err := check(".")
	if err != nil {
		return err
	}
	places := make(map[string]bool)
	for _, f := range faults {
		places[f.place()] = true
	}
	if write {
		list := strings.Join(slices.Sorted(maps.Keys(places)), "\n") + "\n"
		return os.WriteFile("scripts/style/unclean.txt", []byte(list), 0o644)
	}
	return report(faults, places)
}

// report prints the faults of folders that must be clean. It fails where there are any, or where the list is too long.
func report(faults []fault, places map[string]bool) error {
	known, bad := strings.Split(strings.TrimSpace(unclean), "\n"), 0
	for _, f := range faults {
		if !slices.Contains(known, f.place()) {
			fmt.Printf("%s:%d: %s: %s\n", f.file, f.line, f.rule, f.text)
			bad++
		}
	}
	for _, p := range known {
		if p != "" && !places[p] {
			fmt.Printf("scripts/style/unclean.txt: %s is clean now, take the line out\n", p)
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d places are not in the house style", bad)
	}
	return nil
}

// check finds the faults of all sources below a folder.
func check(root string) (faults []fault, err error) {
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(p, d.Name())
		}
		generated := filepath.ToSlash(p) == "api/openapi.html"
		if generated || !slices.Contains([]string{".go", ".html", ".css", ".js", ".sql"}, filepath.Ext(p)) {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		found, err := faultsOf(filepath.ToSlash(p), text)
		faults = append(faults, found...)
		return err
	})
	return faults, err
}

// skip leaves out folders that hold no sources of ours, or sources that are never edited.
func skip(p, name string) error {
	hidden := strings.HasPrefix(name, ".") && p != "."
	if hidden || slices.Contains([]string{"testdata", "node_modules", "dist", "bin", "docs", "migrations"}, name) {
		return filepath.SkipDir
	}
	return nil
}

// faultsOf finds the faults of one file.
func faultsOf(file string, text []byte) ([]fault, error) {
	faults := wideLines(file, string(text))
	if path.Ext(file) != ".go" {
		return faults, nil
	}
	more, err := commentFaults(file, text)
	return append(faults, more...), err
}
