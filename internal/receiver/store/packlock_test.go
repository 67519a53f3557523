package store_test

import (
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Bodies of a pack are opened in Views while others are opened outside of any: no two of them wait for one
// another.
func TestOpenBodyWhileAllReadersAreTaken(t *testing.T) {
	for name, open := range engines() {
		t.Run(name, func(t *testing.T) { openWhileReadersAreTaken(t, open(t)) })
	}
}

func openWhileReadersAreTaken(t *testing.T, s intake.Store) {
	const readers = 4 // as many as there are without a setting
	app := addApp(t, s, "k")
	c := accept(t, s, app, "案", []byte("一个正文"))
	entered, outside := make(chan bool, readers), make(chan struct{})
	done := make(chan error, readers+1)
	for range readers {
		go func() {
			done <- s.View(t.Context(), func(tx intake.Tx) error {
				entered <- true
				<-outside
				_, err := bodyOf(tx, c)
				return err
			})
		}()
	}
	for range readers {
		<-entered
	}
	go func() {
		r, err := s.OpenBody(c)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
			err = errors.Join(err, r.Close())
		}
		done <- err
	}()
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); runtime.Gosched() {
		continue // it gets the time to begin; with less of it the test finds less
	}
	close(outside)
	for range readers + 1 {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("they wait for one another")
		}
	}
}
