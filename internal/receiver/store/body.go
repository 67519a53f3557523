package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/bodies"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

const (
	spoolInMem = 1 << 20   // compressed bytes of a large body kept in memory; more goes to a file
	partSize   = 256 << 10 // of a large body's compressed bytes in one row
)

// format is how bodies are kept in the database.
var format = bodies.Format{Window: 512 << 10, MaxWindow: 8 << 20, LowMemory: true, Beside: true}

// packer is shared by all packs.
var packer = sync.OnceValue(format.Packer)

// bodyPool keeps what bodies are made of.
type bodyPool struct{ small, encoders sync.Pool }

// buffer is memory for a small body.
func (p *bodyPool) buffer() []byte {
	if b, ok := p.small.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, 4<<10)
}

// encoder compresses a large body to w.
func (p *bodyPool) encoder(w io.Writer) (*zstd.Encoder, error) {
	if e, ok := p.encoders.Get().(*zstd.Encoder); ok {
		e.Reset(w)
		return e, nil
	}
	return format.Encoder(w)
}

// body is intake.Body: a small one is in memory, a large one compressed in spool.
type body struct {
	bodies.Writer
	store *Store
	spool *spool // of a large body
	sum   [sha256.Size]byte
	ended bool
}

// NewBody implements intake.Store.
func (s *Store) NewBody() intake.Body {
	b := &body{store: s}
	b.Writer = bodies.NewWriter(s.bodies.buffer(), b.grow)
	return b
}

// grow is where a large body goes.
func (b *body) grow() (*zstd.Encoder, error) {
	b.spool = &spool{dir: b.store.engine.SpoolDir()}
	return b.store.bodies.encoder(b.spool)
}

// Sum implements intake.Body.
func (b *body) Sum() (_ int64, _ [sha256.Size]byte, err error) {
	if !b.ended {
		b.ended = true
		b.sum, err = b.End()
		b.freeEncoder()
	}
	return b.Size(), b.sum, err
}

// freeEncoder gives the encoder to the next large body.
func (b *body) freeEncoder() {
	if e := b.Drop(); e != nil {
		e.Reset(nil)
		b.store.bodies.encoders.Put(e)
	}
}

// Close implements intake.Body.
func (b *body) Close() (err error) {
	b.freeEncoder()
	if b.spool != nil {
		err = b.spool.close()
	}
	small := b.Small()
	if b.Writer, b.spool, b.ended = (bodies.Writer{}), nil, true; small != nil {
		b.store.bodies.small.Put(&small) // a copy of the slice: the next user must not share a field of b
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
			if _, err := t.change("INSERT INTO body_part (case_no, part_no, data) VALUES ($1, $2, $3)", no, i,
				part[:n]); err != nil {
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

// blob is a fetch.
func (t *handle) blob(query string, args ...any) ([]byte, error) {
	data, err := engine.Value[[]byte](t, query, args...)
	return data, notFound(err)
}

// openBody reads the body of a case.
func openBody(c intake.Case, packs *bodies.Cache, get fetch) (io.ReadCloser, error) {
	if c.Pack == 0 {
		return format.Open(func(part int) ([]byte, error) {
			data, err := get("SELECT data FROM body_part WHERE case_no = $1 AND part_no = $2", c.No, part)
			if errors.Is(err, intake.ErrNotFound) {
				return nil, nil
			}
			return data, err
		})
	}
	at := bodies.Place{Pack: c.Pack, Offset: c.Offset, Bytes: c.Bytes, SHA256: c.SHA256}
	body, err := packs.Body(at, func() ([]byte, error) { return readPack(c.Pack, get) })
	if errors.Is(err, bodies.ErrOutside) {
		return nil, fmt.Errorf("%w: outside of pack %d", intake.ErrDamaged, c.Pack)
	}
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}
