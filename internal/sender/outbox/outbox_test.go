package outbox_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/sender/outbox"
)

var target = outbox.Target{URL: "https://receiver.example/api", AppKey: "dxkey"}

func open(t testing.TB, dir string) *outbox.Outbox {
	t.Helper()
	b, err := outbox.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fresh(t testing.TB) *outbox.Outbox {
	t.Helper()
	b := open(t, t.TempDir())
	t.Cleanup(func() { b.Close() })
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// draft is a case whose body and digest are made from values.
func draft(t testing.TB, b *outbox.Outbox, caseID string, values []byte) outbox.Draft {
	t.Helper()
	body := b.NewBody()
	for rest := values; len(rest) > 0; {
		n := min(len(rest), 10_000)
		_, err := body.Write(rest[:n])
		must(t, err)
		rest = rest[n:]
	}
	return outbox.Draft{CaseID: caseID, CaseName: "案", Digest: api.Digest(sha256.Sum256(values)), Items: 1,
		Source: outbox.Source{File: "清单.csv", Row: 7}, Body: body}
}

func record(t testing.TB, b *outbox.Outbox, caseID, values string) outbox.Recorded {
	t.Helper()
	d := draft(t, b, caseID, []byte(values))
	defer d.Body.Close()
	out, err := b.Record(target, []outbox.Draft{d})
	must(t, err)
	return out[0]
}

func begin(t testing.TB, b *outbox.Outbox, no int64) []outbox.Entry {
	t.Helper()
	es, err := b.Begin([]int64{no})
	must(t, err)
	return es
}

func bodyOf(t testing.TB, b *outbox.Outbox, e outbox.Entry) []byte {
	t.Helper()
	r, err := b.OpenBody(e)
	must(t, err)
	defer r.Close()
	got, err := io.ReadAll(r)
	must(t, err)
	return got
}

// Bodies of every size come back to the byte, also from another process's outbox.
func TestBodiesComeBackAsRecorded(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	random := rand.NewChaCha8([32]byte{1})
	var drafts []outbox.Draft
	var want [][]byte
	for i, size := range []int{1, 100, 3000, outbox.SmallBody, outbox.SmallBody + 1, 200_000, 3 << 20, 5, 300_000} {
		v := make([]byte, size)
		random.Read(v)
		want = append(want, v)
		drafts = append(drafts, draft(t, b, fmt.Sprint("案", i), v))
	}
	for i := range 30 { // more than one pack
		v := bytes.Repeat([]byte{byte(i)}, 40_000)
		want = append(want, v)
		drafts = append(drafts, draft(t, b, fmt.Sprint("包", i), v))
	}
	out, err := b.Record(target, drafts)
	must(t, err)
	for i, r := range out {
		if r.Verdict != outbox.ToSend || !bytes.Equal(bodyOf(t, b, r.Entry), want[i]) {
			t.Fatalf("case %d: verdict %d or other bytes", i, r.Verdict)
		}
	}
	must(t, b.Close())
	b = open(t, dir)
	defer b.Close()
	i := 0
	must(t, b.Entries(context.Background(), outbox.Filter{}, func(e outbox.Entry) error {
		if !bytes.Equal(bodyOf(t, b, e), want[i]) || e.SHA256 != sha256.Sum256(want[i]) ||
			e.Bytes != int64(len(want[i])) {
			t.Fatalf("case %d has other bytes", i)
		}
		i++
		return nil
	}))
	if i != len(want) {
		t.Fatalf("%d entries, want %d", i, len(want))
	}
}

// A body that was not recorded leaves nothing behind, whether it was closed or its process died.
func TestUnrecordedBodiesAreForgotten(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	v := make([]byte, 3<<20)
	rand.NewChaCha8([32]byte{2}).Read(v)
	kept := draft(t, b, "甲", v)
	must(t, draft(t, b, "乙", v).Body.Close())
	draft(t, b, "丙", v)
	_, err := b.Record(target, []outbox.Draft{kept})
	must(t, err)
	must(t, kept.Body.Close())
	must(t, b.Close())
	b = open(t, dir)
	must(t, b.Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	must(t, err)
	defer db.Close()
	var bodies, waiting int
	must(t, db.QueryRow("SELECT (SELECT COUNT(DISTINCT body) FROM body_part), (SELECT COUNT(*) FROM unfinished)").Scan(
		&bodies,
		&waiting,
	))
	if bodies != 1 || waiting != 0 {
		t.Errorf("%d bodies and %d unfinished, want the one recorded", bodies, waiting)
	}
}

// Damage of a body is noticed before its last byte is out.
func TestDamagedBodyIsNotSent(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	big := make([]byte, 100_000)
	rand.NewChaCha8([32]byte{3}).Read(big)
	small := record(t, b, "小", "abc")
	out, err := b.Record(target, []outbox.Draft{draft(t, b, "大", big)})
	must(t, err)
	must(t, b.Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	must(t, err)
	for _, e := range []outbox.Entry{small.Entry, out[0].Entry} {
		_, err = db.Exec("UPDATE entry SET sha256 = zeroblob(32) WHERE no = ?", e.No)
		must(t, err)
	}
	must(t, db.Close())
	b = open(t, dir)
	defer b.Close()
	must(t, b.Entries(context.Background(), outbox.Filter{}, func(e outbox.Entry) error {
		r, err := b.OpenBody(e)
		if err == nil {
			_, err = io.ReadAll(r)
			r.Close()
		}
		if !errors.Is(err, outbox.ErrDamaged) {
			t.Errorf("%s: %v", e.CaseID, err)
		}
		return nil
	}))
}

// One process at a time; looking is always allowed.
func TestOneProcessSends(t *testing.T) {
	dir := t.TempDir()
	if _, err := outbox.OpenToRead(dir); !errors.Is(err, outbox.ErrNone) {
		t.Errorf("reading where there is none: %v", err)
	}
	b := open(t, dir)
	record(t, b, "甲", "1")
	cmd := exec.Command(os.Args[0], "-test.run=^TestSecondProcess$")
	cmd.Env = append(os.Environ(), "OUTBOX_TEST_FOLDER="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	must(t, b.Close())
	must(t, open(t, dir).Close())
}

// TestSecondProcess is the other process of TestOneProcessSends.
func TestSecondProcess(t *testing.T) {
	dir := os.Getenv("OUTBOX_TEST_FOLDER")
	if dir == "" {
		return // nothing to do but in that process
	}
	if _, err := outbox.Open(dir, time.Now); !errors.Is(err, outbox.ErrBusy) || !strings.Contains(err.Error(), dir) {
		t.Errorf("opened twice: %v", err)
	}
	b, err := outbox.OpenToRead(dir)
	must(t, err)
	defer b.Close()
	counts, err := b.Counts()
	must(t, err)
	if counts[outbox.Pending] != 1 {
		t.Errorf("reads %v", counts)
	}
	if _, err := b.Begin([]int64{1}); err == nil {
		t.Error("a reader can write")
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir).Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	must(t, err)
	_, err = db.Exec("PRAGMA user_version = 1000")
	must(t, err)
	must(t, db.Close())
	if _, err := outbox.Open(dir, time.Now); !errors.Is(err, outbox.ErrNewer) {
		t.Errorf("opened: %v", err)
	}
	if _, err := outbox.OpenToRead(dir); !errors.Is(err, outbox.ErrNewer) {
		t.Errorf("opened to read: %v", err)
	}
}

// One receiver has one identity whatever the spelling of its address; another app is another target.
func TestTargetsAreTold(t *testing.T) {
	b := fresh(t)
	record(t, b, "甲", "1")
	for _, c := range []struct {
		target  outbox.Target
		verdict outbox.Verdict
		entries int
	}{
		{outbox.Target{URL: "HTTPS://Receiver.Example:443/api/", AppKey: "dxkey"}, outbox.ToSend, 1},
		{outbox.Target{URL: "https://receiver.example/API", AppKey: "dxkey"}, outbox.ToSend, 2},
		{outbox.Target{URL: "https://receiver.example/api", AppKey: "dxother"}, outbox.ToSend, 3},
	} {
		out, err := b.Record(c.target, []outbox.Draft{draft(t, b, "甲", []byte("1"))})
		must(t, err)
		n := 0
		must(
			t,
			b.Entries(context.Background(), outbox.Filter{CaseID: "甲"}, func(outbox.Entry) error { n++; return nil }),
		)
		if out[0].Verdict != c.verdict || n != c.entries {
			t.Errorf("%v: verdict %d, %d entries, want %d and %d", c.target, out[0].Verdict, n, c.verdict, c.entries)
		}
	}
}
