package main

import (
	"testing"

	"diaoxiao/internal/receiver/receivertest"
)

// put writes a file as of that many seconds from a moment.
func put(t *testing.T, path string, text []byte, seconds int64) {
	t.Helper()
	receivertest.Put(t, path, text, seconds)
}
