package statistics_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/verify"
)

// month is one month in the list of months.
func (o *office) month(m statistics.Month) statistics.Line {
	o.Helper()
	ls, err := o.Months(o.Context(), intake.Actor("cli:x"), m, 1)
	o.must(err)
	if len(ls) != 1 || ls[0].Month != m {
		o.Fatalf("%s: %+v", m, ls)
	}
	return ls[0]
}

// closings are the entries of the audit about closed months.
func (o *office) closings() (es []intake.AuditEntry) {
	o.Helper()
	all, err := auditlog.New(o.desk).EntriesAfter(o.Context(), intake.Actor("cli:x"), 0, 1000)
	o.must(err)
	for _, e := range all {
		if e.Action == intake.ActionStatClose {
			es = append(es, e)
		}
	}
	return es
}

// A month is closed once twenty working days have passed after its end, once, with a digest that the audit has. Later
// events change nothing; later records about the time before are a correction beside it.
func TestClosing(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			_, last, future := october(o)
			o.at("2026-11-27 23:59")
			o.must(o.Pass(t.Context()))
			if r := o.report("2026-10"); !r.Closed.IsZero() || len(o.closings()) != 0 {
				t.Fatalf("closed before its day is over: %+v", r)
			}
			o.at("2026-11-28 00:00")
			for range 2 { // safe to repeat
				o.must(o.Pass(t.Context()))
			}
			closed := o.report("2026-10")
			es := o.closings()
			if closed.Closed.IsZero() || closed.AsOf != "2026-11-27" || closed.Now != nil || closed.Damaged ||
				!o.month("2026-10").Closed || o.month("2026-11").Closed {
				t.Fatalf("closed: %+v", closed)
			}
			if len(es) != 1 || es[0].Target != "2026-10" || es[0].By != intake.System ||
				es[0].AnyFacts().Get(intake.FactDigest) != hex.EncodeToString(closed.Digest[:]) {
				t.Fatalf("audit: %+v", es)
			}
			equal(t, "closed", figures(whole(closed.Numbers)), counted["month"])

			o.decide("2026-11-30 12:00", future, 1, 1, release.ToRelease, "2026-11-30")
			o.giveBack("2026-12-10 10:00", o.acceptID(6))
			o.at("2027-01-20 09:00")
			o.must(o.Pass(t.Context()))
			if r := o.report("2026-10"); r.Now != nil || o.month("2026-10").Corrected {
				t.Errorf("what came after the last day is no correction: %+v", r.Now)
			}

			o.publish(last, "2026-11-26") // also the ten that had no day
			o.must(o.Pass(t.Context()))
			r := o.report("2026-10")
			equal(t, "closed and corrected", figures(whole(r.Numbers)), counted["month"])
			if r.Now == nil || r.Digest != closed.Digest || !o.month("2026-10").Corrected {
				t.Fatal("no correction")
			}
			was, is := figures(whole(r.Numbers)), figures(whole(*r.Now))
			for key, want := range map[string]string{"published": "34", "timely20": "97.1%", "publication": "27天／27天"} {
				if is[key] != want {
					t.Errorf("%s: corrected to %s, want %s", key, is[key], want)
				}
				delete(was, key)
				delete(is, key)
			}
			equal(t, "all else", is, was)
			if es := o.closings(); len(es) != 2 || es[1].Target != "2026-11" {
				t.Errorf("closed: %+v", es)
			}
		})
	}
}

// whole is all of a month.
func whole(n statistics.Numbers) statistics.Part {
	s := n.Summary()
	return statistics.Part{Counts: s.Counts, Refused: s.Refused}
}

// acceptID is that of a case by its number.
func (o *office) acceptID(no int64) (id string) {
	o.Helper()
	o.must(o.store.View(o.Context(), func(tx intake.Tx) error {
		rows, err := tx.CaseRows(no, no)
		id = rows[0].AcceptID
		return err
	}))
	return id
}

// The numbers of a closed month are refused by the store a second time, and show that they were altered behind it.
func TestClosedMonthAltered(t *testing.T) {
	dir := t.TempDir()
	o := openOffice(t, dir)
	october(o)
	o.at("2026-11-28 00:00")
	o.must(o.Pass(t.Context()))
	err := o.store.Update(t.Context(), func(tx intake.Tx) error {
		return tx.InsertStatMonth(intake.StatMonth{Month: "2026-10"})
	})
	if err == nil {
		t.Error("a closed month was replaced")
	}
	equal(t, "not altered", o.faults(), nil)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "diaoxiao.db"))
	o.must(err)
	defer db.Close()
	var content string
	var digest []byte
	o.must(db.QueryRow("SELECT content, digest FROM stat_month").Scan(&content, &digest))
	if sum := sha256.Sum256([]byte(content)); !bytes.Equal(sum[:], digest) {
		t.Error("the digest is of something else")
	}
	_, err = db.Exec(`UPDATE stat_month SET content = replace(content, '"cases":3', '"cases":4')`)
	o.must(err)
	if !o.report("2026-10").Damaged {
		t.Error("altered numbers look whole")
	}
	equal(t, "altered", o.faults(), []string{"2026-10的统计结账数字与其摘要不符"})
	sum := sha256.Sum256([]byte(strings.Replace(content, `"cases":3`, `"cases":4`, 1)))
	_, err = db.Exec(`UPDATE stat_month SET content = ?, digest = ?`,
		strings.Replace(content, `"cases":3`, `"cases":4`, 1), sum[:])
	o.must(err)
	equal(t, "altered with its digest", o.faults(), []string{"2026-10的统计结账数字的摘要与审计记录不符"})
	_, err = db.Exec(`DELETE FROM stat_month`)
	o.must(err)
	equal(t, "deleted", o.faults(), []string{"2026-10的统计已结账，结账数字却不见了"})
}

// faults are those that db check finds in the statistics.
func (o *office) faults() (found []string) {
	o.Helper()
	_, err := verify.NewExaminer(o.desk).Inspect(o.Context(), intake.Actor("cli:x"), func(f verify.Fault) {
		if f.Kind == verify.FaultStatistics {
			found = append(found, f.What)
		}
	}, nil)
	o.must(err)
	return found
}

// Calls that the log has dropped are no correction of a closed month, and an open month says that they are missing.
func TestCallsDropped(t *testing.T) {
	o := openOffice(t, t.TempDir())
	october(o)
	o.at("2026-11-28 00:00")
	o.must(o.Pass(t.Context()))
	o.must(o.store.Background(t.Context(), func(tx intake.Tx) error {
		_, _, err := tx.PruneOldestCalls(3)
		return err
	}))
	o.at("2026-11-30 00:00")
	o.must(o.Pass(t.Context()))
	if r := o.report("2026-10"); r.Now != nil || r.Summary().Refused != 3 {
		t.Errorf("%+v", r)
	}
	o = openOffice(t, t.TempDir())
	october(o)
	if r := o.report("2026-10"); r.CallsFrom != "" {
		t.Errorf("all calls are there: %s", r.CallsFrom)
	}
	o.must(o.store.Background(t.Context(), func(tx intake.Tx) error {
		_, _, err := tx.PruneOldestCalls(4)
		return err
	}))
	if r := o.report("2026-10"); r.CallsFrom != "2026-10-09" {
		t.Errorf("whole from %q", r.CallsFrom)
	}
}
