package cli

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Progress prints to stderr how far work has come that takes over two seconds.
type Progress struct {
	w     io.Writer
	what  string
	began time.Time
	told  time.Time
}

// NewProgress begins to count the time of the work that is called what.
func NewProgress(w io.Writer, what string) *Progress {
	now := time.Now()
	return &Progress{w, what, now, now}
}

// At prints how far the work has come, every two seconds at most.
func (p *Progress) At(format string, args ...any) {
	if now := time.Now(); now.Sub(p.told) >= 2*time.Second {
		p.told = now
		fmt.Fprintf(p.w, "%s：%s，已用%s\n", p.what, fmt.Sprintf(format, args...), now.Sub(p.began).Round(time.Second))
	}
}

// Watch calls tell twice a second, from another goroutine, until the returned function is called.
func Watch(tell func()) (done func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-time.After(500 * time.Millisecond):
				tell()
			}
		}
	}()
	return func() { close(quit); <-ended }
}

// Sleep waits for a time, or for the end of ctx, whose error it then returns.
func Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
