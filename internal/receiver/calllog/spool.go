package calllog

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// spool is a folder of calls that wait to be written and that memory does not hold: some thousand in a file, the oldest
// in the file with the lowest number. Nothing of it is synced, for a crash may lose calls. The folder is there only
// while there are files. The queue guards it; only first and holds may be called beside.
type spool struct {
	dir  string // "": one among the temporary files of the system, made when needed
	temp bool   // it is such a one
	most int64  // bytes; 0: no bound
	raw  []byte // memory for the next file

	mu    sync.Mutex // of files
	files []spooled  // the oldest first
	last  int64      // the highest number that was ever given out
}

// spooled is a file of the spool.
type spooled struct {
	no    int64
	calls int
	bytes int64
}

// name says how many calls a file holds, so that they can be counted without reading it.
func (f spooled) name() string { return fmt.Sprintf("%016d-%d.calls", f.no, f.calls) }

// open takes over what an earlier run has left.
func (s *spool) open(dir string) error {
	s.dir = dir
	if dir == "" {
		return nil
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return missing(err)
	}
	for _, e := range found {
		f := spooled{}
		fmt.Sscanf(e.Name(), "%d-%d.calls", &f.no, &f.calls)
		info, err := e.Info()
		if e.Name() != f.name() { // it was not written to its end
			os.Remove(filepath.Join(dir, e.Name()))
		} else if err == nil {
			f.bytes = info.Size()
			s.files, s.last = append(s.files, f), max(s.last, f.no)
		}
	}
	slices.SortFunc(s.files, func(a, b spooled) int { return cmp.Compare(a.no, b.no) })
	return nil
}

// missing is err unless it says that something is not there.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// number is the next of its numbers.
func (s *spool) number() int64 {
	s.last++
	return s.last
}

// room reports whether another file may be put in.
func (s *spool) room() bool {
	_, bytes := s.holds()
	return s.most == 0 || bytes < s.most
}

// holds is how many calls wait in files, and how many bytes those are.
func (s *spool) holds() (calls int, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		calls, bytes = calls+f.calls, bytes+f.bytes
	}
	return calls, bytes
}

// put writes calls into a file of that number. After an error there is none.
func (s *spool) put(no int64, b *callBuffer) error {
	if err := s.make(); err != nil {
		return err
	}
	packed, raw := b.pack(s.raw)
	s.raw = raw
	f := spooled{no, b.len(), int64(len(packed))}
	path := filepath.Join(s.dir, f.name())
	err := os.WriteFile(path+".new", packed, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		os.Remove(path + ".new")
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, _ := slices.BinarySearchFunc(s.files, no, func(f spooled, no int64) int { return cmp.Compare(f.no, no) })
	s.files = slices.Insert(s.files, at, f)
	return nil
}

// make makes the folder.
func (s *spool) make() (err error) {
	if s.dir != "" { // it goes with its last file
		return os.MkdirAll(s.dir, 0o700)
	}
	s.dir, err = os.MkdirTemp("", "diaoxiao-calls-")
	s.temp = err == nil
	return err
}

// first is the oldest file.
func (s *spool) first() (f spooled, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.files) == 0 {
		return f, false
	}
	return s.files[0], true
}

// read returns the calls of a file.
func (s *spool) read(f spooled) (*callBuffer, error) {
	packed, err := os.ReadFile(filepath.Join(s.dir, f.name()))
	if err != nil {
		return nil, err
	}
	return unpack(packed)
}

// remove removes the oldest file.
func (s *spool) remove() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := os.Remove(filepath.Join(s.dir, s.files[0].name()))
	if s.files = s.files[1:]; len(s.files) == 0 {
		os.Remove(s.dir)
		if s.temp {
			s.dir = ""
		}
	}
	return missing(err)
}
