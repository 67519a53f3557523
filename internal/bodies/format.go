// Package bodies keeps request bodies compressed (zstd): small ones together in packs, large ones one by one, cut into
// parts. The receiver's store and the sender's outbox keep theirs by it; where the bytes go is theirs.
//
// The decision you could not guess: a body is small or large by its size alone, so its size is enough to find it again.
package bodies

import (
	"io"

	"github.com/klauspost/compress/zstd"
)

const (
	// Small is the most bytes of a body that is kept in memory whole and compressed together with others.
	Small = 64 << 10
	// MaxPack bounds one pack; reading one small body decompresses its whole pack.
	MaxPack = 512 << 10
)

// Format says how bodies are compressed. Anything that was written by one can be read by every other whose MaxWindow
// allows it.
type Format struct {
	Window    int  // of the compression: bounds the memory of one encoder
	MaxWindow int  // of what is read
	LowMemory bool // slower, with less memory for each large body
	// Beside compresses, and writes what is compressed, beside the caller of Write. So nobody else may touch where it
	// goes before the encoder is closed or reset.
	Beside bool
}

// Encoder compresses a large body to w.
func (f Format) Encoder(w io.Writer) (*zstd.Encoder, error) {
	goroutines := 1
	if f.Beside {
		goroutines = 2
	}
	return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(goroutines),
		zstd.WithWindowSize(f.Window), zstd.WithLowerEncoderMem(f.LowMemory))
}

// Packer compresses packs by EncodeAll, by which it may be shared.
func (f Format) Packer() *zstd.Encoder {
	f.LowMemory, f.Beside = false, false
	e, err := f.Encoder(nil)
	if err != nil {
		panic(err) // of constant options
	}
	return e
}

// Open reads a large body. part returns its parts from 0 on; nil: there is none.
func (f Format) Open(part func(no int) ([]byte, error)) (io.ReadCloser, error) {
	d, err := zstd.NewReader(
		&partReader{get: part},
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(f.LowMemory),
		zstd.WithDecoderMaxWindow(uint64(f.MaxWindow)),
	)
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// partReader reads the parts of a body one after the other.
type partReader struct {
	get  func(no int) ([]byte, error)
	next int
	part []byte
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (int, error) {
	for len(r.part) == 0 {
		part, err := r.get(r.next)
		if err != nil {
			return 0, err
		}
		if part == nil {
			return 0, io.EOF
		}
		r.part = part
		r.next++
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}
