package outbox

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// SmallBody is the most bytes of a body that is kept in memory whole and compressed together with others.
	SmallBody = 64 << 10

	maxPack    = 512 << 10 // of small bodies compressed together; reading one decompresses all
	partSize   = 512 << 10 // of a large body's compressed bytes in one row
	windowSize = 1 << 20   // of the compression: bounds the memory of both ends
)

// Body takes the bytes of one case as they will be sent. A small one stays in memory until it is recorded; a large one
// goes to the outbox compressed while it is written, in memory that does not grow. Close it in any case: what was not
// recorded leaves nothing behind.
type Body struct {
	box   *Outbox
	size  int64
	small []byte
	hash  hash.Hash     // of a large body
	enc   *zstd.Encoder // of a large body
	part  bytes.Buffer  // of a large body, compressed
	parts int
	no    int64 // of a large body
	kept  bool  // recorded
}

// NewBody begins a body.
func (b *Outbox) NewBody() *Body { return &Body{box: b} }

func (o *Body) Write(p []byte) (int, error) {
	o.size += int64(len(p))
	if o.enc == nil && o.size <= SmallBody {
		o.small = append(o.small, p...)
		return len(p), nil
	}
	if o.enc == nil {
		if err := o.grow(); err != nil {
			return 0, err
		}
	}
	o.hash.Write(p)
	if _, err := o.enc.Write(p); err != nil {
		return 0, err
	}
	return len(p), o.flush(partSize)
}

// grow turns a small body into a large one.
func (o *Body) grow() (err error) {
	o.hash = sha256.New()
	o.hash.Write(o.small)
	o.enc, err = zstd.NewWriter(&o.part, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(windowSize))
	if err == nil {
		_, err = o.enc.Write(o.small)
	}
	o.small = nil
	return err
}

// flush writes what is compressed once it is least bytes.
func (o *Body) flush(least int) error {
	if o.part.Len() < least || o.part.Len() == 0 {
		return nil
	}
	err := o.box.update(func() error {
		c := o.box.conn
		if o.no == 0 {
			o.box.lastBody++
			o.no = o.box.lastBody
			if _, err := c.Exec("INSERT INTO unfinished (body) VALUES (?)", o.no); err != nil {
				return err
			}
		}
		return o.box.insertPart(o.no, o.parts, o.part.Bytes())
	})
	o.parts++
	o.part.Reset()
	return err
}

func (b *Outbox) insertPart(body int64, part int, data []byte) error {
	_, err := b.conn.Exec("INSERT INTO body_part (body, part, data) VALUES (?, ?, ?)", body, part, data)
	return err
}

// end finishes the body; it is then whole in memory or in the outbox.
func (o *Body) end() (sum [sha256.Size]byte, err error) {
	if o.hash == nil {
		return sha256.Sum256(o.small), nil
	}
	o.hash.Sum(sum[:0])
	if o.enc != nil {
		err = o.enc.Close()
		o.enc = nil
	}
	return sum, errors.Join(err, o.flush(1))
}

// Close forgets the body unless it was recorded.
func (o *Body) Close() error {
	if o.kept || o.no == 0 {
		return nil
	}
	o.kept = true
	return o.box.update(func() error {
		_, err := o.box.conn.Exec("DELETE FROM body_part WHERE body = ?", o.no)
		if err == nil {
			err = o.box.finished(o.no)
		}
		return err
	})
}

func (b *Outbox) finished(body int64) error {
	_, err := b.conn.Exec("DELETE FROM unfinished WHERE body = ?", body)
	return err
}

// dropUnfinished removes the bodies that a process which died had not recorded yet: no case has them.
func (b *Outbox) dropUnfinished() error {
	if _, err := b.conn.Exec("DELETE FROM body_part WHERE body IN (SELECT body FROM unfinished)"); err != nil {
		return err
	}
	_, err := b.conn.Exec("DELETE FROM unfinished")
	return err
}

// OpenBody returns the body of e as it was recorded. Reading ends with ErrDamaged instead of io.EOF where the bytes are
// others.
func (b *Outbox) OpenBody(e Entry) (io.ReadCloser, error) {
	if e.Bytes <= SmallBody {
		body, err := b.packs.find(e, b.part)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}
	dec, err := zstd.NewReader(&partReader{get: b.part, body: e.body}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(windowSize))
	if err != nil {
		return nil, err
	}
	return &provedReader{ReadCloser: dec.IOReadCloser(), left: e.Bytes, hash: sha256.New(), e: e}, nil
}

// part reads one part; nil where there is none.
func (b *Outbox) part(body int64, part int) (data []byte, err error) {
	rows, err := b.db.Query("SELECT data FROM body_part WHERE body = ? AND part = ?", body, part)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&data)
	}
	return data, errors.Join(err, rows.Err())
}

// fetch reads one part of a body; nil: there is none.
type fetch func(body int64, part int) ([]byte, error)

// partReader reads the parts of a body one after the other.
type partReader struct {
	get  fetch
	body int64
	next int
	part []byte
}

func (r *partReader) Read(p []byte) (int, error) {
	for len(r.part) == 0 {
		part, err := r.get(r.body, r.next)
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

// provedReader holds a body against its record while it is read.
type provedReader struct {
	io.ReadCloser
	left int64
	hash hash.Hash
	e    Entry
}

func (r *provedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.hash.Write(p[:n])
	r.left -= int64(n)
	if err == io.EOF && (r.left != 0 || [sha256.Size]byte(r.hash.Sum(nil)) != r.e.SHA256) || err != nil && err != io.EOF {
		err = damaged(r.e, err)
	}
	return n, err
}

func damaged(e Entry, cause error) error {
	if cause == nil || cause == io.EOF {
		return fmt.Errorf("%w：案件 %s", ErrDamaged, e.CaseID)
	}
	return fmt.Errorf("%w：案件 %s：%w", ErrDamaged, e.CaseID, cause)
}

// packCache holds the pack read last: cases are sent in the order in which they were recorded.
type packCache struct {
	mu  sync.Mutex
	no  int64
	raw []byte
}

// find returns the body of e.
func (p *packCache) find(e Entry, get fetch) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	raw, err := p.read(e.body, get)
	if err != nil {
		return nil, err
	}
	if e.offset < 0 || e.Bytes < 0 || e.offset+e.Bytes > int64(len(raw)) {
		return nil, damaged(e, nil)
	}
	body := raw[e.offset : e.offset+e.Bytes]
	if sha256.Sum256(body) != e.SHA256 {
		return nil, damaged(e, nil)
	}
	return body, nil
}

func (p *packCache) read(body int64, get fetch) ([]byte, error) {
	if p.no == body {
		return p.raw, nil
	}
	data, err := get(body, 0)
	if err != nil {
		return nil, err
	}
	raw, err := packDecoder().DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w：%w", ErrDamaged, err)
	}
	p.no, p.raw = body, raw
	return raw, nil
}

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
