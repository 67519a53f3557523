package intake

import (
	"crypto/sha256"
	"io"
)

// Body takes a request body as sent while it is read, hashes and compresses it, and holds it until the store keeps it
// or it is closed. It is for one goroutine, and its memory does not grow with the body.
type Body interface {
	io.Writer
	// Sum ends the writing and returns the length in bytes and the SHA-256 of what was written.
	Sum() (size int64, sum [sha256.Size]byte, err error)
	// Close drops what is held. Safe to repeat, also after the body was kept.
	Close() error
}
