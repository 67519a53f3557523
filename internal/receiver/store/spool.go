package store

import (
	"bytes"
	"io"
	"os"
)

// spool holds the compressed bytes of one large body: in memory at first, then in a file without a name.
type spool struct {
	dir  string
	mem  bytes.Buffer
	file *os.File
	size int64
}

func (s *spool) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if s.file == nil && s.size <= spoolInMem {
		return s.mem.Write(p)
	}
	if s.file == nil {
		if err := s.toFile(); err != nil {
			return 0, err
		}
	}
	return s.file.Write(p)
}

func (s *spool) toFile() (err error) {
	if s.file, err = os.CreateTemp(s.dir, "body-"); err != nil {
		return err
	}
	os.Remove(s.file.Name()) // where open files cannot be removed, close does it
	_, err = s.file.Write(s.mem.Bytes())
	s.mem = bytes.Buffer{}
	return err
}

// reader reads from the beginning; it may be asked for again.
func (s *spool) reader() io.Reader {
	if s.file == nil {
		return bytes.NewReader(s.mem.Bytes())
	}
	return io.NewSectionReader(s.file, 0, s.size)
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	os.Remove(s.file.Name())
	s.file = nil
	return err
}

// SpoolDir is the folder of files that are there for a while only; "": where the system keeps such files.
func (s *Store) SpoolDir() string { return s.engine.SpoolDir() }
