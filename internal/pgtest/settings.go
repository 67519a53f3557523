package pgtest

import (
	"os"
	"path/filepath"
	"strings"
)

// defaults are the settings of every server. They are as durable as can be; what only costs time is small.
// dynamic_shared_memory_type keeps in the data what would stay in memory after a kill; with recovery_init_sync_method a
// killed server is back in a fifth of a second, without it in one.
const defaults = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = on
synchronous_commit = on
full_page_writes = on
recovery_init_sync_method = syncfs
max_connections = 100
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
wal_level = replica
wal_log_hints = on
wal_keep_size = 256MB
max_wal_senders = 10
hot_standby = on
logging_collector = off
log_line_prefix = '%m [%p] %a '
`

// initialise makes new data. Of a setting that is given twice PostgreSQL takes the last.
func (s *Server) initialise(settings []string) error {
	err := s.folder.run(
		s.bin.path("initdb"), "-D", s.folder.data(), "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C",
		"--data-checksums", "--no-sync", "--no-instructions",
	)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.folder.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(defaults + strings.Join(settings, "\n") + "\n")
	return err
}
