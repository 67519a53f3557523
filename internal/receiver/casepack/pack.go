package casepack

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"diaoxiao/internal/evidence/merkle"
)

// The names of the files of a package.
const (
	coverFile    = "cover.html"
	factsFile    = "facts.json"
	firmsFile    = "firms.jsonl"
	bodyFile     = "body"
	receiptFile  = "receipt.txt"
	policyFile   = "policy.txt"
	auditFile    = "audit.jsonl"
	scriptFile   = "verify.sh"
	manifestFile = "SHA256SUMS"
	sm3File      = "SM3SUMS"
)

// Entry is a file of a package.
type Entry struct {
	Name   string
	Bytes  int64
	SHA256 [sha256.Size]byte
	SM3    merkle.Hash
}

// writer writes the files of a package one after the other and keeps their hashes. Names, order and times are those of
// the case, so that the same record gives the same bytes.
type writer struct {
	zip     *zip.Writer
	at      time.Time
	entries []Entry
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
	e := Entry{Name: name, Bytes: n.n}
	sums[0].Sum(e.SHA256[:0])
	sums[1].Sum(e.SM3[:0])
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
	var sha, sm3 []byte
	for _, e := range w.entries {
		sha = fmt.Appendf(sha, "%s  %s\n", hex.EncodeToString(e.SHA256[:]), e.Name)
		sm3 = fmt.Appendf(sm3, "%s  %s\n", hex.EncodeToString(e.SM3[:]), e.Name)
	}
	if err := w.addBytes(sm3File, sm3); err != nil {
		return sum, err
	}
	last := w.entries[len(w.entries)-1]
	sha = fmt.Appendf(sha, "%s  %s\n", hex.EncodeToString(last.SHA256[:]), last.Name)
	if err := w.addBytes(manifestFile, sha); err != nil {
		return sum, err
	}
	return sha256.Sum256(sha), w.zip.Close()
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }
