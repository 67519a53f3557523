package evidencelog

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"

	"diaoxiao/internal/evidence"
)

// rowHash is SHA-256 over values of rows: a number as 8 bytes, a text as its length in bytes as 8 bytes and its UTF-8;
// numbers are big endian.
type rowHash struct {
	h   hash.Hash
	buf []byte
}

func newRowHash() *rowHash { return &rowHash{h: sha256.New()} }

func (r *rowHash) numbers(ns ...int64) {
	r.buf = r.buf[:0]
	for _, n := range ns {
		r.buf = binary.BigEndian.AppendUint64(r.buf, uint64(n))
	}
	r.h.Write(r.buf)
}

func (r *rowHash) texts(ss ...string) {
	r.buf = r.buf[:0]
	for _, s := range ss {
		r.buf = binary.BigEndian.AppendUint64(r.buf, uint64(len(s)))
		r.buf = append(r.buf, s...)
	}
	r.h.Write(r.buf)
}

func (r *rowHash) sum() (d evidence.Hex) { return evidence.Hex(r.h.Sum(nil)) }

// milliseconds is a time as rows have it, 0 for none.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
