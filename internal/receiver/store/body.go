package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/receiver/intake"
)

const (
	smallBody  = 64 << 10  // kept as it is and packed with others
	spoolInMem = 1 << 20   // compressed bytes of a large body kept in memory; more goes to a file
	partSize   = 256 << 10 // of a large body's compressed bytes in one row
	windowSize = 512 << 10 // of the compression: bounds the memory of one encoder
)

// bodyPool keeps what bodies are made of.
type bodyPool struct{ small, encoders sync.Pool }

func (p *bodyPool) buffer() []byte {
	if b, ok := p.small.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, 4<<10)
}

func (p *bodyPool) encoder(w io.Writer) (*zstd.Encoder, error) {
	if e, ok := p.encoders.Get().(*zstd.Encoder); ok {
		e.Reset(w)
		return e, nil
	}
	return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(windowSize), zstd.WithLowerEncoderMem(true))
}

// body is intake.Body: a small one lies in small, a large one compressed in spool.
type body struct {
	store *Store
	size  int64
	small []byte
	hash  hash.Hash     // of a large body
	enc   *zstd.Encoder // of a large body, until Sum
	spool *spool
	sum   [sha256.Size]byte
	ended bool
}

// NewBody implements intake.Store.
func (s *Store) NewBody() intake.Body { return &body{store: s, small: s.bodies.buffer()} }

func (b *body) Write(p []byte) (int, error) {
	b.size += int64(len(p))
	if b.spool == nil && b.size <= smallBody {
		b.small = append(b.small, p...)
		return len(p), nil
	}
	if b.spool == nil {
		if err := b.grow(); err != nil {
			return 0, err
		}
	}
	b.hash.Write(p)
	return b.enc.Write(p)
}

// grow turns a small body into a large one.
func (b *body) grow() (err error) {
	b.hash, b.spool = sha256.New(), &spool{dir: b.store.engine.SpoolDir()}
	if b.enc, err = b.store.bodies.encoder(b.spool); err != nil {
		return err
	}
	b.hash.Write(b.small)
	_, err = b.enc.Write(b.small)
	return err
}

func (b *body) Sum() (int64, [sha256.Size]byte, error) {
	if b.ended {
		return b.size, b.sum, nil
	}
	b.ended = true
	if b.spool == nil {
		b.sum = sha256.Sum256(b.small)
		return b.size, b.sum, nil
	}
	b.hash.Sum(b.sum[:0])
	err := b.enc.Close()
	b.store.bodies.encoders.Put(b.enc)
	b.enc = nil
	return b.size, b.sum, err
}

func (b *body) Close() (err error) {
	if b.enc != nil {
		b.enc.Reset(nil)
		b.store.bodies.encoders.Put(b.enc)
		b.enc = nil
	}
	if b.spool != nil {
		err = b.spool.close()
	}
	small := b.small
	if b.small, b.spool, b.ended = nil, nil, true; small != nil {
		b.store.bodies.small.Put(&small) // not &b.small: whoever gets it must not meet us writing there
	}
	return err
}

// bodyTx reads bodies.
type bodyTx struct{ *handle }

// keepParts stores a large body.
func (t *handle) keepParts(no int64, r io.Reader) error {
	part := make([]byte, partSize)
	for i := 0; ; i++ {
		n, err := io.ReadFull(r, part)
		if n > 0 {
			if _, err := t.change("INSERT INTO body_part (case_no, part_no, data) VALUES ($1, $2, $3)", no, i, part[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read spool: %w", err)
		}
	}
}

// OpenBody implements intake.Tx.
func (t bodyTx) OpenBody(c intake.Case) (io.ReadCloser, error) {
	return openBody(c, &t.store.packs, t.blob)
}

// OpenBody implements intake.Store. Each piece is read in a transaction of its own.
func (s *Store) OpenBody(c intake.Case) (io.ReadCloser, error) {
	return openBody(c, &s.packs, func(query string, args ...any) (data []byte, err error) {
		err = s.View(context.Background(), func(t intake.Tx) error {
			data, err = t.(*tx).handle.blob(query, args...)
			return err
		})
		return data, err
	})
}

// fetch reads one blob; intake.ErrNotFound where there is none.
type fetch func(query string, args ...any) ([]byte, error)

func (t *handle) blob(query string, args ...any) (data []byte, err error) {
	err = notFound(t.Row([]any{&data}, query, args...))
	return data, err
}

func openBody(c intake.Case, packs *packCache, get fetch) (io.ReadCloser, error) {
	if c.Pack == 0 {
		dec, err := zstd.NewReader(&partReader{get: get, no: c.No}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, err
		}
		return dec.IOReadCloser(), nil
	}
	body, err := packs.body(c, get)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// partReader reads the parts of a large body one after the other.
type partReader struct {
	get  fetch
	no   int64
	next int
	part []byte
}

func (r *partReader) Read(p []byte) (int, error) {
	for len(r.part) == 0 {
		part, err := r.get("SELECT data FROM body_part WHERE case_no = $1 AND part_no = $2", r.no, r.next)
		if errors.Is(err, intake.ErrNotFound) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		r.part = part
		r.next++
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}
