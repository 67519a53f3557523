package bodies

import (
	"crypto/sha256"
	"hash"

	"github.com/klauspost/compress/zstd"
)

// Writer takes the bytes of one body. A small one stays in memory; a large one is compressed while it is written.
type Writer struct {
	// Grow is called once, where the body turns out to be large, and returns the encoder that takes it.
	Grow func() (*zstd.Encoder, error)

	small []byte
	size  int64
	hash  hash.Hash     // of a large body
	enc   *zstd.Encoder // of a large body
	ended bool          // enc is closed
}

// NewWriter begins a body; buffer is memory that a small one may be put in.
func NewWriter(buffer []byte, grow func() (*zstd.Encoder, error)) Writer {
	return Writer{Grow: grow, small: buffer[:0]}
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	w.size += int64(len(p))
	if w.hash == nil && w.size <= Small {
		w.small = append(w.small, p...)
		return len(p), nil
	}
	if w.hash == nil {
		if err := w.grow(); err != nil {
			return 0, err
		}
	}
	w.hash.Write(p)
	return w.enc.Write(p)
}

// grow turns a small body into a large one.
func (w *Writer) grow() (err error) {
	if w.enc, err = w.Grow(); err != nil {
		return err
	}
	w.hash = sha256.New()
	w.hash.Write(w.small)
	_, err = w.enc.Write(w.small)
	return err
}

// Size is how many bytes were written.
func (w *Writer) Size() int64 { return w.size }

// Large reports whether the body went to the encoder.
func (w *Writer) Large() bool { return w.hash != nil }

// Small are the bytes of a small body.
func (w *Writer) Small() []byte { return w.small }

// End closes the encoder and returns the digest of the body. It may be called again.
func (w *Writer) End() (sum [sha256.Size]byte, err error) {
	if w.hash == nil {
		return sha256.Sum256(w.small), nil
	}
	w.hash.Sum(sum[:0])
	if w.enc != nil && !w.ended {
		w.ended = true
		err = w.enc.Close()
	}
	return sum, err
}

// Drop gives back the encoder of a large body, if it was not given back before; what it was to write is lost unless End
// was called.
func (w *Writer) Drop() *zstd.Encoder {
	e := w.enc
	w.enc = nil
	return e
}
