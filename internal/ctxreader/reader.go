// Package ctxreader makes a reader end with a context.
package ctxreader

import (
	"context"
	"io"
)

// Reader reads from R until Ctx ends; from then on it returns the error of Ctx. A Read that is under way is not cut
// off.
type Reader struct {
	Ctx context.Context
	R   io.Reader
}

// Read reads once.
func (r Reader) Read(p []byte) (int, error) {
	if err := r.Ctx.Err(); err != nil {
		return 0, err
	}
	return r.R.Read(p)
}
