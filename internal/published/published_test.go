package published_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/published"
)

// TestFilesAreUpToDate holds the published files to their sources.
func TestFilesAreUpToDate(t *testing.T) {
	files, err := published.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Errorf("%d files", len(files))
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), f.Text); diff != "" {
			t.Errorf("%s is not up to date; make generate writes it (-file +now)\n%s", f.Path, diff)
		}
	}
}
