package registrar_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/receiver/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// today is the day of the tests' clock.
var today = time.Date(2026, 11, 30, 9, 0, 0, 0, beijingtime.Zone)

const root = intake.Actor("cli:root")

// bureau is a registrar over a store.
type bureau struct {
	*registrar.Registrar
	desk  *intake.Desk
	clock time.Time // the store's, if it has one, else the tests'
}

// onEngines runs a test on every engine.
func onEngines(t *testing.T, f func(t *testing.T, b *bureau)) {
	for name, place := range map[string]func() string{
		"sqlite": t.TempDir, "postgres": func() string { return pgtest.Shared(t).Database(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), place(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			desk := intake.NewDesk(intake.Config{Store: s, Clock: func() time.Time { return today }})
			now, err := desk.Time(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			f(t, &bureau{registrar.New(desk), desk, now})
		})
	}
}

// day is the day so many days before the clock's.
func (b *bureau) day(before int) string { return beijingtime.Day(b.clock.AddDate(0, 0, -before)) }

const head = "pripid,uniscid,entname,name,regstate\n"

func fileOf(name, text string) extract.File {
	return extract.File{Name: name, In: strings.NewReader(text), Size: int64(len(text))}
}

// rowsOf are rows of firms by their pripids, with a word in their names.
func rowsOf(word string, pripids ...int) string {
	var b strings.Builder
	for _, id := range pripids {
		fmt.Fprintf(&b, "p%d,,%s%d,张三,存续\n", id, word, id)
	}
	return b.String()
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// import1 imports one file that must be taken in.
func (b *bureau) import1(t *testing.T, text string, o registrar.Order) register.Snapshot {
	t.Helper()
	o.Files = []extract.File{fileOf("a.csv", text)}
	s, err := b.Import(t.Context(), root, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// firm is a firm of the current snapshot, the zero value where there is none.
func (b *bureau) firm(t *testing.T, pripid int) (f register.Firm) {
	t.Helper()
	err := b.desk.Store().View(t.Context(), func(tx intake.Tx) error {
		s, err := tx.CurrentSnapshot()
		if err != nil {
			return err
		}
		found, err := tx.FirmsByPripID(s.ID, []string{fmt.Sprintf("P%d", pripid)})
		if all := found[fmt.Sprintf("P%d", pripid)]; len(all) == 1 {
			f = all[0]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// is holds that the register is a snapshot of so many rows, which are there.
func (b *bureau) is(t *testing.T, id int64, rows int) register.Snapshot {
	t.Helper()
	s, err := b.Current(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if s.Snapshot.ID != id || s.Snapshot.Rows != rows || s.There != (id > 0) {
		t.Fatalf("snapshot %d of %d rows, there %v; want %d of %d", s.Snapshot.ID, s.Snapshot.Rows, s.There, id, rows)
	}
	return s.Snapshot
}

// TestImport replaces the register by the next extract, and says so in the audit.
func TestImport(t *testing.T) {
	onEngines(t, func(t *testing.T, b *bureau) {
		b.is(t, 0, 0)
		first := head + rowsOf("甲", upTo(5000)...)
		s := b.import1(t, first, registrar.Order{AsOf: b.day(3)})
		if s.ID != 1 || s.Rows != 5000 || s.Report.States[register.Live] != 5000 {
			t.Errorf("%+v", s)
		}
		if f := b.firm(t, 4321); f.RowNo != 4321 || f.Name != "甲4321" || f.Legal != "张三" || f.State != register.Live {
			t.Errorf("%+v", f)
		}
		o := registrar.Order{AsOf: b.day(3), Files: []extract.File{fileOf("dir/a.csv", head+rowsOf("乙",
			upTo(3000)...)),
			fileOf("b.csv", strings.Replace(head, "regstate", "登记状态", 1)+rowsOf("乙", 3001, 3002, 7001, 7002)+
				"p7003,,丙,,吊销\n")}}
		o.Fewer = true
		if s, err := b.Import(t.Context(), root, o); err != nil || s.ID != 2 {
			t.Fatal(s, err)
		}
		b.is(t, 2, 3005)
		for id, want := range map[int]string{1: "乙1", 3002: "乙3002", 3003: "", 5000: "", 7002: "乙7002",
			7003: "丙"} {
			if got := b.firm(t, id).Name; got != want {
				t.Errorf("p%d: %q, want %q", id, got, want)
			}
		}
		b.audited(t, []string{"as_of=" + b.day(3), "rows=5000", sumOf(first)}, []string{"rows=3005",
			`"a.csv 3000 sha256:`,
			`"b.csv 5 sha256:`})
	})
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// audited holds that the audit has an entry for each import, with these parts.
func (b *bureau) audited(t *testing.T, want ...[]string) {
	t.Helper()
	var entries []intake.AuditEntry
	err := b.desk.Store().View(t.Context(), func(tx intake.Tx) (err error) {
		entries, err = tx.Audit(0, 100)
		return err
	})
	if err != nil || len(entries) != len(want) {
		t.Fatalf("%d entries: %v", len(entries), err)
	}
	for i, e := range entries {
		if e.Action != intake.ActionRegisterImport || e.By != root || e.Target != fmt.Sprint(i+1) {
			t.Errorf("%+v", e)
		}
		for _, part := range want[i] {
			if !strings.Contains(e.Detail, part) {
				t.Errorf("%q has no %q", e.Detail, part)
			}
		}
		if _, ok := e.Facts(); !ok {
			t.Errorf("no facts: %q", e.Detail)
		}
	}
}

// TestChanges applies changes in the order of the file.
func TestChanges(t *testing.T) {
	onEngines(t, func(t *testing.T, b *bureau) {
		b.import1(t, head+rowsOf("甲", upTo(10)...)+"p11,,旧,张三,歇业\n", registrar.Order{AsOf: b.day(9)})
		s := b.import1(t, "op,"+head+"U,p2,,新,李四,注销\nD,p3,,,,\nI,p12,,增,王五,存续\nU,p12,,再,王五,清算\nI,p3,,回,张三,存续\n"+
			"D,p12,,,,\n注销,p11,,旧,张三,注销\n", registrar.Order{AsOf: b.day(8), Base: 1})
		if s.ID != 2 || s.Base != 1 || s.Rows != 11 || s.Report.Applied != (register.Changes{Inserted: 2,
			Updated: 3, Deleted: 2}) {
			t.Errorf("%+v", s)
		}
		if got := fmt.Sprint(b.is(t, 2, 11).Report.States); got != fmt.Sprint(map[register.State]int{register.Live: 9,
			register.Deregistered: 2}) {
			t.Error(got)
		}
		for id, want := range map[int]string{1: "甲1", 2: "新", 3: "回", 11: "旧", 12: ""} {
			if got := b.firm(t, id); got.Name != want {
				t.Errorf("p%d: %+v, want %s", id, got, want)
			}
		}
		if f := b.firm(t, 3); f.RowNo <= 11 {
			t.Errorf("the number of a removed row was used again: %+v", f)
		}
		if f := b.firm(t, 2); f.State != register.Deregistered || f.Legal != "李四" {
			t.Errorf("%+v", f)
		}
		for text, parts := range map[string][]string{
			"I,p2,,新,李四,存续\n":            {"a.csv 第2行", "主体库快照 2 已有这一户"},
			"U,p99,,新,李四,存续\n":           {"a.csv 第2行", "没有这一户，无法变更"},
			"U,p1,,甲,张三,存续\nD,p12,,,,\n": {"a.csv 第3行", "没有这一户，无法删除"},
		} {
			_, err := b.Import(t.Context(), root, registrar.Order{AsOf: b.day(7), Base: 2,
				Files: []extract.File{fileOf("a.csv", "op,"+head+text)}})
			if r, ok := errors.AsType[*extract.Refused](err); !ok || !hasAll(r.Error(), parts) {
				t.Errorf("%s: %v", text, err)
			}
		}
		b.is(t, 2, 11)
		b.import1(t, head+rowsOf("全", upTo(11)...), registrar.Order{AsOf: b.day(7)})
		if f := b.firm(t, 2); b.is(t, 3, 11).Base != 0 || f.Name != "全2" || f.RowNo != 2 {
			t.Errorf("%+v", f)
		}
	})
}

func hasAll(text string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// TestRefusedImport leaves the register as it was.
func TestRefusedImport(t *testing.T) {
	onEngines(t, func(t *testing.T, b *bureau) {
		whole := head + rowsOf("甲", upTo(100)...)
		if _, err := b.Import(t.Context(), root, registrar.Order{AsOf: b.day(1), Base: 1,
			Files: []extract.File{fileOf("a.csv", "op,"+whole)}}); !refusal(err, "还没有主体库") {
			t.Error(err)
		}
		b.import1(t, whole, registrar.Order{AsOf: b.day(5)})
		for name, c := range map[string]struct {
			text string
			o    registrar.Order
			part string
		}{
			"fewer":    {head + rowsOf("乙", upTo(79)...), registrar.Order{AsOf: b.day(1)}, "不到其 80%"},
			"future":   {whole, registrar.Order{AsOf: b.day(-1)}, "在将来"},
			"older":    {whole, registrar.Order{AsOf: b.day(6)}, "早于当前主体库"},
			"no day":   {whole, registrar.Order{AsOf: "2026-02-30"}, "应为 yyyy-MM-dd"},
			"no base":  {"op," + head + "U,p1,,a,b,1\n", registrar.Order{AsOf: b.day(1)}, "--base"},
			"no marks": {whole, registrar.Order{AsOf: b.day(1), Base: 1}, "没有变更标记列"},
			"other base": {"op," + head + "U,p1,,a,b,1\n", registrar.Order{AsOf: b.day(1), Base: 7},
				"快照 7 不是当前的"},
			"empty":     {head, registrar.Order{AsOf: b.day(1), Fewer: true}, "没有一行"},
			"last row":  {whole + "p101,,乙", registrar.Order{AsOf: b.day(1)}, "第102行"},
			"twice":     {whole + rowsOf("乙", 7), registrar.Order{AsOf: b.day(1)}, "与a.csv 第8行重复"},
			"destroyed": {whole + "p101,9.11E+17,乙,张三,存续\n", registrar.Order{AsOf: b.day(1)}, "第102行B列"},
			"bad column": {strings.Replace(whole, "regstate", "x", 1), registrar.Order{AsOf: b.day(1)},
				"缺少 登记状态"},
		} {
			c.o.Files = []extract.File{fileOf("a.csv", c.text)}
			p, err := b.DryRun(t.Context(), root, c.o)
			found := fmt.Sprint(p.Refusal)
			for _, problem := range p.Problems {
				found += problem.Error()
			}
			if err != nil || !strings.Contains(found, c.part) {
				t.Errorf("%s: the dry run says %s, %v", name, found, err)
			}
			if _, err := b.Import(t.Context(), root, c.o); !refusal(err, c.part) {
				t.Errorf("%s: %v", name, err)
			}
			b.is(t, 1, 100)
		}
		if f := b.firm(t, 100); f.Name != "甲100" {
			t.Errorf("%+v", f)
		}
		if _, err := b.Import(t.Context(), nobody{}, registrar.Order{AsOf: b.day(1),
			Files: []extract.File{fileOf("a.csv", whole)}}); !errors.Is(err, intake.ErrForbidden) {
			t.Error(err)
		}
		p, err := b.DryRun(t.Context(), root, registrar.Order{AsOf: b.day(1), Files: []extract.File{fileOf("a.csv",
			whole)}})
		if err != nil || p.Refusal != nil || len(p.Problems) > 0 || p.Rows != 100 || p.Current.ID != 1 {
			t.Errorf("%+v %v", p, err)
		}
		b.import1(t, head+rowsOf("乙", upTo(79)...), registrar.Order{AsOf: b.day(6), Fewer: true, Older: true})
		b.is(t, 2, 79)
	})
}

// refusal reports whether an error is one of the order or of the files, with a part in its text.
func refusal(err error, part string) bool {
	_, refused := errors.AsType[*extract.Refused](err)
	return err != nil && (refused || errors.Is(err, intake.ErrInvalid)) && strings.Contains(err.Error(), part)
}

// nobody has no right.
type nobody struct{}

func (nobody) Actor() intake.Actor                          { return "console:nobody" }
func (nobody) May(intake.Tx, time.Time, intake.Right) error { return intake.ErrForbidden }

// TestInterrupted leaves the register as it was, whenever the import ends, and lets the next one through.
func TestInterrupted(t *testing.T) {
	onEngines(t, func(t *testing.T, b *bureau) {
		b.import1(t, head+rowsOf("甲", upTo(25_000)...), registrar.Order{AsOf: b.day(5)})
		for stop := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			_, err := b.Import(ctx, root, registrar.Order{AsOf: b.day(1), Files: []extract.File{
				fileOf("a.csv", head+rowsOf("乙", upTo(25_000)...))}, Progress: func(extract.Progress) {
				if calls++; calls > stop {
					cancel()
				}
			}})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%d: %v", stop, err)
			}
			if f := b.firm(t, 9); b.is(t, 1, 25_000).ID != 1 || f.Name != "甲9" {
				t.Errorf("%+v", f)
			}
		}
		b.import1(t, head+rowsOf("乙", upTo(25_000)...), registrar.Order{AsOf: b.day(1)})
		b.is(t, 2, 25_000)
	})
}

// TestTwoImports lets one of two imports through, and never mixes them.
func TestTwoImports(t *testing.T) {
	onEngines(t, func(t *testing.T, b *bureau) {
		order := func(word string, during func(extract.Progress)) registrar.Order {
			return registrar.Order{AsOf: b.day(1), Progress: during,
				Files: []extract.File{fileOf("a.csv", head+rowsOf(word, upTo(15_000)...))}}
		}
		var second error
		_, err := b.Import(t.Context(), root, order("甲", func(p extract.Progress) {
			if p.Rows > 0 { // its rows are being built
				_, second = b.Import(t.Context(), root, order("乙", nil))
			}
		}))
		if err != nil || !errors.Is(second, intake.ErrBuilding) {
			t.Errorf("%v; %v", err, second)
		}
		if f := b.firm(t, 3); b.is(t, 1, 15_000).ID != 1 || f.Name != "甲3" {
			t.Errorf("%+v", f)
		}
		_, err = b.Import(t.Context(), root, order("丙", func(p extract.Progress) {
			if p.Rows == 0 { // before its rows are built
				_, second = b.Import(t.Context(), root, order("丁", nil))
			}
		}))
		if second != nil || !errors.Is(err, intake.ErrExists) {
			t.Errorf("%v; %v", err, second)
		}
		if f := b.firm(t, 3); b.is(t, 2, 15_000).ID != 2 || f.Name != "丁3" {
			t.Errorf("%+v", f)
		}
	})
}
