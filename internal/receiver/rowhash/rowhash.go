// Package rowhash is the SHA-256 over values of rows, in one encoding for all that is proved by it: the chain of the
// audit and the records of the evidence log.
package rowhash

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"
)

// Hash is a computation. A number is 8 bytes, a time its UTC milliseconds as a number, 0 for none, a text its length in
// bytes as a number and its UTF-8. Numbers are big endian.
type Hash struct {
	sum hash.Hash
	buf []byte
}

// New begins a computation.
func New() *Hash { return &Hash{sum: sha256.New()} }

// Bytes adds bytes as they are.
func (h *Hash) Bytes(b []byte) { h.sum.Write(b) }

// Numbers adds numbers.
func (h *Hash) Numbers(ns ...int64) {
	h.buf = h.buf[:0]
	for _, n := range ns {
		h.buf = binary.BigEndian.AppendUint64(h.buf, uint64(n))
	}
	h.sum.Write(h.buf)
}

// Time adds a time.
func (h *Hash) Time(t time.Time) {
	if t.IsZero() {
		h.Numbers(0)
		return
	}
	h.Numbers(t.UnixMilli())
}

// Texts adds texts.
func (h *Hash) Texts(ss ...string) {
	h.buf = h.buf[:0]
	for _, s := range ss {
		h.buf = binary.BigEndian.AppendUint64(h.buf, uint64(len(s)))
		h.buf = append(h.buf, s...)
	}
	h.sum.Write(h.buf)
}

// Sum is the hash of what was added so far. More may be added after it.
func (h *Hash) Sum() [sha256.Size]byte { return [sha256.Size]byte(h.sum.Sum(nil)) }
