package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/sandbox"
)

// archive is an office with something of everything, closed: cases 1, returned, and 2, sent again instead; 3 of another
// bureau; 4, which is large; 5, which is not yet verified; attempts 1 to 8, of which 6 is a repeat of 3, 7 in conflict
// with it and 8 refused.
func archive(t testing.TB) (backup string) {
	t.Helper()
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	first := o.send(t, one, sandbox.Batch(1, 120))
	if err := o.ReturnCase(t.Context(), first.AcceptID, "重报"); err != nil {
		t.Fatal(err)
	}
	o.wait(time.Minute)
	o.send(t, one, sandbox.Batch(1, 121))
	o.send(t, two, sandbox.Batch(2, 100))
	large := caseOf("large", entities(0, 700)...)
	large.PenaltyDate = "2026-03-21"
	o.send(t, two, large)
	o.verify(t)
	o.send(t, two, caseOf("waiting", entity(1)))
	o.send(t, two, sandbox.Batch(2, 100))
	for _, data := range [][]byte{encode(t, sandbox.Batch(2, 101)), []byte("{}")} {
		if _, err := o.Submit(t.Context(), two.who, o.submission(t, data, charset.UTF8)); err == nil {
			t.Fatal("accepted")
		}
	}
	backup = filepath.Join(t.TempDir(), "backup.db")
	if err := o.store.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	return backup
}

// restored is a copy of an archive, changed while it is closed.
func restored(t testing.TB, backup string, change func(o *office)) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	if err := store.Restore(t.Context(), backup, o.dir, store.Options{}, asItIs); err != nil {
		t.Fatal(err)
	}
	change(o)
	o.open(t)
	return o
}

func asItIs(intake.Tx) error { return nil }

func TestInspectClean(t *testing.T) {
	o := restored(t, archive(t), func(*office) {})
	for _, how := range []string{"as it is", "verified", "verified again"} {
		last, calls := int64(0), 0
		n, err := o.Inspect(
			t.Context(),
			intake.System,
			func(f verify.Fault) { t.Errorf("%s: %+v", how, f) },
			func(n verify.Inspection) {
				if calls++; n.Cases != last && n.Cases != last+1 {
					t.Errorf("progress from %d to %d", last, n.Cases)
				}
				last = n.Cases
			},
		)
		want := verify.Inspection{Cases: 5, Entities: 120 + 121 + 100 + 700 + 1, Attempts: 8, Verified: 5, Audited: 4}
		if how == "as it is" {
			want.Verified = 4
		}
		if how == "verified again" {
			want.Audited = 5
		}
		if n != want || err != nil || calls < 5 {
			t.Errorf("%s: %+v, %v", how, n, err)
		}
		if how == "verified" {
			if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
				t.Fatal(err)
			}
		}
		o.verify(t)
	}
}

// Each kind of tampering is named, with its case where it is one case's.
func TestInspectTampering(t *testing.T) {
	backup := archive(t)
	for i, c := range []struct {
		change string
		caseNo int64
		fault  string
	}{
		// the case row
		{"UPDATE cases SET casename = casename || '。' WHERE case_no = 3", 3, "案件行的内容与正文不符"},
		{"UPDATE cases SET penaltydate = '2026-03-17' WHERE case_no = 3", 3, "案件行的内容与正文不符"},
		{"UPDATE cases SET penaltyorg = '某局' WHERE case_no = 5", 5, "案件行的内容与正文不符"},
		{"UPDATE cases SET caseid = 'other' WHERE case_no = 3", 3, "案件行的内容与正文不符"},
		{"UPDATE cases SET caseid = 'other' WHERE case_no = 3", 3, "报送记录6与案件不符"},
		{"UPDATE cases SET items = items - 1 WHERE case_no = 4", 4, "正文"},
		{"UPDATE cases SET acceptid = '202603200000000056' WHERE case_no = 3", 3, "受理号与受理日期、序号不符"},
		{"UPDATE cases SET received_ms = received_ms - 86400000 WHERE case_no = 3", 3, "受理号与受理日期、序号不符"},
		{"UPDATE cases SET account = '李四' WHERE case_no = 3", 3, "受理该案件的报送记录3与案件不符"},
		{"UPDATE cases SET app_id = 1 WHERE case_no = 3", 3, "报送记录3与案件不符"},
		{"UPDATE cases SET supersedes = '' WHERE case_no = 2", 2, "所替代的案件"},
		{"UPDATE cases SET supersedes = (SELECT acceptid FROM cases WHERE case_no = 3) WHERE case_no = 2", 2, "所替代的案件"},
		{"UPDATE cases SET revision = 2 WHERE case_no = 2", 2, "所替代的案件"},
		{"UPDATE cases SET supersedes = (SELECT acceptid FROM cases WHERE case_no = 1) WHERE case_no = 3", 3, "所替代的案件"},
		{"DELETE FROM case_return", 2, "所替代的案件"},
		{"DELETE FROM cases WHERE case_no = 3", 3, "报送记录3所指的案件不存在"},
		{"DELETE FROM cases WHERE case_no = 3; DELETE FROM attempt WHERE case_no = 3", 3, "案件行缺失"},
		{"DELETE FROM cases WHERE case_no < 3; DELETE FROM attempt WHERE case_no < 3", 1, "案件行缺失"},
		// the body
		{"UPDATE pack SET data = randomblob(length(data))", 5, "正文与受理时的记录不符"},
		{"DELETE FROM body_part", 4, "正文与受理时的记录不符"},
		{"UPDATE cases SET sha256 = zeroblob(32) WHERE case_no = 3", 3, "正文与受理时的记录不符"},
		{"UPDATE cases SET bytes = bytes + 1 WHERE case_no = 4", 4, "正文与受理时的记录不符"},
		{"UPDATE cases SET digest = zeroblob(32) WHERE case_no = 3", 3, "正文内容摘要与受理时的记录不符"},
		{"UPDATE cases SET charset = 'gb18030' WHERE case_no = 3", 3, "正文"},
		// the attempts
		{"DELETE FROM attempt WHERE attempt_no = 3", 3, "没有受理该案件的报送记录"},
		{"UPDATE attempt SET outcome = 'repeated' WHERE attempt_no = 3", 3, "没有受理该案件的报送记录"},
		{"UPDATE attempt SET case_no = 0 WHERE attempt_no = 3", 3, "没有受理该案件的报送记录"},
		{"UPDATE attempt SET case_no = 4 WHERE attempt_no = 3", 4, "报送记录3与案件不符"},
		{"UPDATE attempt SET case_no = 99 WHERE attempt_no = 6", 99, "报送记录6所指的案件不存在"},
		{"UPDATE attempt SET outcome = 'accepted' WHERE attempt_no = 6", 3, "受理该案件的报送记录6与案件不符"},
		{"UPDATE attempt SET sha256 = zeroblob(32) WHERE attempt_no = 3", 3, "受理该案件的报送记录3与案件不符"},
		{"UPDATE attempt SET account = '' WHERE attempt_no = 3", 3, "受理该案件的报送记录3与案件不符"},
		{"UPDATE attempt SET caseid = 'other' WHERE attempt_no = 6", 3, "报送记录6与案件不符"},
		// the audit
		{"UPDATE audit SET detail = detail || '。' WHERE audit_no = 2", 0, "审计记录的链在第2条"},
		{"DELETE FROM audit WHERE audit_no = 1", 0, "审计记录的链在第2条"},
		// what is derived
		{"UPDATE entity SET legal = '某人' WHERE case_no = 3 AND pos = 41", 3, "清单第42条的派生数据"},
		{"UPDATE entity SET uniscid = lower(uniscid) WHERE case_no = 3 AND pos = 41", 3, "清单第42条的派生数据"},
		{"DELETE FROM entity WHERE case_no = 3 AND pos = 41", 3, "清单第42条的派生数据"},
		{"DELETE FROM entity WHERE case_no = 4", 4, "清单第1条的派生数据"},
		{"DELETE FROM entity_key WHERE case_no = 3 AND pos = 41 AND kind = 3", 3, "清单第42条的派生数据"},
		{"UPDATE entity_key SET value = value || 'X' WHERE case_no = 3 AND pos = 41 AND kind = 1", 3, "清单第42条的派生数据"},
		{"DELETE FROM entity_key WHERE case_no = 3 AND kind = 4", 3, "案件编号的检索键与正文不符"},
		{"UPDATE entity_key SET value = value || 'X' WHERE case_no = 3 AND kind = 4", 3, "案件编号的检索键与正文不符"},
		{"DELETE FROM entity_key WHERE case_no = 3 AND kind = 5 AND value = (SELECT max(value) FROM entity_key WHERE " +
			"case_no = 3 AND kind = 5)", 3, "案件编号的检索键与正文不符"},
		{"UPDATE entity_key SET value = value || 'X' WHERE case_no = 3 AND kind = 5 AND value = '号'", 3,
			"案件编号的检索键与正文不符"},
		{"INSERT INTO entity VALUES (3, 100, 'p', 'u', 'l', 'e')", 3, "市场主体行多于清单的100条"},
		{"DELETE FROM finding WHERE case_no = 3 AND rule = 105", 3, "缺少1条核验提示"},
		{"DELETE FROM finding WHERE case_no = 4 AND pos = -1", 4, "缺少1条核验提示"},
		{"DELETE FROM finding WHERE case_no = 3 AND rule = 401", 3, "核验记录的条数与派生数据不符"},
		{"UPDATE finding SET detail = '。' WHERE case_no = 3 AND rule = 105", 3, "核验提示与正文不符"},
		{"INSERT INTO finding VALUES (3, 0, 107, 'uniscid', '')", 3, "核验提示与正文不符：第1条 规则107"},
		{"INSERT INTO finding VALUES (3, 0, 401, 'uniscid', '')", 3, "核验记录的条数与派生数据不符"},
		{"UPDATE verification SET items = items + 1 WHERE case_no = 3", 3, "核验记录的条数与派生数据不符"},
		{"UPDATE verification SET severe = severe + 1, warnings = warnings - 1 WHERE case_no = 3", 3, "核验记录的条数与派生数据不符"},
		// what belongs to nothing; it shows once all cases are verified
		{"INSERT INTO entity_key VALUES (3, '某人', 3, 41)", 0, "检索键3183个，应为1042行、3182个"},
		{"INSERT INTO entity VALUES (99, 0, 'p', 'u', 'l', 'e')", 0, "派生数据共1043行"},
	} {
		if leftOut(i) {
			continue
		}
		o := restored(t, backup, func(o *office) { o.tamper(t, strings.Split(c.change, "; ")...) })
		if c.caseNo == 0 {
			o.verify(t)
		}
		faults, _ := o.inspect(t)
		named := false
		for _, f := range faults {
			named = named || strings.HasPrefix(f, fmt.Sprint(c.caseNo, " ")) && strings.Contains(f, c.fault)
		}
		if !named {
			t.Errorf("%s: want %d %s, got\n%s", c.change, c.caseNo, c.fault, strings.Join(faults, "\n"))
		}
		o.store.Close()
	}
}

// A body that was exchanged with care, its length, hash and compression right, still says something else than was
// accepted.
func TestInspectExchangedBody(t *testing.T) {
	o := restored(t, archive(t), func(o *office) {
		db := o.raw(t)
		defer db.Close()
		var data []byte
		var pack, offset, n int
		err := db.QueryRow("SELECT pack_no, pack_offset, bytes, data FROM cases JOIN pack USING (pack_no) WHERE "+
			"case_no = 3").Scan(&pack, &offset, &n, &data)
		if err != nil {
			t.Fatal(err)
		}
		dec, _ := zstd.NewReader(nil)
		defer dec.Close()
		raw, err := dec.DecodeAll(data, nil)
		if err != nil {
			t.Fatal(err)
		}
		body := raw[offset : offset+n]
		i := bytes.LastIndex(body, []byte(`"enttype":"`)) + len(`"enttype":"`)
		body[i] ^= 1
		sum := sha256.Sum256(body)
		enc, _ := zstd.NewWriter(nil)
		if _, err := db.Exec("UPDATE pack SET data = ? WHERE pack_no = ?", enc.EncodeAll(raw, nil), pack); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("UPDATE cases SET sha256 = ? WHERE case_no = 3", sum[:]); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("UPDATE attempt SET sha256 = ? WHERE case_no = 3", sum[:]); err != nil {
			t.Fatal(err)
		}
	})
	faults, _ := o.inspect(t)
	if len(faults) == 0 || !strings.HasPrefix(faults[0]+"\n"+faults[len(faults)-1], "3 ") ||
		!strings.Contains(strings.Join(faults, "\n"), "正文内容摘要") {
		t.Errorf("%v", faults)
	}
	c, err := o.cases(intake.CaseFilter{After: 2, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Decode(t.Context(), intake.System, c[0], nil); !errors.Is(err, intake.ErrDamaged) {
		t.Errorf("decoded: %v", err)
	}
}

// More cases, attempts, rows and findings than are read at once, with the pages ending in the middle of what belongs
// together.
func TestInspectPages(t *testing.T) {
	if raceEnabled {
		t.Skip("takes long under the race detector")
	}
	o := openOffice(t)
	b := o.admit(t, "甲")
	list := entities(0, 2300)
	for i := range list {
		list[i].EntType = "有限责任公司" // a finding
		if i > 0 {
			list[i].Legal = "苏*娜" // and another
		}
	}
	o.send(t, b, caseOf("many findings", list...))
	const n = 1100
	ins := make([]intake.Submission, n)
	for i := range ins {
		ins[i] = o.submission(t, encode(t, caseOf(fmt.Sprint(i), entity(3000+i))), charset.UTF8)
	}
	var wg sync.WaitGroup
	for i := range ins {
		wg.Go(func() {
			if _, err := o.Submit(t.Context(), b.who, ins[i]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	o.verify(t)
	holdClean(t, o)
	if in, err := o.Inspect(t.Context(), intake.System, func(verify.Fault) {}, nil); err != nil || in.Cases != n+1 ||
		in.Attempts != n+1 || in.Entities != 2300+n || in.Verified != n+1 {
		t.Errorf("%+v, %v", in, err)
	}
	o.tamper(t, "DELETE FROM finding WHERE case_no = 1 AND pos = 1700 AND rule = 613")
	if faults, _ := o.inspect(t); len(faults) == 0 {
		t.Error("a finding is missing")
	}
}

func TestInspectStopped(t *testing.T) {
	o := restored(t, archive(t), func(*office) {})
	ctx, cancel := context.WithCancel(t.Context())
	n, err := o.Inspect(ctx, intake.System, func(f verify.Fault) { t.Error(f) }, func(n verify.Inspection) {
		if n.Cases == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || n.Cases != 1 {
		t.Errorf("%+v, %v", n, err)
	}
}

// Inspection is of one moment, whatever comes in meanwhile.
func TestInspectWhileReceiving(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				c := caseOf(fmt.Sprint(k, " ", i/2), entity(i)) // each twice
				in := intake.Submission{Body: o.NewBody(), Charset: charset.UTF8}
				data := encode(t, c)
				in.Body.Write(data)
				in.Bytes, in.SHA256, _ = in.Body.Sum()
				c2, err := api.ReadCase(bytes.NewReader(data), 0, nil)
				in.Decoded = c2
				if err == nil && i%2 == 0 {
					_, err = o.Submit(t.Context(), b.who, in)
				}
				if err != nil {
					t.Error(err)
				} else if i%2 == 0 {
					accepted.Add(1)
				}
				in.Body.Close()
			}
		})
	}
	wg.Go(func() { verify.New(o.Desk, nil).Run(ctx) })
	for inspections := 0; (inspections < 5 || accepted.Load() < 100) && !t.Failed(); inspections++ {
		holdClean(t, o)
	}
	cancel()
	wg.Wait()
	holdClean(t, o)
}
