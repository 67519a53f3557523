package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"iter"
	"sync"

	"diaoxiao/api"
	"diaoxiao/internal/ctxreader"
)

// Body is the body of receiveCaseinfo. It is opened once for each attempt and must give the same bytes each time.
type Body struct {
	Open func() (io.ReadCloser, error)
	Size int64 // bytes; -1: not known, it is sent in chunks

	text []byte // all of it, where it is there: net/http then sends it in one piece with the header
}

// Bytes is a body that is there. b must not change until the call has returned.
func Bytes(b []byte) Body {
	return Body{func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }, int64(len(b)), b}
}

// Case is the body of c.
func Case(c api.Case) Body { return List(c, nil) }

// List is the body of c with the entities of list, which is called for each attempt and must give the same ones;
// c.PenaltyList counts only where list is nil. Memory does not grow with the list.
func List(c api.Case, list func() iter.Seq2[api.Entity, error]) Body {
	return Body{Size: -1, Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		var entities iter.Seq2[api.Entity, error]
		if list != nil {
			entities = list()
		}
		go func() { w.CloseWithError(api.WriteCase(w, c, entities)) }()
		return r, nil
	}}
}

// identity is what a body was when it was sent first.
type identity struct {
	known bool
	sum   [sha256.Size]byte
	bytes int64
}

// sum reads the body to its end.
func (b Body) sum(ctx context.Context) (identity, error) {
	r, err := b.Open()
	if err != nil {
		return identity{}, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, ctxreader.Reader{Ctx: ctx, R: r})
	return identity{err == nil, [sha256.Size]byte(h.Sum(nil)), n}, err
}

// sending is a body on its way. net/http may go on reading it after it has returned, until it closes it.
type sending struct {
	r      io.ReadCloser
	moved  func() // bytes were taken
	mu     sync.Mutex
	hash   hash.Hash
	n      int64
	ended  bool  // read to its end
	failed error // of the body itself
	once   sync.Once
	closed chan struct{}
}

// open returns what is to be sent, and state, which tells what it was and whether it failed by itself once net/http is
// done with it. moved is called whenever net/http has taken some.
func (b Body) open(moved func()) (body io.ReadCloser, state func() (identity, error), err error) {
	source, err := b.Open()
	if err != nil {
		return nil, nil, err
	}
	if b.text != nil {
		return source, func() (identity, error) { return identity{true, sha256.Sum256(b.text), b.Size}, nil }, nil
	}
	s := newSending(source, moved)
	return s, func() (identity, error) { return s.state(b.Size) }, nil
}

func newSending(r io.ReadCloser, moved func()) *sending {
	return &sending{r: r, moved: moved, hash: sha256.New(), closed: make(chan struct{})}
}

func (s *sending) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.moved()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hash.Write(p[:n])
	s.n += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		s.ended = true
	case err != nil:
		s.failed = err
	}
	return n, err
}

func (s *sending) Close() error {
	var err error
	s.once.Do(func() {
		err = s.r.Close()
		close(s.closed)
	})
	return err
}

// state waits until net/http is done with the body.
func (s *sending) state(size int64) (identity, error) {
	<-s.closed
	s.mu.Lock()
	defer s.mu.Unlock()
	return identity{s.ended || s.n == size, [sha256.Size]byte(s.hash.Sum(nil)), s.n}, s.failed
}
