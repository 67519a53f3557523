package outbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/sender/outbox"
)

// A full disk is told with the folder; what was recorded before stays.
func TestFullDisk(t *testing.T) {
	b := fresh(t)
	first := record(t, b, "A", "1")
	must(t, b.Fill())
	var err error
	for i := 0; err == nil && i < 1000; i++ {
		d := draft(t, b, fmt.Sprint("B", i), bytes.Repeat([]byte("x"), 4000))
		_, err = b.Record(outbox.Target{URL: "https://h", AppKey: "k"}, []outbox.Draft{d})
	}
	if !errors.Is(err, outbox.ErrFull) || !strings.Contains(err.Error(), b.Dir()) {
		t.Errorf("%v", err)
	}
	if e, err := b.Entry(first.No); err != nil || e.State != outbox.Pending {
		t.Errorf("%v %v", e, err)
	}
}
