package evidencelog_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// TestExport has a log of several tiles read by sumdb/tlog from its files alone, and rebuilt from the store alone.
func TestExport(t *testing.T) {
	o := openOffice(t, t.TempDir())
	for i := range 600 {
		o.send(fmt.Sprint(i, "号"), receivertest.Entities(i, 1)...)
	}
	o.sign()
	files := o.export()
	c, err := evidence.UnsignedCheckpoint(files["checkpoint"])
	o.must(err)
	root, err := tlog.TreeHash(c.Size, tlog.HashReaderFunc(storedIn(leavesIn(t, files))))
	o.must(err)
	if root != tlog.Hash(c.Roots[0]) || c.Size < 601 {
		t.Errorf("the entries of %d leaves have root %v", c.Size, root)
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

// leavesIn are the leaves in the bundles of entries.
func leavesIn(t *testing.T, files map[string][]byte) (leaves [][]byte) {
	for _, name := range []string{"000", "001", "002.p"} {
		for path, data := range files {
			if !bytes.HasPrefix([]byte(path), []byte("tile/entries/"+name)) {
				continue
			}
			for len(data) > 0 {
				n := int(binary.BigEndian.Uint16(data))
				leaves, data = append(leaves, data[2:2+n]), data[2+n:]
			}
		}
	}
	return leaves
}

// storedIn are the hashes of a log as sumdb/tlog numbers them.
func storedIn(leaves [][]byte) func([]int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	reader := func(at []int64) (hs []tlog.Hash, err error) {
		for _, i := range at {
			hs = append(hs, all[i])
		}
		return hs, nil
	}
	for i, l := range leaves {
		hs, err := tlog.StoredHashes(int64(i), l, tlog.HashReaderFunc(reader))
		if err != nil {
			panic(err)
		}
		all = append(all, hs...)
	}
	return reader
}
