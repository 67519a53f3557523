package ctxreader_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"diaoxiao/internal/ctxreader"
)

func TestReaderEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := ctxreader.Reader{Ctx: ctx, R: strings.NewReader("案件清单")}
	b := make([]byte, 6)
	if n, err := r.Read(b); err != nil || string(b[:n]) != "案件" {
		t.Fatalf("%q, %v", b[:n], err)
	}
	cancel()
	if n, err := r.Read(b); n > 0 || !errors.Is(err, context.Canceled) {
		t.Fatalf("%d bytes after the end, %v", n, err)
	}
	whole := ctxreader.Reader{Ctx: t.Context(), R: strings.NewReader("全部")}
	if all, err := io.ReadAll(whole); err != nil || string(all) != "全部" {
		t.Fatalf("%q, %v", all, err)
	}
}
