package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"diaoxiao/internal/sender/outbox"
)

// lacking are the entries without a verified receipt.
func lacking(t *testing.T, b *outbox.Outbox) (nos []int64) {
	t.Helper()
	must(t, b.WithoutReceipt(context.Background(), target, func(e outbox.Entry) error {
		nos = append(nos, e.No)
		return nil
	}))
	return nos
}

// A receipt that does not hold makes room for another one; one that was verified stays for good.
func TestReceiptIsKept(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	no := record(t, b, "甲", "1").No
	record(t, b, "乙", "2") // never accepted
	if _, err := b.Receipt(no); !errors.Is(err, outbox.ErrNotFound) {
		t.Errorf("before there is one: %v", err)
	}
	accept(t, b, no, "202611240000000019")
	for _, r := range []struct{ fault, file, kept string }{
		{"不成立", "", ""}, {"不成立", "wrong", "wrong"}, {"", "right", "right"}, {"不成立", "late", "right"},
		{"", "other", "right"},
	} {
		if got := lacking(t, b); len(got) != 1 && r.kept != "right" {
			t.Errorf("%v lack a receipt", got)
		}
		must(t, b.KeepReceipt(outbox.Receipt{Entry: no, Fault: r.fault, File: []byte(r.file)}))
		if got, err := b.Receipt(no); err != nil || string(got.File) != r.kept || got.Checked.IsZero() {
			t.Errorf("kept %+v, %v; want %q", got, err, r.kept)
		}
	}
	if got := lacking(t, b); len(got) != 0 {
		t.Errorf("%v lack a receipt", got)
	}
	if faults, err := b.Receipts(); err != nil || len(faults) != 1 || faults[no] != "" {
		t.Errorf("%v %v", faults, err)
	}
	must(t, b.Close())
}

// An outbox of a version before receipts is read as it is.
func TestOutboxBeforeReceipts(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	no := record(t, b, "甲", "1").No
	accept(t, b, no, "1")
	must(t, b.Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	must(t, err)
	for _, s := range []string{
		"ALTER TABLE entry DROP COLUMN account", "DROP TABLE receipt", "PRAGMA user_version = 3",
	} {
		_, err := db.Exec(s)
		must(t, err)
	}
	must(t, db.Close())
	read, err := outbox.OpenToRead(dir)
	must(t, err)
	defer read.Close()
	if e, err := read.Entry(no); err != nil || e.AcceptID != "1" || e.Account != "" {
		t.Errorf("%+v %v", e, err)
	}
	if faults, err := read.Receipts(); err != nil || len(faults) > 0 {
		t.Errorf("%v %v", faults, err)
	}
	if _, err := read.Receipt(no); !errors.Is(err, outbox.ErrNotFound) {
		t.Error(err)
	}
}
