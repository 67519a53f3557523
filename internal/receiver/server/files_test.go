package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/config"
)

// A data folder that is a file is refused before the server stumbles over it.
func TestDataIsAFile(t *testing.T) {
	conf := config.Defaults()
	conf.Data = filepath.Join(t.TempDir(), "data")
	if err := checkFolder(&conf); err != nil {
		t.Errorf("none yet: %v", err)
	}
	if err := os.WriteFile(conf.Data, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkFolder(&conf); err == nil || !strings.Contains(err.Error(), "应为目录") {
		t.Errorf("got %v", err)
	}
}
