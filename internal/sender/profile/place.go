package profile

import (
	"fmt"
	"os"
	"path/filepath"
)

// configDir is where a user's settings of this program are.
func configDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("找不到用户配置目录：%w", err)
	}
	return filepath.Join(dir, "diaoxiao"), nil
}

// DefaultOutbox is beside the settings, one for each profile, so that it is the same from whatever folder one works.
func DefaultOutbox(name string) string {
	dir, err := configDir()
	if err != nil || name == "" {
		return "outbox"
	}
	return filepath.Join(dir, "outbox", name)
}

// DefaultFile is where the profiles are unless the user names another file.
func DefaultFile() (string, error) {
	dir, err := configDir()
	return filepath.Join(dir, "profiles.toml"), err
}
