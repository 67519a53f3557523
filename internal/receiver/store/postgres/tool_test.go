package postgres

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A program of PostgreSQL that is missing or older than the server is named with the package that has it.
func TestToolMissing(t *testing.T) {
	ctx := t.Context()
	c := opened(t)
	p, err := c.findPrimary(ctx)
	if err != nil || p.major < 15 {
		t.Fatal(p, err)
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err := os.WriteFile(filepath.Join(dir, "pg_older"), []byte("#!/bin/sh\necho 'pg_older (PostgreSQL) 9.6.24'\n"),
		0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"pg_missing": "没有找到 pg_missing；请安装 postgresql-client-",
		"pg_older": "pg_older 的版本为9，旧于数据库服务器的"} {
		if _, err := c.find(ctx, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, err := c.find(context.WithoutCancel(ctx), "pg_dump")
	if err != nil || slices.ContainsFunc(found.env, func(v string) bool {
		return strings.HasPrefix(v,
			"PGHOSTADDR=")
	}) {
		t.Error(found.path, err)
	}
}
