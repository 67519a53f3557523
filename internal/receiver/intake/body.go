package intake

import (
	"crypto/sha256"
	"io"
)

// Body receives a request body as sent, while the server reads it. It hashes and compresses the body, and holds it
// until the store has it or Close is called. It is for one goroutine, and its memory does not grow with the body.
type Body interface {
	io.Writer
	// Sum ends the writing and returns the length in bytes and the SHA-256 of the bytes that were written.
	Sum() (size int64, sum [sha256.Size]byte, err error)
	// Close drops the body that is held. Safe to repeat, also after the store has it.
	Close() error
}
