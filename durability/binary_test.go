//go:build linux

package durability

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// buildProduct builds the binary as it stands, once.
var buildProduct = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.Getenv(workVar), "diaoxiao")
	return path, build(path, "")
})

func product(t *testing.T) string {
	t.Helper()
	path, err := buildProduct()
	must(t, err)
	return path
}

// edit replaces the one place of a text in a source file.
type edit struct{ file, old, new string }

// mutant builds the binary with edits. The tree stays as it is: the edited copies lie in an overlay of the build.
func mutant(t *testing.T, edits []edit) string {
	t.Helper()
	dir := t.TempDir()
	overlay, err := writeOverlay(dir, edits)
	must(t, err)
	path := filepath.Join(dir, "mutant")
	must(t, build(path, overlay))
	return path
}

func build(path, overlay string) error {
	cmd := exec.Command(
		"go", "build", "-buildvcs=false", "-ldflags=-s -w", "-overlay="+overlay, "-o", path, "./cmd/diaoxiao",
	)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// writeOverlay writes the edited copies to dir, and the file that tells the go command of them.
func writeOverlay(dir string, edits []edit) (string, error) {
	replace := make(map[string]string)
	for _, e := range edits {
		original, err := filepath.Abs(filepath.Join("..", e.file))
		if err != nil {
			return "", err
		}
		source := original
		if replace[original] != "" {
			source = replace[original]
		}
		replace[original] = filepath.Join(dir, strings.ReplaceAll(e.file, "/", "_"))
		if err := e.apply(source, replace[original]); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, b, 0o600)
}

// apply fails unless the text stands in the source exactly once: a mutant that is none would prove nothing.
func (e edit) apply(source, target string) error {
	b, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if n := strings.Count(string(b), e.old); n != 1 {
		return fmt.Errorf(
			"%s holds %d times what the mutant edits, want once; follow the product:\n%s", e.file, n, e.old,
		)
	}
	return os.WriteFile(target, []byte(strings.Replace(string(b), e.old, e.new, 1)), 0o600)
}
