package store

import "io/fs"

// Migrating is o for a program with other migrations, in the folders of this one.
func (o Options) Migrating(files fs.FS) Options {
	o.migrations = files
	return o
}
