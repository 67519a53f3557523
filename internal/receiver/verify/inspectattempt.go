package verify

import (
	"context"
	"fmt"

	"diaoxiao/internal/receiver/intake"
)

// attempts checks that every case has the one attempt that accepted it.
func (in *inspector) attempts(ctx context.Context) error {
	for after := int64(0); ; {
		as, err := in.tx.Attempts(intake.AttemptFilter{After: after, Limit: 1000})
		if err != nil {
			return err
		}
		for _, a := range as {
			if a.CaseNo != 0 {
				if err := in.oneAttempt(a); err != nil {
					return err
				}
			}
			after = a.No
			in.Attempts++
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(as) == 0 {
			return in.unaccepted()
		}
	}
}

// unaccepted reports the cases that no attempt accepted.
func (in *inspector) unaccepted() error {
	for no := range in.waiting.all {
		c, err := in.tx.Case(no)
		if err != nil {
			return err
		}
		in.fault(FaultAttempt, c, "没有受理该案件的报送记录")
	}
	return nil
}

func (in *inspector) oneAttempt(a intake.Attempt) error {
	c, err := in.tx.Case(a.CaseNo)
	switch {
	case err == intake.ErrNotFound:
		in.fault(FaultAttempt, intake.Case{No: a.CaseNo}, "报送记录%d所指的案件不存在", a.No)
	case err != nil:
		return err
	case c.CaseID != a.CaseID || c.AppID != a.AppID:
		in.fault(FaultAttempt, c, "报送记录%d与案件不符", a.No)
	case a.Outcome == intake.Accepted && apart(a.At, c.Received) > intake.ClockTolerance:
		in.waiting.remove(c.No)
		in.found(faultOf(FaultAttempt, c, "受理该案件的报送记录%d的时间与受理时间不符", a.No).
			of(fmt.Sprintf("attempt %d", a.No), moment(a.At), moment(c.Received)))
	case a.Outcome == intake.Accepted &&
		(c.SHA256 != a.SHA256 || c.Bytes != a.Bytes || c.Account != a.Account || !in.waiting.remove(c.No)):
		in.fault(FaultAttempt, c, "受理该案件的报送记录%d与案件不符", a.No)
	}
	return nil
}
