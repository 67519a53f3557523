package intake

import (
	"context"
	"errors"
	"fmt"

	"diaoxiao/api"
)

// Fault is one disagreement that Inspect found.
type Fault struct {
	AcceptID string `json:"acceptid,omitempty"`
	CaseNo   int64  `json:"caseNo,omitempty"`
	What     string `json:"what"` // in Chinese
}

// Inspection is what Inspect went through.
type Inspection struct {
	Cases    int64 `json:"cases"`
	Entities int64 `json:"entities"`
	Attempts int64 `json:"attempts"`
	Verified int64 `json:"verified"`
	Faults   int64 `json:"faults"`
}

// inspector holds one inspection over one snapshot.
type inspector struct {
	tx       Tx
	report   func(Fault)
	progress func(Inspection)
	Inspection
	derived int64 // entity rows there should be
}

// Inspect proves, on one snapshot of the store, that every stored body is the one recorded at acceptance (length, SHA-256,
// digest of its values, readable columns), that every case has the attempt that accepted it, and that the derived rows of
// verified cases are those that their bodies give. Findings that depend on other cases are not recomputed. report gets each
// fault; progress may be nil. The error is that of reading the store, not of what it holds. Changes nothing.
func (d *Desk) Inspect(ctx context.Context, report func(Fault), progress func(Inspection)) (Inspection, error) {
	in := inspector{report: report, progress: progress}
	err := d.store.View(ctx, func(tx Tx) error {
		in.tx = tx
		if err := in.cases(ctx); err != nil {
			return err
		}
		if err := in.attempts(ctx); err != nil {
			return err
		}
		return in.totals()
	})
	return in.Inspection, err
}

func (in *inspector) fault(c Case, format string, args ...any) {
	in.Faults++
	in.report(Fault{c.AcceptID, c.No, fmt.Sprintf(format, args...)})
}

func (in *inspector) cases(ctx context.Context) error {
	for after := int64(0); ; {
		cs, err := in.tx.Cases(CaseFilter{After: after, Limit: 1000})
		if err != nil || len(cs) == 0 {
			return err
		}
		for _, c := range cs {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := in.oneCase(c); err != nil {
				return fmt.Errorf("case %d: %w", c.No, err)
			}
			after = c.No
			in.Cases++
			in.Entities += int64(c.Items)
			if in.progress != nil {
				in.progress(in.Inspection)
			}
		}
	}
}

func (in *inspector) oneCase(c Case) error {
	if want, err := AcceptID(c.Received, c.No); err != nil || want != c.AcceptID {
		in.fault(c, "受理号与受理日期、序号不符，应为%s", want)
	}
	rows := &rowReader{tx: in.tx, c: c}
	verified := !c.Verified.IsZero()
	wrong := 0
	var raised []Finding
	add := func(pos int) func(string, int, string) {
		return func(field string, rule int, detail string) {
			raised = append(raised, Finding{pos, field, rule, detail})
		}
	}
	got, err := DecodeBody(in.tx, c, func(i int, e api.Entity) error {
		if !verified {
			return nil
		}
		CheckEntity(e, add(i))
		ok, err := rows.matches(EntityRow{c.No, i, e})
		if err == nil && !ok {
			if wrong++; wrong <= 10 {
				in.fault(c, "清单第%d条的派生数据（市场主体行或检索键）与正文不符", i+1)
			}
		}
		return err
	})
	if errors.Is(err, ErrDamaged) {
		in.fault(c, "正文与受理时的记录不符：%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	in.compare(c, got)
	if !verified {
		return nil
	}
	in.Verified++
	in.derived += int64(c.Items)
	CheckCase(c.PenaltyDate, Day(c.Received), add(-1))
	return in.findings(c, raised)
}

// compare holds the readable columns against the body.
func (in *inspector) compare(c Case, got api.Decoded) {
	v := got.Case
	switch {
	case len(got.Problems) > 0:
		in.fault(c, "正文不能解读：%s", api.CodeList(got.Problems))
	case got.Digest != c.Digest:
		in.fault(c, "正文内容摘要与受理时的记录不符")
	case v.CaseID != c.CaseID || v.CaseName != c.CaseName || v.PenaltyDate != c.PenaltyDate || v.PenaltyOrg != c.PenaltyOrg || got.Items != c.Items:
		in.fault(c, "案件行的内容与正文不符")
	}
}

// findings holds the stored findings of a case against those its body gives, and their number against the verification.
func (in *inspector) findings(c Case, raised []Finding) error {
	want := make(map[Finding]bool, len(raised))
	for _, f := range raised {
		want[f] = true
	}
	n := 0
	for from := -1; ; {
		fs, err := in.tx.Findings(c.No, from, 1000)
		if err != nil {
			return err
		}
		for _, f := range fs {
			if !dependsOnOthers(f.Rule) && !want[f] {
				in.fault(c, "核验提示与正文不符：第%d条 规则%d", f.Pos+1, f.Rule)
			}
			delete(want, f)
			n++
		}
		if len(fs) < 1000 {
			break
		}
		from = fs[len(fs)-1].Pos + 1
	}
	v, err := in.tx.Verification(c.No)
	if err != nil {
		return err
	}
	if len(want) > 0 && v.Rules == RulesVersion {
		in.fault(c, "缺少%d条核验提示", len(want))
	}
	if v.Items != c.Items || v.Findings() != n {
		in.fault(c, "核验记录的条数与派生数据不符")
	}
	return nil
}

// dependsOnOthers reports whether a finding of rule needs more than its own row.
func dependsOnOthers(rule int) bool { return rule/100 == 4 }

// attempts checks that every case has the one attempt that accepted it.
func (in *inspector) attempts(ctx context.Context) error {
	accepted := int64(0)
	for after := int64(0); ; {
		as, err := in.tx.Attempts(AttemptFilter{After: after, Limit: 1000})
		if err != nil {
			return err
		}
		for _, a := range as {
			if a.CaseNo != 0 {
				if err := in.oneAttempt(a); err != nil {
					return err
				}
			}
			if a.Outcome == Accepted {
				accepted++
			}
			after = a.No
			in.Attempts++
		}
		if err := ctx.Err(); err != nil || len(as) == 0 {
			if err == nil && accepted != in.Cases {
				in.fault(Case{}, "受理记录%d条，案件%d件", accepted, in.Cases)
			}
			return err
		}
	}
}

func (in *inspector) oneAttempt(a Attempt) error {
	c, err := in.tx.Case(a.CaseNo)
	switch {
	case err == ErrNotFound:
		in.fault(Case{No: a.CaseNo}, "报送记录%d所指的案件不存在", a.No)
	case err != nil:
		return err
	case c.CaseID != a.CaseID || c.AppID != a.AppID || a.Outcome == Accepted && c.SHA256 != a.SHA256:
		in.fault(c, "报送记录%d与案件不符", a.No)
	}
	return nil
}

// totals finds derived rows that belong to nothing.
func (in *inspector) totals() error {
	entities, keys, err := in.tx.CountDerived()
	if err != nil {
		return err
	}
	if in.Verified == in.Cases && (entities != in.derived || keys != 3*in.derived) {
		in.fault(Case{}, "派生数据共%d行、检索键%d个，应为%d行、%d个", entities, keys, in.derived, 3*in.derived)
	}
	return nil
}

// rowReader reads the entity rows of one case along with its body.
type rowReader struct {
	tx   Tx
	c    Case
	rows []EntityRow
	keys []Key
}

// matches reports whether the stored row and its search keys are those of want; it is called for each position in order.
func (r *rowReader) matches(want EntityRow) (bool, error) {
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
	r.keys = want.keys(r.keys[:0])
	for _, k := range r.keys {
		if ok, err := r.tx.HasKey(k); err != nil || !ok {
			return false, err
		}
	}
	return got == want, nil
}
