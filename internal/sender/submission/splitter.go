package submission

import (
	"context"
	"io"

	"diaoxiao/internal/sender/outbox"
)

// splitter takes the body of a case: a small one whole; a large one goes to be read and to be kept while it is written.
type splitter struct {
	ctx    context.Context
	r      *reading
	k      *candidate
	passed bool
	to     []*io.PipeWriter
	err    error
}

func (s *splitter) Write(p []byte) (int, error) {
	k := s.k
	k.bytes += int64(len(p))
	if !s.passed && k.bytes <= outbox.SmallBody {
		k.small = append(k.small, p...)
		return len(p), nil
	}
	if !s.passed {
		if s.err = s.grow(); s.err != nil {
			return 0, s.err
		}
	}
	for _, w := range s.to {
		if _, err := w.Write(p); err != nil {
			s.err = err
			return 0, err
		}
	}
	return len(p), nil
}

// grow lets the next stages begin with a large body.
func (s *splitter) grow() error {
	k := s.k
	first := k.small
	k.small, s.passed = nil, true
	if k.decoded == nil {
		r, w := io.Pipe()
		k.feed, s.to = r, append(s.to, w)
	}
	if k.body != nil {
		r, w := io.Pipe()
		s.to = append(s.to, w)
		k.stored = make(chan error, 1)
		go func() {
			_, err := io.Copy(onlyWriter{k.body}, r)
			r.CloseWithError(err)
			k.stored <- err
		}()
	}
	if err := s.r.pass(s.ctx, k); err != nil {
		return err
	}
	for _, w := range s.to {
		if _, err := w.Write(first); err != nil {
			return err
		}
	}
	return nil
}

// onlyWriter hides the other methods of a writer.
type onlyWriter struct{ io.Writer }

// end lets the next stages know that the body is whole, or why it will not be.
func (s *splitter) end(err error) error {
	for _, w := range s.to {
		w.CloseWithError(err) // nil: io.EOF
	}
	s.k.failed = err
	close(s.k.read)
	if err == nil && !s.passed {
		err = s.r.pass(s.ctx, s.k)
	}
	return err
}
