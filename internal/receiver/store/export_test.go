package store

import (
	"context"
	"io/fs"

	"diaoxiao/internal/receiver/store/engine"
)

// Migrating is o for a program with other migrations, in the folders of this one.
func (o Options) Migrating(files fs.FS) Options {
	o.migrations = files
	return o
}

// Setting is what a setting of PostgreSQL is on a connection for reading.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.view(ctx, func(t *handle) error {
		value, err = engine.Value[string](t, "SELECT current_setting($1)", name)
		return err
	})
	return value, err
}
