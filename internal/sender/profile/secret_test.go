package profile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where others may read the file of a secret, that is said once.
func TestSecretFileOfOthersIsToldOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("geheim"), 0o644); err != nil {
		t.Fatal(err)
	}
	var errw strings.Builder
	s := NewSecret(t.Context(), nil, &errw, path, "")
	for range 2 {
		if _, err := s.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := errw.String(); strings.Count(got, "chmod 600 "+path) != 1 {
		t.Error(got)
	}
}
