// Command published writes the files that are drawn from the wire: published ROOT, for go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"diaoxiao/internal/published"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: published ROOT")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "published:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	files, err := published.Files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(f.Path)), []byte(f.Text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
