package store

import "embed"

//go:embed migrations/sqlite/*.sql
var migrations embed.FS
