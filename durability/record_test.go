//go:build linux

package durability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// entry is one line of the record: what was sent and what was answered.
type entry struct {
	CaseID   string `json:"caseid"`
	SHA256   string `json:"sha256"`
	Status   int    `json:"status"` // 0: no answer arrived
	Ack      string `json:"ack,omitempty"`
	Code     string `json:"code,omitempty"`
	AcceptID string `json:"acceptid,omitempty"`
	Repeat   bool   `json:"repeat,omitempty"` // sent again, perhaps in other bytes
}

// acknowledged reports whether the sender may rely on the case.
func (e entry) acknowledged() bool { return e.Status == 200 && e.Ack == "SUCCESS" }

// record is the outside witness: an append-only file, synced with every line, on a file system that nobody disturbs.
type record struct{ file *os.File }

func newRecord(t *testing.T) *record {
	t.Helper()
	f, err := os.OpenFile(
		filepath.Join(t.TempDir(), "answers.jsonl"),
		os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND|os.O_SYNC,
		0o600,
	)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return &record{f}
}

// add appends one line. Safe for concurrent use: an appending write is one piece.
func (r *record) add(e entry) {
	b, err := json.Marshal(e)
	if err == nil {
		_, err = r.file.Write(append(b, '\n'))
	}
	if err != nil {
		panic(fmt.Sprintf("the record cannot be kept, so the run proves nothing: %v", err))
	}
}

// read returns what the file holds.
func (r *record) read() (entries []entry, err error) {
	b, err := os.ReadFile(r.file.Name())
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(b) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("record: %w: %s", err, line)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
