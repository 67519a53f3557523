package evidencelog_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// TestRestoredOlder puts an older copy of the database back. Nothing is signed until the log is continued; then both
// logs verify, the new one by the statement that the old keys signed, and the old receipt still holds.
func TestRestoredOlder(t *testing.T) {
	o := openOffice(t, t.TempDir())
	kept := o.send("一号", receivertest.Entities(0, 2)...)
	o.sign()
	o.must(o.store.Close())
	older := readAll(t, o.place)
	o.open()
	lost := o.receiptOfNew("二号")
	o.must(o.store.Close())
	for name, text := range older {
		o.must(os.WriteFile(filepath.Join(o.place, name), text, 0o600))
	}
	o.must(os.RemoveAll(filepath.Join(o.place, "diaoxiao.mark")))
	o.open()
	if err := o.signer.Pass(t.Context()); !errors.Is(err, evidencelog.ErrFork) {
		t.Fatalf("signed over an older database: %v", err)
	}
	keys := evidencelog.KeysOf(o.keys)
	statement, err := evidencelog.Continue(t.Context(), o.desk, intake.Actor("cli:x"), keys, o.memory)
	o.must(err)
	_, err = evidencelog.Continue(t.Context(), o.desk, intake.Actor("cli:x"), keys, o.memory)
	if !errors.Is(err, evidencelog.ErrNothingLost) {
		t.Errorf("continued twice: %v", err)
	}
	_, err = verifyFile(o.policy(), o.receipt(kept, evidencelog.Content{}))
	o.must(err) // until the new log has the case, the old one proves it
	o.sign()
	after := o.receipt(kept, evidencelog.Content{})
	if _, err := verifyFile(o.policy(), after); !isFault(err, evidence.PartCheckpoint) {
		t.Errorf("the new log under the old policy alone: %v", err)
	}
	followed, err := o.policy().Follow(statement)
	o.must(err)
	for _, file := range [][]byte{after, lost} {
		_, err := verifyFile(followed, file)
		o.must(err)
	}
	statement[len(statement)/2] ^= 1
	if _, err := o.policy().Follow(statement); err == nil {
		t.Error("an altered statement is trusted")
	}
}

// receiptOfNew sends a case, signs, and returns its receipt.
func (o *office) receiptOfNew(id string) []byte {
	o.Helper()
	o.sender.Base = o.door.URL
	accepted := o.send(id, receivertest.Entities(5, 1)...)
	o.sign()
	return o.receipt(accepted, evidencelog.Content{})
}

// readAll reads the files of a folder.
func readAll(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	es, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	for _, e := range es {
		if e.IsDir() {
			continue
		}
		if all[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
