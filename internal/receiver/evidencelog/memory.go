package evidencelog

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"diaoxiao/internal/evidence"
)

// Memory remembers, outside the database, the last checkpoint that this node has seen. With it a node notices that the
// database was replaced by an older one, and signs nothing that would fork the log.
type Memory struct{ path string }

// NewMemory remembers in a folder, which is that of the keys: it is in no backup of the database.
func NewMemory(folder string) Memory { return Memory{filepath.Join(folder, "last.checkpoint")} }

// Last is the last checkpoint that was seen; ok is false where there was none.
func (m Memory) Last() (c evidence.Checkpoint, ok bool, err error) {
	note, err := m.Note()
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c, err = evidence.UnsignedCheckpoint(note)
	return c, err == nil, err
}

// Note is the last checkpoint as it was signed.
func (m Memory) Note() ([]byte, error) { return os.ReadFile(m.path) }

// Keep remembers a signed checkpoint. It is durable when Keep returns.
func (m Memory) Keep(note []byte) error {
	next := m.path + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(note)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(next, m.path)
}
