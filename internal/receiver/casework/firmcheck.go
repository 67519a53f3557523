package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// MostChecked is how many firms one act of CheckFirms may cover.
const MostChecked = 20000

// Compared is what a person found who compared firms with the registry.
type Compared struct {
	Rows    intake.RowNumbers // of the list
	Outcome release.Outcome
	Remark  string
	Read    *Reading // before; nil: whatever it is
}

// CheckFirms records what a person found who compared firms with the registry (逐户核对). Where more is known meanwhile
// than was read, or another outcome of one of the firms, it is ErrExists. Each firm keeps its latest outcome, and all
// of them stay in its history. 不一致 and 待查 take a check of the case as a whole back. ErrInvalid: the case is not
// verified, rows that are not in the list or are too many, 不一致 and 待查 without a remark, or 一致 of a firm of which the
// name is doubtful that the officer has not seen. ErrExists: the case is returned, or one of the firms is decided on,
// or, with 一致, is in a proposal that waits.
func (d *Cases) CheckFirms(ctx context.Context, by intake.By, acceptID string, found Compared) error {
	_, err := d.checkFirms(ctx, by, acceptID, found, func(firmLine) bool { return false })
	return err
}

// CheckMany is CheckFirms for firms that were chosen together and not shown one by one. 一致 leaves those out that have
// to be compared one by one (see Chosen.Left), and returns them. ErrInvalid: these are all.
func (d *Cases) CheckMany(ctx context.Context, by intake.By, acceptID string, found Compared) (
	left intake.RowNumbers, err error) {
	return d.checkFirms(ctx, by, acceptID, found, func(f firmLine) bool {
		return found.Outcome == release.Agrees && oneByOne(f, by)
	})
}

func (d *Cases) checkFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	found Compared,
	leave func(firmLine) bool,
) (left intake.RowNumbers, err error) {
	name, err := checkName(found.Outcome, found.Remark)
	if err != nil {
		return "", err
	}
	a := deed{intake.CaseEvent{Kind: name.Kind, Detail: found.Remark}, name.Action}
	err = d.onFirms(ctx, by, acceptID, found.Rows, found.Outcome, a, func(c *chosen) error {
		if err := found.Read.holds(*c.row, c.firms); err != nil {
			return err
		}
		out, firms := apart(c.firms, leave)
		left, c.firms, c.rows = rowsOfFirms(out), firms, rowsOfFirms(firms)
		if len(firms) == 0 {
			return intake.Invalid("选中的市场主体有严重提示，或者他人登记了不一致、待查，须逐户核对，不能一次登记一致")
		}
		return c.put(by, found)
	})
	return left, err
}

// put records the outcome of the firms.
func (c *chosen) put(by intake.By, found Compared) error {
	if found.Outcome == release.Agrees {
		if err := c.j.namesSeen(by, c.row.No, c.firms); err != nil {
			return err
		}
	} else if !c.row.Work.Checked.IsZero() {
		c.row.Work.Checked = time.Time{}
		forgetSeen(&c.row.Work)
	}
	checks := make([]intake.FirmCheck, len(c.firms))
	for i, f := range c.firms {
		checks[i] = intake.FirmCheck{CaseNo: c.row.No, Pos: f.From, Outcome: found.Outcome, Remark: found.Remark,
			By: by.Actor(), At: c.now, Basis: f.Basis}
	}
	return c.j.tx.PutFirmChecks(checks)
}

// checkName is how the records call an outcome. ErrInvalid: there is no such outcome, or it needs a remark.
func checkName(o release.Outcome, remark string) (n intake.DeedName, err error) {
	if o != release.Agrees || remark != "" {
		err = intake.CheckText("核对说明", remark)
	}
	switch o {
	case release.Agrees:
		return intake.DeedName{Kind: intake.EventFirmAgrees, Action: intake.ActionCaseFirmsAgree}, err
	case release.Differs:
		return intake.DeedName{Kind: intake.EventFirmDiffers, Action: intake.ActionCaseFirmsDiffer}, err
	case release.Unclear:
		return intake.DeedName{Kind: intake.EventFirmUnclear, Action: intake.ActionCaseFirmsUnclear}, err
	}
	return n, intake.Invalid("请选择核对结果：一致、不一致或者待查")
}

// UncheckFirms takes the outcomes of CheckFirms back, with a reason. ErrInvalid: one of the rows has none.
func (d *Cases) UncheckFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	reason string,
) error {
	if err := intake.CheckText("撤销核对的理由", reason); err != nil {
		return err
	}
	a := deed{intake.CaseEvent{Kind: intake.EventFirmUncheck, Detail: reason}, intake.ActionCaseUncheckFirms}
	return d.onFirms(ctx, by, acceptID, rows, release.NotChecked, a, func(c *chosen) error {
		for _, f := range c.firms {
			if f.Outcome == release.NotChecked {
				return intake.Invalid("清单第%d条没有核对结果", f.From+1)
			}
		}
		for _, s := range c.rows.Spans() {
			if err := c.j.tx.DeleteFirmChecks(c.row.No, s.From-1, s.To); err != nil {
				return err
			}
		}
		return nil
	})
}

// chosen is firms on which one person acts.
type chosen struct {
	j     *judge
	now   time.Time
	row   *intake.CaseRow
	firms []firmLine
	rows  intake.RowNumbers // of the records
}

// onFirms is an act of one person on undecided firms of a verified case. Only a doubt may be recorded of a firm that is
// in a proposal that waits: the proposal cannot be confirmed then.
func (d *Cases) onFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	outcome release.Outcome,
	a deed,
	do func(*chosen) error,
) error {
	return d.desk.Act(ctx, by, intake.WorkCases, func(tx intake.Tx, now time.Time) (e intake.AuditEntry, err error) {
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return e, err
		}
		c := &chosen{j: d.judge(tx), now: now, row: &r}
		if c.rows, err = checkable(r, rows); err != nil {
			return e, err
		}
		if c.firms, err = c.j.undecided(r, c.rows.Spans(), outcome); err != nil {
			return e, err
		}
		if err := do(c); err != nil {
			return e, err
		}
		a.Rows = c.rows
		return record(tx, now, by, r, a)
	})
}

// checkable returns rows of the list in their normal form.
func checkable(r intake.CaseRow, rows intake.RowNumbers) (intake.RowNumbers, error) {
	switch {
	case !r.Returned.IsZero():
		return "", intake.Exists("案件已退回，只能添加备注")
	case r.Verified.IsZero():
		return "", intake.Invalid("案件尚未核验，请稍后再核对")
	}
	rows, err := intake.ParseRowSet(string(rows), r.Items)
	if n := rows.Count(); err == nil && (n == 0 || n > MostChecked) {
		err = intake.Invalid("一次核对1至%d户，选择了%d户", MostChecked, n)
	}
	return rows, err
}

// undecided reads the firms of a set that get an outcome, with what is known of them. ErrExists: one is decided on, or
// is in a proposal that waits and the outcome is no doubt.
func (j *judge) undecided(r intake.CaseRow, set rowSet, o release.Outcome) (all []firmLine, err error) {
	waits, err := waitingIn(j.tx, r.No)
	if err != nil {
		return nil, err
	}
	if err := returnWaits(waits); err != nil {
		return nil, err
	}
	doubt := o == release.Differs || o == release.Unclear
	if row := set.common(takenBy(waits)); row > 0 && !doubt {
		return nil, intake.Exists("清单第%d条已在等待复核的申请中，只能登记不一致、待查；要登记一致或者撤销核对结果的，"+
			"请先撤回申请或者等待决定", row)
	}
	source, err := j.firmSource(r)
	if err != nil {
		return nil, err
	}
	err = pages(r, set, func(from, to int) error {
		ls, err := wanted(source, set, from, to, func(f intake.FirmRun) (bool, error) {
			if f.Decision != release.Undecided {
				return false, intake.Exists("清单第%d条已是“%s”；要改变决定的，请先申请撤回放行", f.From+1, f.State())
			}
			return true, nil
		})
		if err == nil {
			err = j.fill(r.No, ls)
		}
		all = append(all, ls...)
		return err
	})
	return all, err
}
