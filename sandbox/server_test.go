package sandbox_test

import (
	"testing"

	"diaoxiao/sandbox"
)

func TestStart(t *testing.T) {
	s, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s.URL, s.AppKey, s.Apps)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
