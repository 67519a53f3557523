package client_test

import (
	"errors"
	"io"
	"iter"
	"testing"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// Nothing but identical bytes is repeated.
func TestChangedBodyIsNotSent(t *testing.T) {
	s := openSite(t)
	s.spoil = loseAnswer
	n := 0
	c := sandbox.Batch(4, 300)
	body := client.List(c, func() iter.Seq2[api.Entity, error] {
		return func(yield func(api.Entity, error) bool) {
			if n++; n > 1 {
				c.PenaltyList[200].Legal = "另一人"
			}
			for _, e := range c.PenaltyList {
				if !yield(e, nil) {
					return
				}
			}
		}
	})
	_, err := s.client(t).Receive(t.Context(), body)
	if !errors.Is(err, client.ErrChanged) || !errors.Is(err, client.ErrUnknown) || len(s.bodies) != 1 {
		t.Errorf("%v after %d bodies", err, len(s.bodies))
	}
}

// A body that fails by itself is not tried again, and its case is not there.
func TestBodyThatFails(t *testing.T) {
	s := openSite(t)
	broken := errors.New("第7行读不出")
	list := func() iter.Seq2[api.Entity, error] {
		return func(yield func(api.Entity, error) bool) {
			for _, e := range sandbox.Batch(4, 3000).PenaltyList {
				if !yield(e, nil) {
					return
				}
			}
			yield(api.Entity{}, broken)
		}
	}
	for name, b := range map[string]client.Body{
		"list":             client.List(sandbox.Batch(4, 0), list),
		"too short":        {Open: bytesOf(sandbox.Batch(4, 3)).Open, Size: 100000},
		"cannot be opened": {Open: func() (io.ReadCloser, error) { return nil, broken }},
	} {
		before := len(s.exchanges)
		if _, err := s.client(t).Receive(t.Context(), b); err == nil || name != "too short" && !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(s.exchanges) - before; n != 2 { // login and one attempt
			t.Errorf("%s: %d exchanges", name, n)
		}
	}
	if all := s.held(t); len(all) > 0 {
		t.Errorf("%+v is held", all)
	}
}
