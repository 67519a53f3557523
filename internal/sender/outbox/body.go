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

	"diaoxiao/internal/bodies"
)

const (
	// SmallBody is the most bytes of a body that is kept in memory whole and compressed together with others.
	SmallBody = bodies.Small

	partSize = 512 << 10 // of a large body's compressed bytes in one row
)

// format is how bodies are kept in the outbox.
var format = bodies.Format{Window: 1 << 20, MaxWindow: 1 << 20}

// packer is shared by all packs.
var packer = sync.OnceValue(format.Packer)

// Body takes the bytes of one case as they will be sent. A small one stays in memory until it is recorded; a large one
// goes to the outbox compressed while it is written, in memory that does not grow. Close it in any case: what was not
// recorded leaves nothing behind.
type Body struct {
	bodies.Writer
	box   *Outbox
	part  bytes.Buffer // of a large body, compressed
	parts int
	no    int64 // of a large body
	kept  bool  // recorded
}

// NewBody begins a body.
func (b *Outbox) NewBody() *Body {
	o := &Body{box: b}
	o.Writer = bodies.NewWriter(nil, func() (*zstd.Encoder, error) { return format.Encoder(&o.part) })
	return o
}

// Write implements io.Writer.
func (o *Body) Write(p []byte) (int, error) {
	if n, err := o.Writer.Write(p); err != nil || !o.Large() {
		return n, err
	}
	return len(p), o.flush(partSize)
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
	sum, err = o.End()
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
		body, err := b.small(e)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}
	r, err := format.Open(func(part int) ([]byte, error) { return b.part(e.body, part) })
	if err != nil {
		return nil, err
	}
	return &provedReader{ReadCloser: r, left: e.Bytes, hash: sha256.New(), e: e}, nil
}

// small reads a small body, and proves it.
func (b *Outbox) small(e Entry) ([]byte, error) {
	at := bodies.Place{Pack: e.body, Offset: e.offset, Bytes: e.Bytes, SHA256: e.SHA256}
	body, err := b.packs.Body(at, func() ([]byte, error) {
		data, err := b.part(e.body, 0)
		if err != nil {
			return nil, err
		}
		raw, err := bodies.Unpack(data)
		if err != nil {
			err = fmt.Errorf("%w：%w", ErrDamaged, err)
		}
		return raw, err
	})
	if errors.Is(err, bodies.ErrOutside) || err == nil && sha256.Sum256(body) != e.SHA256 {
		return nil, damaged(e, nil)
	}
	return body, err
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
	if err == io.EOF && (r.left != 0 || [sha256.Size]byte(r.hash.Sum(nil)) != r.e.SHA256) ||
		err != nil && err != io.EOF {
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
