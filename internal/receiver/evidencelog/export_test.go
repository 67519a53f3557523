package evidencelog_test

import (
	"bytes"
	"fmt"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// TestExport has the tiles of a log of several tiles rebuilt from the store alone. In interop a tool of others derives
// an exported log again.
func TestExport(t *testing.T) {
	o := openOffice(t, t.TempDir())
	for i := range 600 {
		o.send(fmt.Sprint(i, "号"), receivertest.Entities(i, 1)...)
	}
	o.sign()
	files := o.export()
	c, err := evidence.UnsignedCheckpoint(files["checkpoint"])
	o.must(err)
	if c.Size < 601 {
		t.Errorf("%d leaves", c.Size)
	}
	o.tamper("DELETE FROM evidence_tile")
	n, err := o.log.Rebuild(t.Context(), intake.Actor("cli:x"))
	o.must(err)
	if n != c.Size || !equal(files, o.export()) {
		t.Error("rebuilt tiles are others")
	}
	o.tamper("UPDATE cases SET account = '李四' WHERE case_no = 300")
	if _, err := o.log.Rebuild(t.Context(), intake.Actor("cli:x")); err == nil {
		t.Error("a tree with another root was stored")
	}
}

func (o *office) export() map[string][]byte {
	o.Helper()
	files := make(map[string][]byte)
	o.must(o.log.Export(o.Context(), intake.Actor("cli:x"), func(path string, data []byte) error {
		files[path] = bytes.Clone(data)
		return nil
	}))
	return files
}

func equal(a, b map[string][]byte) bool {
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			return false
		}
	}
	return len(a) == len(b)
}
