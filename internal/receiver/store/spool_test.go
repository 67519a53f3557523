package store

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"
)

// Up to spoolInMem bytes stay in memory, one more goes to a file, and either way they are read as often as asked.
func TestSpoolEdge(t *testing.T) {
	for _, c := range []struct {
		writes []int
		file   bool
	}{
		{[]int{spoolInMem}, false},
		{[]int{spoolInMem - 1, 1}, false},
		{[]int{spoolInMem + 1}, true},
		{[]int{spoolInMem, 1}, true},
		{[]int{1, spoolInMem, 5}, true},
	} {
		s := &spool{dir: t.TempDir()}
		var want []byte
		for i, n := range c.writes {
			p := bytes.Repeat([]byte{byte('a' + i)}, n)
			want = append(want, p...)
			if k, err := s.Write(p); k != n || err != nil {
				t.Fatal(k, err)
			}
		}
		if (s.file != nil) != c.file {
			t.Errorf("%v: in a file: %t", c.writes, s.file != nil)
		}
		for range 2 {
			if got, err := io.ReadAll(s.reader()); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v: %d bytes, %v", c.writes, len(got), err)
			}
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
}

// digest reads r to its end.
func digest(r io.Reader) (n int64, sum [sha256.Size]byte, err error) {
	h := sha256.New()
	n, err = io.Copy(h, r)
	return n, [sha256.Size]byte(h.Sum(nil)), err
}
