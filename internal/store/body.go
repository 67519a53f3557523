package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/intake"
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
	b.hash, b.spool = sha256.New(), &spool{dir: b.store.spoolDir}
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

// numbers are the last ones given out; 0: not yet read.
type numbers struct{ lastNo, lastPack int64 }

// group is what the writer's transaction gathers for its commit.
type group struct {
	writes int // statements that changed something
	numbers
	packNo   int64 // of the pack being filled; 0: none
	pack     []byte
	zipped   []byte
	attempts []intake.Attempt // written together

	postpones bool // cases are written together too
	cases     []intake.Case
	new       map[caseKey]bool // those of cases

	now time.Time // the engine's clock at the beginning; zero: it has none

	session *intake.Session // found last
}

// maxPack bounds one pack; reading one small body decompresses its whole pack.
const maxPack = 512 << 10

// place returns where the next small body of n bytes goes: into the pack being filled, or a new one where there is none or it
// is full. It is there only once add has put it there.
func (t *tx) place(n int) (packNo, offset int64, err error) {
	g := t.group
	if len(g.pack)+n > maxPack {
		err := g.finishPack(t)
		if err == nil {
			err = t.flush() // the next pack is made where this one lies
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if g.packNo == 0 {
		if g.lastPack == 0 {
			if err := t.row([]any{&g.lastPack}, "SELECT COALESCE(MAX(pack_no), 0) FROM pack"); err != nil {
				return 0, 0, err
			}
		}
		return g.lastPack + 1, 0, nil
	}
	return g.packNo, int64(len(g.pack)), nil
}

// add puts a small body where place said.
func (g *group) add(packNo int64, small []byte) {
	if g.packNo == 0 {
		g.packNo, g.lastPack, g.pack = packNo, packNo, g.pack[:0]
	}
	g.pack = append(g.pack, small...)
}

// keepParts stores a large body.
func (t *tx) keepParts(no int64, r io.Reader) error {
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

// finish writes what was gathered.
func (g *group) finish(t *tx) error {
	if err := t.insertPostponed(); err != nil {
		return err
	}
	if err := g.finishPack(t); err != nil {
		return err
	}
	if err := t.insertAttempts(g.attempts); err != nil {
		return err
	}
	return t.flush()
}

func (g *group) finishPack(t *tx) error {
	if g.packNo == 0 {
		return nil
	}
	g.zipped = packEncoder().EncodeAll(g.pack, g.zipped[:0])
	err := t.putting(packTable, 1, func(_ int, to []any) []any { return append(to, g.packNo, len(g.pack), g.zipped) })
	g.packNo = 0
	return err
}

var packTable = table{name: "pack", columns: []string{"pack_no", "raw_bytes", "data"}}

// packEncoder and packDecoder are stateless in use and shared.
var (
	packEncoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(windowSize))
		if err != nil {
			panic(err) // of constant options
		}
		return e
	})
	packDecoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*maxPack))
		if err != nil {
			panic(err)
		}
		return d
	})
)

// OpenBody implements intake.Tx.
func (t *tx) OpenBody(c intake.Case) (io.ReadCloser, error) {
	return openBody(c, &t.store.packs, t.blob)
}

// OpenBody implements intake.Store. Each piece is read in a transaction of its own.
func (s *Store) OpenBody(c intake.Case) (io.ReadCloser, error) {
	return openBody(c, &s.packs, func(query string, args ...any) (data []byte, err error) {
		err = s.View(context.Background(), func(t intake.Tx) error {
			data, err = t.(*tx).blob(query, args...)
			return err
		})
		return data, err
	})
}

// fetch reads one blob; intake.ErrNotFound where there is none.
type fetch func(query string, args ...any) ([]byte, error)

func (t *tx) blob(query string, args ...any) (data []byte, err error) {
	err = notFound(t.row([]any{&data}, query, args...))
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

// packCache holds the pack read last: cases are read in order.
type packCache struct {
	mu  sync.Mutex
	no  int64
	raw []byte
}

// body returns the body of a case. What is held may be of a pack that was lost with a primary, under whose number there is
// another now: then it is read anew.
func (p *packCache) body(c intake.Case, get fetch) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.no == c.Pack {
		if b, err := cut(p.raw, c); err == nil && sha256.Sum256(b) == c.SHA256 {
			return b, nil
		}
	}
	raw, err := p.read(c.Pack, get)
	if err != nil {
		return nil, err
	}
	return cut(raw, c)
}

// cut finds the body of a case in its pack.
func cut(raw []byte, c intake.Case) ([]byte, error) {
	if c.Offset < 0 || c.Bytes < 0 || c.Offset+c.Bytes > int64(len(raw)) {
		return nil, fmt.Errorf("%w: outside of pack %d", intake.ErrDamaged, c.Pack)
	}
	return raw[c.Offset : c.Offset+c.Bytes], nil
}

// read returns the bodies of pack no, one after the other, and holds them.
func (p *packCache) read(no int64, get fetch) ([]byte, error) {
	data, err := get("SELECT data FROM pack WHERE pack_no = $1", no)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, fmt.Errorf("%w: pack %d is missing", intake.ErrDamaged, no)
	}
	if err != nil {
		return nil, err
	}
	raw, err := packDecoder().DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: pack %d: %w", intake.ErrDamaged, no, err)
	}
	p.no, p.raw = no, raw
	return raw, nil
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
