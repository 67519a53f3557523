package casepack

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/pack"
)

// writer writes the files of a package one after the other and keeps their hashes. Names, order and times are those of
// the case, so that the same record gives the same bytes.
type writer struct {
	zip     *zip.Writer
	at      time.Time
	entries []pack.Entry
}

func newWriter(to io.Writer, at time.Time) *writer {
	return &writer{zip: zip.NewWriter(to), at: at.UTC()}
}

// add writes one file.
func (w *writer) add(name string, write func(io.Writer) error) error {
	f, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.at})
	if err != nil {
		return err
	}
	sums := [2]hash.Hash{merkle.SHA256.New(), merkle.SM3.New()}
	n := &counter{}
	if err := write(io.MultiWriter(f, sums[0], sums[1], n)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	e := pack.Entry{Name: name, Bytes: n.n}
	for i, s := range sums {
		s.Sum(e.Sums[i][:0])
	}
	w.entries = append(w.entries, e)
	return nil
}

// addBytes is add of what is in memory.
func (w *writer) addBytes(name string, data []byte) error {
	return w.add(name, func(to io.Writer) error { _, err := to.Write(data); return err })
}

// finish writes the two lists of hashes, in the form of sha256sum, and ends the file. It returns the SHA-256 of the
// first list, which stands for the whole package.
func (w *writer) finish() (sum [sha256.Size]byte, err error) {
	if err := w.addBytes(pack.SM3List, pack.List(w.entries, merkle.SM3)); err != nil {
		return sum, err
	}
	list := pack.List(w.entries, merkle.SHA256)
	if err := w.addBytes(pack.SHA256List, list); err != nil {
		return sum, err
	}
	return sha256.Sum256(list), w.zip.Close()
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }
