package outbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"diaoxiao/internal/sender/outbox"
)

// heldRecord records a case that waits for consent with reason, or because its caseid is like another's.
func heldRecord(t testing.TB, b *outbox.Outbox, caseID, values, reason string) outbox.Recorded {
	t.Helper()
	d := draft(t, b, caseID, []byte(values))
	defer d.Body.Close()
	d.Held = func(like *outbox.Entry) string {
		if like != nil {
			return "像 " + like.CaseID + " " + like.AcceptID
		}
		return reason
	}
	out, err := b.Record(target, []outbox.Draft{d})
	must(t, err)
	return out[0]
}

func accept(t testing.TB, b *outbox.Outbox, no int64, acceptID string) {
	t.Helper()
	if len(begin(t, b, no)) != 1 {
		t.Fatal("not begun")
	}
	must(t, b.Settle([]outbox.Attempt{{Entry: no, Began: time.Now(), Outcome: outbox.Accepted, AcceptID: acceptID}}))
}

// A case that waits for consent is not begun, also after its process died, until the consent is noted.
func TestHeldIsNotBegun(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	r := heldRecord(t, b, "甲", "1", "严重提示")
	if r.Held != "严重提示" || len(begin(t, b, r.No)) != 0 {
		t.Errorf("%+v", r)
	}
	must(t, b.Close())
	b = open(t, dir)
	defer b.Close()
	e, err := b.Entry(r.No)
	must(t, err)
	if e.Held != "严重提示" || e.State != outbox.Pending || len(begin(t, b, r.No)) != 0 {
		t.Errorf("%+v", e)
	}
	must(t, b.Release([]int64{r.No}))
	if es := begin(t, b, r.No); len(es) != 1 || es[0].Held != "" {
		t.Errorf("%+v", es)
	}
}

// Anything that may be at the receiver is not held when it is recorded again: its outcome has to be found. Anything
// that was never sent is, and is no longer once nothing speaks against it.
func TestHeldAgain(t *testing.T) {
	b := fresh(t)
	r := heldRecord(t, b, "甲", "1", "")
	if r = heldRecord(t, b, "甲", "1", "存疑"); r.Verdict != outbox.ToSend || r.Held != "存疑" {
		t.Errorf("%+v", r)
	}
	if r = heldRecord(t, b, "甲", "1", ""); r.Held != "" {
		t.Errorf("%+v", r)
	}
	begin(t, b, r.No)
	must(t, b.Settle([]outbox.Attempt{{Entry: r.No, Began: time.Now(), Outcome: outbox.Unknown}}))
	if r = heldRecord(t, b, "甲", "1", "存疑"); r.Held != "" || len(begin(t, b, r.No)) != 1 {
		t.Errorf("%+v", r)
	}
}

// A caseid that no reader would take for another is noticed, whatever became of the other case; one that is another is
// not, nor one of another receiver.
func TestLikeCaseIDs(t *testing.T) {
	b := fresh(t)
	first := heldRecord(t, b, "呼市监处罚〔2026〕3号", "1", "")
	accept(t, b, first.No, "202611240000000019")
	for _, id := range []string{
		"呼市监处罚〔2026〕3号 ", "呼市监处罚[2026]3号", "呼市监处罚〔2026〕３号", "呼市监处罚〔2026〕3号\u200b", "呼市监处罚（2026）3号",
		"呼市监\u00a0处罚〔2026〕3号\r\n",
	} {
		r := heldRecord(t, b, id, "2"+id, "")
		if r.Held != "像 呼市监处罚〔2026〕3号 202611240000000019" || r.Like == nil || r.Like.No != first.No {
			t.Errorf("%q: %+v", id, r)
		}
	}
	for _, id := range []string{"呼市监处罚〔2026〕4号", "呼市监处罚〔2026〕13号", "呼市监处罚〔2025〕3号", "呼市监处罚〔2026〕3-1号"} {
		if r := heldRecord(t, b, id, "3"+id, ""); r.Held != "" || r.Like != nil {
			t.Errorf("%q: %+v", id, r)
		}
	}
	if r := heldRecord(t, b, "呼市监处罚〔2026〕3号", "1", ""); r.Verdict != outbox.Done {
		t.Errorf("%+v", r)
	}
}

// A case that certainly never was on its way can be given up, and nothing else; its caseid is then free.
func TestDrop(t *testing.T) {
	b := fresh(t)
	never, sent, unknown := heldRecord(t, b, "甲", "1", "存疑"), record(t, b, "乙", "1"), record(t, b, "丙", "1")
	accept(t, b, sent.No, "1")
	begin(t, b, unknown.No)
	must(t, b.Settle([]outbox.Attempt{{Entry: unknown.No, Began: time.Now(), Outcome: outbox.Unknown}}))
	n, err := b.Drop([]int64{never.No, sent.No, unknown.No})
	must(t, err)
	if n != 1 {
		t.Errorf("dropped %d", n)
	}
	e, err := b.Entry(never.No)
	must(t, err)
	if e.State != outbox.Dropped || e.NeverSent() || len(begin(t, b, never.No)) != 0 {
		t.Errorf("%+v", e)
	}
	if r := heldRecord(t, b, "甲 ", "2", ""); r.Like != nil {
		t.Errorf("like one that was given up: %+v", r)
	}
	if r := record(t, b, "甲", "1"); r.Verdict != outbox.ToSend || r.No == never.No {
		t.Errorf("%+v", r)
	}
}

// older makes of the outbox in dir one of the version before folds.
func older(t testing.TB, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	must(t, err)
	for _, s := range []string{
		"DROP INDEX entry_folded", "ALTER TABLE entry DROP COLUMN folded", "ALTER TABLE entry DROP COLUMN held",
		"ALTER TABLE entry DROP COLUMN origin", "ALTER TABLE target DROP COLUMN same_as", "DROP TABLE merge",
		"ALTER TABLE entry DROP COLUMN account", "DROP TABLE receipt", "PRAGMA user_version = 2",
	} {
		_, err := db.Exec(s)
		must(t, err)
	}
	must(t, db.Close())
}

// An outbox of a version before is read as it is, and in one that is opened for sending the cases of then are found by
// their folds.
func TestOlderOutbox(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	accept(t, b, record(t, b, "甲〔2026〕1号", "1").No, "1")
	must(t, b.Close())
	older(t, dir)
	read, err := outbox.OpenToRead(dir)
	must(t, err)
	n := 0
	must(t, read.Entries(context.Background(), outbox.Filter{Target: target}, func(e outbox.Entry) error {
		n++
		return nil
	}))
	if all, err := read.Receivers(); err != nil || len(all) != 1 || n != 1 {
		t.Errorf("%v %v %d", all, err, n)
	}
	must(t, read.Close())
	b = open(t, dir)
	defer b.Close()
	if r := heldRecord(t, b, "甲[2026]1号", "2", ""); r.Like == nil || r.Like.AcceptID != "1" {
		t.Errorf("%+v", r)
	}
}

// Looking for like caseids costs no look at the whole outbox.
func TestLikeAmongMany(t *testing.T) {
	b := fresh(t)
	const cases, group = 60_000, 250
	var longest time.Duration
	for i := 0; i < cases; i += group {
		var ds []outbox.Draft
		for k := range group {
			d := draft(t, b, fmt.Sprintf("呼市监处罚〔2026〕%d号", i+k), fmt.Appendf(nil, "%d", i+k))
			d.Held = func(like *outbox.Entry) string {
				if like != nil {
					return like.CaseID
				}
				return ""
			}
			ds = append(ds, d)
		}
		began := time.Now()
		out, err := b.Record(target, ds)
		must(t, err)
		longest = max(longest, time.Since(began))
		if out[0].Held != "" {
			t.Fatalf("%+v", out[0])
		}
	}
	began := time.Now()
	if r := heldRecord(t, b, "呼市监处罚[2026]59999号", "x", ""); r.Like == nil {
		t.Errorf("%+v", r)
	}
	if d := time.Since(began); d > time.Second || longest > 5*time.Second {
		t.Errorf("one case among %d took %v, %d of them %v", cases, d, group, longest)
	}
}
