package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// progress tells on stderr how far something has come, for what takes over two seconds.
type progress struct {
	w     io.Writer
	what  string
	began time.Time
	told  time.Time
}

func newProgress(w io.Writer, what string) *progress {
	now := time.Now()
	return &progress{w, what, now, now}
}

// at tells where things stand, every two seconds at most.
func (p *progress) at(format string, args ...any) {
	if now := time.Now(); now.Sub(p.told) >= 2*time.Second {
		p.told = now
		fmt.Fprintf(p.w, "%s：%s，已用%s\n", p.what, fmt.Sprintf(format, args...), now.Sub(p.began).Round(time.Second))
	}
}

// watch calls tell twice a second, from another goroutine, until the returned function is called.
func watch(tell func()) (done func()) {
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

// sleep waits for a time, or for the end of ctx, whose error it then returns.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
