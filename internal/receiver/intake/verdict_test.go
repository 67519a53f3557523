package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// firmOf is the firm of the register that an entity names.
func firmOf(e api.Entity) register.Firm {
	return register.Firm{PripID: e.PripID, UniscID: e.UniscID, Name: "呼和浩特市" + e.PripID[18:] + "有限公司", Legal: e.Legal,
		EntType: e.EntType, State: register.Live, StateText: "存续", Organ: "呼和浩特市市场监督管理局", Founded: "2010-01-01",
		Approved: "2011-01-01"}
}

// firmsOf are the firms that entities name.
func firmsOf(es ...api.Entity) (fs []register.Firm) {
	for _, e := range es {
		fs = append(fs, firmOf(e))
	}
	return fs
}

// newRegister has a store take firms for the register of a day, and returns the snapshot.
func newRegister(t testing.TB, s intake.Store, asOf string, firms ...register.Firm) (id int64) {
	t.Helper()
	must(t, s.View(t.Context(), func(tx intake.Tx) error {
		was, err := tx.CurrentSnapshot()
		id = was.ID + 1
		return intake.IgnoreMissing(err)
	}))
	firms = slices.Clone(firms)
	for i := range firms {
		firms[i].RowNo = i + 1
	}
	must(t, s.BuildRegister(t.Context(), id, 0,
		func(w intake.RegisterWriter) error { return w.PutFirms(firms) },
		func() error {
			return s.Update(t.Context(), func(tx intake.Tx) error {
				return tx.InsertSnapshot(register.Snapshot{ID: id, AsOf: asOf, Rows: len(firms), Imported: opening})
			})
		}))
	return id
}

// judged are the entities of a case as an operator sees them, a line each: verdict, members that differ, name, rules of
// the findings.
func (o *office) judged(t testing.TB, acceptID string) (lines []string) {
	t.Helper()
	for e, err := range o.AllEntities(t.Context(), intake.Actor("cli:x"), o.caseFile(t, acceptID).Case) {
		must(t, err)
		line := e.Judged.Shown.String()
		if names := e.Judged.Fields.Names(); len(names) > 0 {
			line += " " + strings.Join(names, "+")
		}
		for _, f := range e.Findings {
			line += fmt.Sprint(" ", f.Rule)
		}
		lines = append(lines, line)
	}
	return lines
}

// storedVerdicts are the verdicts of a store, but for the snapshot and its row.
func (o *office) storedVerdicts(t testing.TB) []string {
	t.Helper()
	return o.query(t, "SELECT json_array(case_no, pos, verdict, rule, fields, others, pripid, uniscid, regno, name, "+
		"legal, enttype, state, state_text, organ, founded, approved) FROM verdict ORDER BY case_no, pos")
}

// other is a change of one member.
func other(e api.Entity, change func(*api.Entity)) api.Entity {
	change(&e)
	return e
}

func TestVerdictOfEachKind(t *testing.T) {
	o := openOffice(t)
	shared := firmOf(entity(5))
	shared.PripID = entity(105).PripID
	ended := firmOf(entity(6))
	ended.State, ended.StateText = register.Deregistered, "注销"
	newRegister(t, o.store, "2026-03-18", append(firmsOf(entities(0, 6)...), shared, ended)...)
	id := o.send(t, o.admit(t, "甲"), caseOf("1",
		entity(0),
		other(entity(1), func(e *api.Entity) { e.Legal = "乌云其其格" }),
		other(entity(2), func(e *api.Entity) { e.UniscID = entity(3).UniscID }),
		entity(9),
		other(entity(5), func(e *api.Entity) { e.PripID = "无" }),
		entity(6),
		other(entity(4), func(e *api.Entity) { e.PripID, e.UniscID = "无", "0" }),
	)).AcceptID
	hold(t, "before the verification", o.judged(t, id), slices.Repeat([]string{"无法比对"}, 7))
	o.verify(t)
	var got []string
	for _, line := range o.judged(t, id) {
		verdict, _, _ := strings.Cut(line, " ")
		got = append(got, verdict)
	}
	hold(t, "verdicts", got, []string{"一致", "不一致", "不一致", "查无此户", "一码多户", "状态异常", "无法比对"})
	f := o.caseFile(t, id)
	es, err := o.CaseEntities(t.Context(), intake.Actor("cli:x"), f.No, 1, 1, casework.EntityFilter{})
	must(t, err)
	if j := es[0].Judged; j.Firm.Name != firmOf(entity(1)).Name || j.Against != 1 || j.AsOf != "2026-03-18" ||
		j.Rule != rules.RegisterLegal || j.Fields != register.FieldLegal || j.Firm.Legal != "苏日娜" {
		t.Errorf("%+v", j)
	}
	if said := es[0].Findings[0].Said.Parts; len(said) == 0 || es[0].Findings[0].Rule != rules.RegisterLegal {
		t.Errorf("%+v", es[0].Findings)
	}
	c, err := o.Comparison(t.Context(), intake.Actor("cli:x"), f.No)
	must(t, err)
	if fmt.Sprint(c.Counts) != "map[无法比对:1 一致:1 不一致:2 查无此户:1 一码多户:1 状态异常:1]" || c.Snapshot.ID != 1 || c.Waits {
		t.Errorf("%+v", c)
	}
	holdClean(t, o)
	if found := o.doubtedAs(t, f.No, register.Different, register.Shared); fmt.Sprint(found) != "[1 2 4]" {
		t.Errorf("selected: %v", found)
	}
	if hits, err := o.SearchEntities(t.Context(), intake.Actor("cli:x"), casework.EntityQuery{Kind: intake.ByPripID,
		Text: entity(1).PripID}); err != nil || len(hits) != 1 || hits[0].Judged.Shown != register.Different {
		t.Errorf("%+v, %v", hits, err)
	}
}

// doubtedAs are the positions of the entities of a case with some of the verdicts.
func (o *office) doubtedAs(t testing.TB, no int64, vs ...register.Verdict) (at []int) {
	t.Helper()
	es, err := o.CaseEntities(t.Context(), intake.Actor("cli:x"), no, 0, 100, casework.EntityFilter{Verdicts: vs})
	must(t, err)
	for _, e := range es {
		at = append(at, e.Pos)
	}
	return at
}

// Without a register nothing is as much as different: no verdicts, no findings.
func TestNoRegister(t *testing.T) {
	o := openOffice(t)
	id := o.send(t, o.admit(t, "甲"), sandbox.Batch(1, 40)).AcceptID
	o.verify(t)
	if rows := o.storedVerdicts(t); len(rows) > 0 {
		t.Errorf("%v", rows)
	}
	for _, line := range o.judged(t, id) {
		if !strings.HasPrefix(line, "无法比对") || strings.Contains(line, " 8") {
			t.Error(line)
		}
	}
	no := o.caseFile(t, id).No
	c, err := o.Comparison(t.Context(), intake.Actor("cli:x"), no)
	if err != nil || fmt.Sprint(c.Counts) != "map[无法比对:40]" || c.Snapshot.ID != 0 || c.Waits || c.Stale {
		t.Errorf("%+v, %v", c, err)
	}
	doubts := []register.Verdict{register.NotCompared, register.Different, register.NotFound, register.Shared,
		register.Abnormal, register.Stale}
	if at := o.doubtedAs(t, no, doubts...); len(at) != 40 {
		t.Errorf("%v", at)
	}
	holdClean(t, o)
}

// 一致 is shown as 快照过旧 once the snapshot is too old, and nothing else is.
func TestOldRegisterIsNoComfort(t *testing.T) {
	o := openOffice(t)
	newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 3)...)...)
	id := o.send(t, o.admit(t, "甲"), caseOf("1", entity(0), entity(9))).AcceptID
	o.verify(t)
	hold(t, "new", o.judged(t, id), []string{"一致", "查无此户 803"})
	o.wait(60 * 24 * time.Hour)
	hold(t, "old", o.judged(t, id), []string{"快照过旧", "查无此户 803"})
	no := o.caseFile(t, id).No
	c, err := o.Comparison(t.Context(), intake.Actor("cli:x"), no)
	if err != nil || fmt.Sprint(c.Counts) != "map[查无此户:1 快照过旧:1]" || !c.Stale {
		t.Errorf("%+v, %v", c, err)
	}
	if fmt.Sprint(o.doubtedAs(t, no, register.Stale), o.doubtedAs(t, no, register.Consistent)) != "[0] []" {
		t.Errorf("%v", o.doubtedAs(t, no, register.Stale))
	}
	newRegister(t, o.store, "2026-05-18", firmsOf(entities(0, 3)...)...)
	o.verify(t)
	hold(t, "new again", o.judged(t, id), []string{"一致", "查无此户 803"})
	holdClean(t, o)
}

// changesOfRegister are what the next register may say of entity 1 of a case of the entities 0 to 2, and whether a
// person who has checked the case has to look at it again. In the first register entity 0 has another legal
// representative.
var changesOfRegister = map[string]struct {
	change func(fs []register.Firm) []register.Firm
	again  bool
	severe bool
}{
	"nothing": {func(fs []register.Firm) []register.Firm { return fs }, false, false},
	"another order": {func(fs []register.Firm) []register.Firm {
		slices.Reverse(fs)
		return fs
	}, false, false},
	"a name":  {func(fs []register.Firm) []register.Firm { fs[1].Name = "新名有限公司"; return fs }, false, false},
	"better":  {func(fs []register.Firm) []register.Firm { fs[0].Legal = entity(0).Legal; return fs }, false, false},
	"a legal": {func(fs []register.Firm) []register.Firm { fs[1].Legal = "巴特尔"; return fs }, true, false},
	"as many": {func(fs []register.Firm) []register.Firm {
		fs[0].Legal, fs[1].Legal = entity(0).Legal, "巴特尔"
		return fs
	}, true, false},
	"another legal": {func(fs []register.Firm) []register.Firm { fs[0].Legal = "其其格"; return fs }, true, false},
	"gone":          {func(fs []register.Firm) []register.Firm { return slices.Delete(fs, 1, 2) }, true, false},
	"two firms": {func(fs []register.Firm) []register.Firm {
		fs[1].UniscID, fs[2].UniscID = fs[2].UniscID, fs[1].UniscID
		return fs
	}, true, true},
	"deregistered": {func(fs []register.Firm) []register.Firm {
		fs[1].State, fs[1].StateText = register.Deregistered, "注销"
		return fs
	}, true, true},
}

func TestNewRegisterReopensWhatChanged(t *testing.T) {
	for name, c := range changesOfRegister {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			ctx, b, a := t.Context(), o.admit(t, "甲"), intake.Actor("console:a")
			first := firmsOf(entities(0, 10)...)
			first[0].Legal = "阿拉坦"
			newRegister(t, o.store, "2026-03-18", first...)
			changed := o.send(t, b, caseOf("1", entities(0, 3)...)).AcceptID
			same := o.send(t, b, caseOf("2", entities(5, 8)...)).AcceptID
			o.verify(t)
			hold(t, "to check", o.onWorklist(t, intake.StateToCheck), []string{changed})
			for _, id := range []string{changed, same} {
				must(t, o.Check(ctx, a, id, "", nil))
			}
			must(t, o.PublishAll(ctx, a, changed, "2026-03-18"))
			seen := o.caseFile(t, changed).Seen()
			before := o.storedVerdicts(t)
			o.wait(time.Hour)
			newRegister(t, o.store, "2026-03-19", c.change(slices.Clone(first))...)
			if n, err := o.Backlog(ctx, 10); n != 2 || err != nil {
				t.Errorf("%d wait, %v", n, err)
			}
			o.verify(t)
			want := []string(nil)
			if c.again {
				want = []string{changed}
			}
			hold(t, "to check", o.onWorklist(t, intake.StateToCheck), want)
			if severe := len(o.onWorklist(t, intake.StateAlarmed)) > 0; severe != c.severe {
				t.Errorf("alarmed: %v; %v", severe, o.judged(t, changed))
			}
			if name == "nothing" || name == "another order" {
				sameRows(t, "verdicts", o.storedVerdicts(t), before)
				hold(t, "written again", o.query(t, "SELECT 'row' FROM verdict WHERE snapshot <> 1"), nil)
			}
			holdClean(t, o)
			if err := o.Check(ctx, a, changed, "", &seen); c.again && !errors.Is(err, intake.ErrExists) {
				t.Errorf("checked by a page of before: %v", err)
			}
			made := o.storedVerdicts(t)
			must(t, o.Reverify(ctx, intake.Actor("cli:root")))
			o.verify(t)
			sameRows(t, "verified again", o.storedVerdicts(t), made)
			must(t, o.Rebuild(ctx, intake.Actor("cli:root")))
			o.verify(t)
			sameRows(t, "rebuilt", o.storedVerdicts(t), made)
			hold(t, "to check, rebuilt", o.onWorklist(t, intake.StateToCheck), want)
			holdClean(t, o)
			if c.again {
				must(t, o.Check(ctx, a, changed, "", nil))
				hold(t, "checked again", o.onWorklist(t, intake.StateToCheck), nil)
				must(t, o.Reverify(ctx, intake.Actor("cli:root")))
				o.verify(t)
				hold(t, "checked, verified again", o.onWorklist(t, intake.StateToCheck), nil)
			}
			holdClean(t, o)
		})
	}
}

// Where the derived data is made anew before cases were compared with a new register, nobody can say any more which
// verdicts became worse. Then all cases with doubts are to be checked again, whatever their number is; the command line
// compares first, and so opens only the one.
func TestRebuildBeforeComparison(t *testing.T) {
	for _, compared := range []bool{false, true} {
		o := openOffice(t)
		ctx, b, a := t.Context(), o.admit(t, "甲"), intake.Actor("console:a")
		first := firmsOf(entities(0, 20)...)
		first[0].Legal, first[5].Legal = "阿拉坦", "阿拉坦"
		newRegister(t, o.store, "2026-03-18", first...)
		changed := o.send(t, b, caseOf("1", entities(0, 3)...)).AcceptID
		same := o.send(t, b, caseOf("2", entities(5, 8)...)).AcceptID
		clear := o.send(t, b, caseOf("3", entities(10, 13)...)).AcceptID
		o.verify(t)
		for _, id := range []string{changed, same, clear} {
			must(t, o.Check(ctx, a, id, "", nil))
		}
		first[0].Legal, first[1].Legal = entity(0).Legal, "阿拉坦"
		newRegister(t, o.store, "2026-03-19", first...)
		want := []string{changed, same}
		if compared {
			must(t, verify.New(o.Desk, nil).Compare(ctx))
			want = want[:1]
		}
		must(t, o.Rebuild(ctx, intake.Actor("cli:root")))
		o.verify(t)
		hold(t, "to check", o.onWorklist(t, intake.StateToCheck), want)
		holdClean(t, o)
	}
}

// A first register is one more reason to look at a case again; a case without doubts stays checked.
func TestFirstRegister(t *testing.T) {
	o := openOffice(t)
	ctx, b, a := t.Context(), o.admit(t, "甲"), intake.Actor("console:a")
	clear := o.send(t, b, caseOf("1", entities(0, 3)...)).AcceptID
	missing := o.send(t, b, caseOf("2", entities(10, 13)...)).AcceptID
	o.verify(t)
	must(t, o.Check(ctx, a, clear, "", nil))
	must(t, o.PublishAll(ctx, a, missing, "2026-03-18"))
	newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 10)...)...)
	o.verify(t)
	hold(t, "to check", o.onWorklist(t, intake.StateToCheck), []string{missing})
	hold(t, "missing", o.judged(t, missing), slices.Repeat([]string{"查无此户 803"}, 3))
	hold(t, "clear", o.judged(t, clear), slices.Repeat([]string{"一致"}, 3))
	holdClean(t, o)
}

// stoppingStore fails at a Background transaction.
type stoppingStore struct {
	intake.Store
	left *int
}

var errStopped = errors.New("stopped")

func (s stoppingStore) Background(ctx context.Context, f func(intake.Tx) error) error {
	if *s.left--; *s.left < 0 {
		return errStopped
	}
	return s.Store.Background(ctx, func(tx intake.Tx) error { return f(hurried{tx}) })
}

// hurried makes transactions as small as they can be.
type hurried struct{ intake.Tx }

func (hurried) Yield() bool { return true }

func (s stoppingStore) claimed(c intake.Claim, err error) (intake.Claim, error) {
	if c == nil || err != nil {
		return nil, err
	}
	return stoppingClaim{c, s}, nil
}

func (s stoppingStore) Claim(ctx context.Context, after, epoch int64, n int) (intake.Claim, error) {
	return s.claimed(s.Store.Claim(ctx, after, epoch, n))
}

func (s stoppingStore) ClaimStale(ctx context.Context, after, snapshot int64, n int) (intake.Claim, error) {
	return s.claimed(s.Store.ClaimStale(ctx, after, snapshot, n))
}

type stoppingClaim struct {
	intake.Claim
	store stoppingStore
}

func (c stoppingClaim) Write(ctx context.Context, f func(intake.Tx) error) error {
	return c.store.Background(ctx, f)
}

// Wherever a comparison is stopped, by the death of the process for one, the next one makes the same of it: the
// verdicts, the worklist, and which cases are to be checked again.
func TestComparisonStopped(t *testing.T) {
	o := openOffice(t)
	ctx, b, a, root := t.Context(), o.admit(t, "甲"), intake.Actor("console:a"), intake.Actor("cli:root")
	first := firmsOf(entities(0, 700)...)
	for i := range 300 {
		first[i].Legal = "阿拉坦"
	}
	second := slices.Clone(first)
	for i := range second {
		second[i].Legal = entity(i).Legal
		if i >= 300 && i < 600 {
			second[i].Legal = "阿拉坦"
		}
	}
	newRegister(t, o.store, "2026-03-18", first...)
	large := o.send(t, b, caseOf("1", entities(0, 600)...)).AcceptID // as many findings as before, of other rows
	var want []string
	for i := range 5 {
		want = append(want, o.send(t, b, caseOf(fmt.Sprint("小", i), entities(300+i, 302+i)...)).AcceptID)
	}
	clear := o.send(t, b, caseOf("清", entities(600, 605)...)).AcceptID
	want = append([]string{large}, want...)
	o.verify(t)
	for i, how := range []string{"compared again", "verified again"} {
		firms, day := second, "2026-03-19"
		for _, id := range append(slices.Clone(want), clear) {
			if c := o.caseFile(t, id); c.Doubted() || c.Work.Checked.IsZero() {
				must(t, o.Check(ctx, a, id, "", nil))
			}
		}
		if i == 1 {
			firms, day = first, "2026-03-20"
		}
		newRegister(t, o.store, day, firms...)
		if i == 1 {
			must(t, o.Reverify(ctx, root))
		}
		stops := 0
		for left := 0; ; left++ {
			n := left
			d := intake.NewDesk(intake.Config{Store: stoppingStore{o.store, &n}, Clock: o.now})
			err := verify.New(d, nil).Pass(ctx)
			if err == nil {
				break
			}
			if stops++; !errors.Is(err, errStopped) {
				t.Fatal(err)
			}
			if i == 0 {
				holdClean(t, o)
			}
		}
		if stops < 3 {
			t.Errorf("%s: only %d stops", how, stops)
		}
		expected := want
		if i == 1 {
			expected = want[:1] // the register before has fewer doubts about the small ones
		}
		hold(t, how+": to check", o.onWorklist(t, intake.StateToCheck), expected)
		holdClean(t, o)
		got := o.storedVerdicts(t)
		must(t, o.Rebuild(ctx, root))
		o.verify(t)
		sameRows(t, how, got, o.storedVerdicts(t))
		hold(t, how+": to check, rebuilt", o.onWorklist(t, intake.StateToCheck), expected)
	}
}

// A register whose rows are not there, as after a restore, is like none, and the log says so once.
func TestRegisterWithoutRows(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 10)...)...)
	before := o.send(t, b, caseOf("1", entities(0, 3)...)).AcceptID
	o.verify(t)
	must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
		return tx.InsertSnapshot(register.Snapshot{ID: 2, AsOf: "2026-03-19"})
	}))
	after := o.send(t, b, caseOf("2", entities(5, 8)...)).AcceptID
	var log bytes.Buffer
	v := verify.New(o.Desk, slog.New(slog.NewTextHandler(&log, nil)))
	for range 3 {
		must(t, v.Pass(t.Context()))
	}
	if strings.Count(log.String(), "rows of the register are not here") != 1 {
		t.Error(log.String())
	}
	hold(t, "before", o.judged(t, before), slices.Repeat([]string{"一致"}, 3))
	hold(t, "after", o.judged(t, after), slices.Repeat([]string{"无法比对"}, 3))
	if n, err := o.Backlog(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	faults, n := o.inspect(t)
	if len(faults) > 0 || n.Unjudged != 2 {
		t.Errorf("%v, %d unjudged", faults, n.Unjudged)
	}
	newRegister(t, o.store, "2026-03-19", firmsOf(entities(0, 10)...)...)
	must(t, v.Pass(t.Context()))
	hold(t, "after an import", o.judged(t, after), slices.Repeat([]string{"一致"}, 3))
	if faults, n := o.inspect(t); len(faults) > 0 || n.Unjudged != 0 {
		t.Errorf("%v, %d unjudged", faults, n.Unjudged)
	}
}

// brokenVerdicts is what somebody may do to verdicts, and what the check says.
var brokenVerdicts = map[string]struct{ change, fault string }{
	"altered": {"UPDATE verdict SET verdict = 1, rule = 0, fields = 0 WHERE case_no = 1 AND pos = 1",
		"1 清单第2条的比对结论与主体库不符"},
	"another name":   {"UPDATE verdict SET name = '某公司' WHERE case_no = 1 AND pos = 0", "1 清单第1条的比对结论与主体库不符"},
	"missing":        {"DELETE FROM verdict WHERE case_no = 1 AND pos = 2", "1 清单第3条缺少比对结论"},
	"surplus":        {"UPDATE verdict SET pos = 3 WHERE case_no = 1 AND pos = 2", "1 比对结论多于清单的3条"},
	"of no case":     {"UPDATE verdict SET case_no = 77 WHERE case_no = 1 AND pos = 2", "0 表 verdict 的行 77：案件不存在"},
	"finding gone":   {"DELETE FROM finding WHERE case_no = 1 AND pos = 1 AND rule = 806", "1 缺少1条核验提示"},
	"finding made":   {"INSERT INTO finding VALUES (1, 0, 803, 'uniscid', '')", "1 核验提示与正文不符：第1条 规则803"},
	"never compared": {"UPDATE verification SET snapshot = 0 WHERE case_no = 1; DELETE FROM register_snapshot", ""},
	"no snapshot":    {"UPDATE verification SET snapshot = 9 WHERE case_no = 1", "0 案件与主体库快照9比对过，而没有这一快照的记录"},
}

func TestInspectVerdicts(t *testing.T) {
	for name, c := range brokenVerdicts {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 10)...)...)
			o.send(t, o.admit(t, "甲"), caseOf("1", entity(0),
				other(entity(1), func(e *api.Entity) { e.Legal = "乌云其其格" }), entity(2)))
			o.verify(t)
			holdClean(t, o)
			o.tamper(t, strings.Split(c.change, "; ")...)
			faults, _ := o.inspect(t)
			if len(faults) == 0 || c.fault != "" && !slices.Contains(faults, c.fault) {
				t.Errorf("%v", faults)
			}
			if name == "never compared" || name == "of no case" {
				return
			}
			must(t, o.Reverify(t.Context(), intake.Actor("cli:root")))
			o.verify(t)
			holdClean(t, o)
		})
	}
}
