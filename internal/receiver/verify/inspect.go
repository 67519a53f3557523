package verify

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// Inspection counts the data that Inspect went through, and the faults.
type Inspection struct {
	Cases    int64 `json:"cases"`
	Entities int64 `json:"entities"`
	Attempts int64 `json:"attempts"`
	Verified int64 `json:"verified"`
	Audited  int64 `json:"audited"`            // entries of the audit
	Gaps     int64 `json:"gaps,omitempty"`     // recorded, see Gap
	Outdated int64 `json:"outdated,omitempty"` // verified by an older program, and not yet again
	Listed   int64 `json:"listed,omitempty"`   // acceptances of a list that were looked for, see Compare
	Faults   int64 `json:"faults"`
	// Unsettled cases were not compared with other cases: they or earlier ones wait for verification by the current
	// rules.
	Unsettled int64 `json:"unsettled,omitempty"`
	// Unjudged cases have verdicts that were not made again: the cases wait for a comparison with the current register,
	// or the rows of the snapshot that they were compared with are not there.
	Unjudged int64 `json:"unjudged,omitempty"`
}

// inspector is the state of one inspection over one snapshot.
type inspector struct {
	tx       intake.Tx
	report   func(Fault)
	progress func(Inspection)
	Inspection
	gaps     []intake.Gap // from the current case on
	derived  int64        // entity rows there should be
	keys     int64        // search keys there should be
	worklist int64        // entries there should be
	trail    *trail
	origin   intake.Origin
	others   others
	before   time.Time           // the time at which the case before came in
	v        intake.Verification // of the current case; zero: it is not verified
	snapshot int64               // the current one of the register; 0: there is none
	present  map[int64]bool      // snapshots whose rows are there
	waiting  caseSet             // cases whose accepting attempt has not come up yet
}

// Inspect proves, on one snapshot of the store, that every stored body is the one recorded at acceptance (length,
// SHA-256, digest of its values, readable columns), that no case number up to the last is missing except those of
// recorded gaps, that every case has the attempt that accepted it, that the derived rows of verified cases are those
// that follow from their bodies and the cases before them, that the chain of the audit is whole, and that the audit,
// the events, the log of calls and the other records agree with each other. report gets each fault; progress may be
// nil. The error is that of reading the store; a fault of the data is no error. Changes nothing.
func (d *Examiner) Inspect(
	ctx context.Context,
	by intake.By,
	report func(Fault),
	progress func(Inspection),
) (Inspection, error) {
	in := inspector{report: report, progress: progress}
	err := d.desk.Look(ctx, by, intake.Maintain, func(tx intake.Tx) error {
		in.tx = tx
		var err error
		if in.gaps, err = tx.Gaps(); err != nil {
			return err
		}
		in.Gaps = int64(len(in.gaps))
		return in.all(ctx)
	})
	return in.Inspection, err
}

// all checks everything, the audit first: the others are compared with it.
func (in *inspector) all(ctx context.Context) error {
	for _, check := range []func(context.Context) error{in.audit, in.cases, in.attempts} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	for _, check := range []func() error{
		in.calls, in.revealed, in.apps, in.operators, in.policies, in.closedMonths, in.strays, in.totals,
	} {
		if err := errors.Join(check(), ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

func (in *inspector) fault(kind FaultKind, c intake.Case, format string, args ...any) {
	in.found(faultOf(kind, c, format, args...))
}

func (in *inspector) found(f Fault) {
	in.Faults++
	in.report(f)
}

func (in *inspector) cases(ctx context.Context) error {
	epoch, err := in.tx.Epoch()
	if err != nil {
		return err
	}
	if err := in.readRegister(); err != nil {
		return err
	}
	in.others = others{settled: true, epoch: epoch}
	for after := int64(math.MinInt64); ; {
		cs, err := in.tx.Cases(intake.CaseFilter{After: after, Limit: 1000})
		if err != nil {
			return err
		}
		if len(cs) == 0 {
			return in.flushOthers()
		}
		for _, c := range cs {
			if err := ctx.Err(); err != nil {
				return err
			}
			in.missing(max(after, 0), c)
			if err := in.oneCase(c); err != nil {
				return fmt.Errorf("case %d: %w", c.No, err)
			}
			after = c.No
			in.waiting.add(c.No)
			in.Cases++
			in.Entities += int64(c.Items)
			in.tell()
		}
	}
}

// missing reports the numbers between after and c that are neither cases nor recorded gaps, and c where it is in a gap.
func (in *inspector) missing(after int64, c intake.Case) {
	if c.No < 1 {
		return // its acceptid is faulty
	}
	for len(in.gaps) > 0 && in.gaps[0].From <= c.No {
		g := in.gaps[0]
		in.gaps = in.gaps[1:]
		in.lost(after+1, g.From-1)
		if after = g.To; after >= c.No {
			in.fault(FaultCase, c, "序号在记录的空号%d至%d之内", g.From, g.To)
			return
		}
	}
	in.lost(after+1, c.No-1)
}

func (in *inspector) lost(from, to int64) {
	if from <= to {
		in.fault(FaultCase, intake.Case{No: from}, "第%d至%d号案件行缺失", from, to)
	}
}

func (in *inspector) oneCase(c intake.Case) (err error) {
	if in.v = (intake.Verification{}); !c.Verified.IsZero() {
		if in.v, err = in.tx.Verification(c.No); err != nil {
			return err
		}
	}
	if want, err := acceptid.New(c.Received, c.No); err != nil || want != c.AcceptID {
		in.fault(FaultCase, c, "受理号与受理日期、序号不符，应为%s", want)
	}
	in.ordered(c)
	if err := in.succession(c); err != nil {
		return err
	}
	if err := in.worklisted(c); err != nil {
		return err
	}
	if !c.Charset.Known() {
		in.fault(FaultCase, c, "字符编码%q不是本程序所知的", intake.Clip(string(c.Charset), 20))
	}
	compared := in.others.takes(c, in.v)
	if compared {
		in.others.begin(c)
	} else if !c.Verified.IsZero() {
		in.Unsettled++
	}
	rows := &rowReader{tx: in.tx, c: c}
	verified := !c.Verified.IsZero()
	wrong := 0
	var raised []rules.Finding
	add := func(pos int) func(string, int, rules.Detail) {
		return func(field string, rule int, d rules.Detail) {
			raised = append(raised, rules.Finding{Pos: pos, Field: field, Rule: rule, Detail: d.Text()})
		}
	}
	verdicts, err := in.verdicts(c)
	if err != nil {
		return err
	}
	verdicts.add = func(pos int) addFinding {
		return func(field string, rule int, detail string) {
			raised = append(raised, rules.Finding{Pos: pos, Field: field, Rule: rule, Detail: detail})
		}
	}
	var numbers rules.Doubles
	got, err := intake.DecodeBody(in.tx, c, func(i int, e api.Entity) error {
		if !verified {
			return nil
		}
		rules.CheckEntity(e, add(i))
		numbers.Add(i, e)
		ok, err := rows.matches(intake.EntityRow{CaseNo: c.No, Pos: i, Entity: e})
		if err == nil && !ok {
			if wrong++; wrong <= 10 {
				in.fault(FaultDerived, c, "清单第%d条的派生数据（市场主体行或检索键）与正文不符", i+1)
			}
		}
		if err == nil && compared {
			err = in.otherRow(intake.EntityRow{CaseNo: c.No, Pos: i, Entity: e})
		}
		if err == nil {
			err = verdicts.row(intake.EntityRow{CaseNo: c.No, Pos: i, Entity: e})
		}
		return err
	})
	if errors.Is(err, intake.ErrDamaged) {
		in.fault(FaultBody, c, "正文与受理时的记录不符：%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	in.compareColumns(c, got)
	if !verified {
		return nil
	}
	if err := in.surplus(c); err != nil {
		return err
	}
	if err := verdicts.end(); err != nil {
		return err
	}
	in.Verified++
	in.derived += int64(c.Items)
	in.keys += 3 * int64(c.Items)
	if err := in.caseKeys(c); err != nil {
		return err
	}
	if err := in.counterparts(c); err != nil {
		return err
	}
	rules.CheckCase(c.CaseID, c.PenaltyDate, beijingtime.Day(c.Received), add(intake.CasePos))
	rules.CheckTexts(got.Case, add(intake.CasePos))
	numbers.Findings(add(intake.CasePos))
	return in.findings(c, raised, verdicts.able)
}

// succession checks that a case which follows a returned one (S17) names that case.
func (in *inspector) succession(c intake.Case) error {
	if c.Revision == 0 && c.Supersedes == "" {
		return nil
	}
	prev, err := intake.CaseByAcceptID(in.tx, c.Supersedes)
	if intake.IgnoreMissing(err) != nil {
		return err
	}
	if prev.AppID != c.AppID || prev.CaseID != c.CaseID || prev.Revision+1 != c.Revision || prev.Returned.IsZero() {
		in.fault(FaultCase, c, "所替代的案件%q不存在、未退回或不是同一案件编号的上一件", c.Supersedes)
	}
	return nil
}

// worklisted checks that the case has the entries of the worklist that follow from its state, and no others.
func (in *inspector) worklisted(c intake.Case) error {
	rows, err := in.tx.CaseRows(c.No, c.No)
	if err != nil || len(rows) != 1 {
		return err
	}
	outdated := in.outdated(c)
	if outdated {
		in.Outdated++
	}
	late := outdated || in.uncompared() || rows[0].Uncounted
	if err := in.worked(rows[0]); err != nil {
		return err
	}
	if err := in.firms(rows[0], late); err != nil {
		return err
	}
	for e, should := range rows[0].Worklist() {
		has, err := in.tx.HasWorklist(e)
		if err != nil {
			return err
		}
		if has != should && !late {
			in.fault(FaultDerived, c, "待办事项（%s）与案件的办理情况不符", e.Kind)
		}
		if should && !late || has && late {
			in.worklist++
		}
	}
	return nil
}

// outdated reports whether an older program verified the case: data that newer programs derive may be missing.
func (in *inspector) outdated(c intake.Case) bool {
	return !c.Verified.IsZero() && in.v.Rules < rules.Version
}

// surplus finds entity rows after the end of the list.
func (in *inspector) surplus(c intake.Case) error {
	more, err := in.tx.Entities(c.No, c.Items, 1)
	if err == nil && len(more) > 0 {
		in.fault(FaultDerived, c, "市场主体行多于清单的%d条", c.Items)
	}
	return err
}

// rulesWithCaseKeys is the first version of the rules whose verifier stores a search key of the case itself.
const rulesWithCaseKeys = 4

// caseKeys checks that a search finds the case by its caseid and by every part of it. A case that an older program
// verified may lack the keys.
func (in *inspector) caseKeys(c intake.Case) error {
	lacks := false
	for _, k := range c.SearchKeys(nil) {
		has, err := in.tx.HasKey(k)
		if err != nil {
			return err
		}
		if has {
			in.keys++
		}
		lacks = lacks || !has
	}
	if lacks && in.v.Rules >= rulesWithCaseKeys {
		in.fault(FaultDerived, c, "案件编号的检索键与正文不符")
	}
	return nil
}

// compareColumns compares the readable columns with the body.
func (in *inspector) compareColumns(c intake.Case, got api.Decoded) {
	v := got.Case
	switch {
	case len(got.Problems) > 0:
		in.fault(FaultBody, c, "正文不能解读：%s", api.CodeList(got.Problems))
	case got.Digest != c.Digest:
		in.fault(FaultBody, c, "正文内容摘要与受理时的记录不符")
	case v.CaseID != c.CaseID || v.CaseName != c.CaseName || v.PenaltyDate != c.PenaltyDate ||
		v.PenaltyOrg != c.PenaltyOrg || got.Items != c.Items:
		in.fault(FaultCase, c, "案件行的内容与正文不符")
	}
}

// totals finds derived rows that belong to no case.
func (in *inspector) totals() error {
	entities, keys, err := in.tx.CountDerived()
	if err != nil {
		return err
	}
	if in.Verified == in.Cases && (entities != in.derived || keys != in.keys) {
		in.fault(FaultDerived, intake.Case{}, "派生数据共%d行、检索键%d个，应为%d行、%d个", entities, keys, in.derived, in.keys)
	}
	worklist, err := in.tx.CountWorklistEntries()
	if err == nil && worklist != in.worklist {
		in.fault(FaultDerived, intake.Case{}, "待办事项共%d项，应为%d项", worklist, in.worklist)
	}
	return err
}

// rowReader reads the entity rows of one case in step with its body.
type rowReader struct {
	tx   intake.Tx
	c    intake.Case
	rows []intake.EntityRow
	keys []intake.Key
}

// matches reports whether the stored row and its search keys are those of want. It must be called for each position in
// order.
func (r *rowReader) matches(want intake.EntityRow) (bool, error) {
	if len(r.rows) == 0 {
		var err error
		if r.rows, err = r.tx.Entities(r.c.No, want.Pos, 1000); err != nil {
			return false, err
		}
	}
	if len(r.rows) == 0 || r.rows[0].Pos != want.Pos {
		return false, nil
	}
	got := r.rows[0]
	r.rows = r.rows[1:]
	r.keys = want.SearchKeys(r.keys[:0])
	for _, k := range r.keys {
		if ok, err := r.tx.HasKey(k); err != nil || !ok {
			return false, err
		}
	}
	return got == want, nil
}
