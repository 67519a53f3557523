package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// MostChecked is how many firms one act of CheckFirms may cover.
const MostChecked = 20000

// CheckFirms records what a person found who compared firms with the registry (逐户核对), at these rows of the list. read
// is what was known of the case when the firms were read, nil: whatever it is; where more is known meanwhile it is
// ErrExists. Each firm keeps its latest outcome, and all of them stay in its history. 不一致 and 待查 take a check of the
// case as a whole back. ErrInvalid: the case is not verified, rows that are not in the list or are too many, or 不一致
// and 待查 without a remark. ErrExists: the case is returned, or one of the firms is decided on, or is in a proposal
// that waits.
func (d *Cases) CheckFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	outcome release.Outcome,
	remark string,
	read *intake.Seen,
) error {
	name, err := checkName(outcome, remark)
	if err != nil {
		return err
	}
	return d.onFirms(ctx, by, acceptID, rows, deed{intake.CaseEvent{Kind: name.Kind, Detail: remark}, name.Action},
		func(j *judge, now time.Time, r *intake.CaseRow, firms []firmLine) error {
			if err := hasRead(*r, read); err != nil {
				return err
			}
			if outcome != release.Agrees && !r.Work.Checked.IsZero() {
				r.Work.Checked = time.Time{}
				forgetSeen(&r.Work)
			}
			checks := make([]intake.FirmCheck, len(firms))
			for i, f := range firms {
				checks[i] = intake.FirmCheck{CaseNo: r.No, Pos: f.From, Outcome: outcome, Remark: remark,
					By: by.Actor(), At: now, Basis: f.Basis}
			}
			return j.tx.PutFirmChecks(checks)
		})
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
	return d.onFirms(ctx, by, acceptID, rows, a,
		func(j *judge, _ time.Time, r *intake.CaseRow, firms []firmLine) error {
			for _, f := range firms {
				if f.Outcome == release.NotChecked {
					return intake.Invalid("清单第%d条没有核对结果", f.From+1)
				}
			}
			for _, s := range rows.Spans() {
				if err := j.tx.DeleteFirmChecks(r.No, s.From-1, s.To); err != nil {
					return err
				}
			}
			return nil
		})
}

// onFirms is an act of one person on undecided firms of a verified case that are in no proposal that waits.
func (d *Cases) onFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	a deed,
	do func(j *judge, now time.Time, r *intake.CaseRow, firms []firmLine) error,
) error {
	return d.desk.Act(ctx, by, intake.WorkCases, func(tx intake.Tx, now time.Time) (e intake.AuditEntry, err error) {
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return e, err
		}
		j := d.judge(tx)
		if a.Rows, err = checkable(r, rows); err != nil {
			return e, err
		}
		firms, err := j.undecided(r, a.Rows.Spans())
		if err != nil {
			return e, err
		}
		if err := do(j, now, &r, firms); err != nil {
			return e, err
		}
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

// undecided reads the firms of a set. ErrExists: one is decided on, or is in a proposal that waits.
func (j *judge) undecided(r intake.CaseRow, set rowSet) (all []firmLine, err error) {
	waits, err := waitingIn(j.tx, r.No)
	if err != nil {
		return nil, err
	}
	if err := returnWaits(waits); err != nil {
		return nil, err
	}
	if row := set.common(takenBy(waits)); row > 0 {
		return nil, intake.Exists("清单第%d条已在等待复核的申请中，请先撤回或者等待决定", row)
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
		all = append(all, ls...)
		return err
	})
	return all, err
}
