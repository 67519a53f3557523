package verify

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// firms compares the decisions on the firms of a case with the proposals by which they came about, and the numbers by
// state with the firms. late: they may be on their way.
func (in *inspector) firms(r intake.CaseRow, late bool) error {
	if !r.Returned.IsZero() && r.Waiting != 0 {
		in.found(faultOf(FaultWork, r.Case, "案件已退回，而仍有申请等待复核").of("proposal", "", fmt.Sprint(r.Waiting)))
	}
	spans, err := in.tx.FirmSpans(r.No)
	if err != nil {
		return err
	}
	next := 0
	for _, s := range spans {
		if s.From < next || s.To < s.From || s.To >= r.Items {
			in.found(faultOf(FaultWork, r.Case, "对清单第%d至%d条的决定与其他决定重叠，或不在清单之内", s.From+1, s.To+1).
				of("firm_span", fmt.Sprintf("第%d至%d条之内", next+1, r.Items), ""))
		}
		next = max(next, s.To+1)
		if err := in.decided(r, s); err != nil {
			return err
		}
	}
	if late || len(spans) == 0 && r.Verified.IsZero() {
		return nil
	}
	// A later case is being verified: the rows that it shares with this one are there, and are counted when it is done.
	if late, err = in.tx.PairsUnderWay(r.No); err != nil || late {
		return err
	}
	return in.counted(r)
}

// decided checks that a decision comes from a proposal on these firms that was confirmed, or from the publication of
// the case before firms had states.
func (in *inspector) decided(r intake.CaseRow, s intake.FirmSpan) error {
	place, wrong := fmt.Sprintf("firm_span %d", s.From), ""
	p, err := in.tx.Proposal(s.ProposalNo)
	switch {
	case s.ProposalNo == 0:
		if err = nil; s.Decision != release.ToRelease || s.Published == "" || r.Work.Published == "" {
			wrong = "没有申请"
		}
	case err == intake.ErrNotFound:
		err, wrong = nil, "所依据的申请不存在"
	case err != nil:
	case p.CaseNo != r.No:
		wrong = "所依据的申请属于其他案件"
	case p.Answer != release.Confirmed:
		wrong = "所依据的申请未经同意"
	case decisionOf(p.Kind) != s.Decision:
		wrong = "与所依据的申请的种类不符"
	case !covers(p.Rows, s):
		wrong = "不在所依据的申请之内"
	}
	if wrong != "" {
		in.found(faultOf(FaultWork, r.Case, "对清单第%d至%d条的决定%s", s.From+1, s.To+1, wrong).
			of(place, fmt.Sprintf("proposal %d", s.ProposalNo), ""))
	}
	if s.Published != "" && (s.Decision != release.ToRelease || !intake.IsCalendarDay(s.Published)) {
		in.found(faultOf(FaultWork, r.Case, "清单第%d至%d条登记了公示日期，而没有放行，或日期无效", s.From+1, s.To+1).
			of(place, "", intake.Clip(s.Published, 20)))
	}
	return err
}

// decisionOf is the decision that a proposal of a kind leads to.
func decisionOf(k release.Kind) release.Decision {
	switch k {
	case release.Release, release.Publish:
		return release.ToRelease
	case release.Withhold:
		return release.ToWithhold
	}
	return release.Undecided
}

// covers reports whether the rows are all of a span.
func covers(rows intake.RowNumbers, s intake.FirmSpan) bool {
	for _, r := range rows.Spans() {
		if r.From <= s.From+1 && s.To+1 <= r.To {
			return true
		}
	}
	return false
}

// counted compares the stored numbers with the firms, counted one by one.
func (in *inspector) counted(r intake.CaseRow) error {
	source, err := intake.NewFirmSource(in.tx, r, false, nil)
	if err != nil {
		return err
	}
	want, err := source.Tally()
	switch {
	case err != nil:
		return err
	case !r.Counted:
		in.found(faultOf(FaultDerived, r.Case, "缺少按状态统计的户数").of("firm_tally", tallyText(want), ""))
	case want != r.Tally:
		in.found(faultOf(FaultDerived, r.Case, "按状态统计的户数与各户的情况不符").
			of("firm_tally", tallyText(want), tallyText(r.Tally)))
	}
	return nil
}

func tallyText(t release.Tally) string { return fmt.Sprintf("%+v", t) }
