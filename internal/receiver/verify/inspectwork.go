package verify

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// worked compares the work on a case, and its return, with its events, and the events with the audit.
func (in *inspector) worked(r intake.CaseRow) error {
	events, err := in.tx.CaseEvents(r.No)
	if err != nil {
		return err
	}
	for _, e := range events {
		if !in.trail.events.has(e.No) {
			in.found(faultOf(FaultWork, r.Case, "办理记录%d（%s）没有对应的审计记录", e.No, e.Kind).
				of(
					fmt.Sprintf("case_event %d", e.No),
					"",
					string(e.By)+" "+e.At.In(beijingtime.Zone).Format(time.DateTime),
				))
		}
	}
	want, known := replay(events)
	if !known {
		return nil // a newer program wrote an event
	}
	in.compareWork(r, want)
	if err := in.proposed(r, events, want.requests()); err != nil {
		return err
	}
	if r.Returned.IsZero() {
		return nil
	}
	return in.returned(r.Case, want.about)
}

// replayed is what follows from the events of a case.
type replayed struct {
	checked   time.Time
	published string // the day
	about     returnAbout
	// back and publish are requests of an older program, a return and a publication without a check, which had no
	// answer before requests were proposals. nil: none.
	back, publish *intake.CaseEvent
}

// requests are those of an older program of which there must be a proposal.
func (w replayed) requests() (es []intake.CaseEvent) {
	for _, e := range []*intake.CaseEvent{w.back, w.publish} {
		if e != nil {
			es = append(es, *e)
		}
	}
	return es
}

// returnAbout is the return that waits or was made, by the events.
type returnAbout struct {
	reason   string
	rows     intake.RowNumbers
	rowsSaid bool // false: an older program wrote the event, without the rows
}

// replay returns what follows from the events, and whether all kinds of events are known.
func replay(events []intake.CaseEvent) (w replayed, known bool) {
	w.about.rowsSaid = true // there are none
	for _, e := range events {
		if !w.follow(e) {
			return w, false
		}
	}
	return w, true
}

// follow follows one event; false: its kind is not known.
func (w *replayed) follow(e intake.CaseEvent) bool {
	switch e.Kind {
	case intake.EventNote, intake.EventFirmAgrees, intake.EventFirmUncheck,
		intake.EventAskRelease, intake.EventWithdrawRelease, intake.EventRefuseRelease,
		intake.EventAskWithhold, intake.EventWithdrawWithhold, intake.EventRefuseWithhold, intake.EventWithhold,
		intake.EventAskDoubtful, intake.EventWithdrawDoubtful, intake.EventRefuseDoubtful,
		intake.EventAskRecall, intake.EventWithdrawRecall, intake.EventRefuseRecall, intake.EventRecall:
	case intake.EventCheck:
		w.checked = e.At
	case intake.EventReopen, intake.EventFirmDiffers, intake.EventFirmUnclear:
		w.checked = time.Time{}
	case intake.EventPublish, intake.EventDoubtful, intake.EventRelease:
		w.published = cmp.Or(w.published, e.Detail) // that of the first part
	case intake.EventCorrectDay:
		w.published, _, _ = strings.Cut(e.Detail, "\n")
	case intake.EventUnpublish:
		w.published = ""
	default:
		return w.followReturn(e) || w.followRequest(e)
	}
	return true
}

// followReturn follows an event of a return. An older program had no proposals: its events have no number of one.
func (w *replayed) followReturn(e intake.CaseEvent) bool {
	switch e.Kind {
	case intake.EventAsk:
		w.about.reason, w.about.rows, w.about.rowsSaid = intake.ReadAskDetail(e.Detail)
		if e.ProposalNo == 0 {
			w.back = &e
		}
		return true
	case intake.EventWithdraw, intake.EventRefuse:
		w.about = returnAbout{rowsSaid: true}
	case intake.EventReturn:
		if e.Detail != "" { // in one step, by an older program
			w.about = returnAbout{reason: e.Detail}
		}
	default:
		return false
	}
	if e.ProposalNo == 0 {
		w.back = nil
	}
	if e.Kind == intake.EventReturn && e.ProposalNo == 0 {
		w.publish = nil
	}
	return true
}

// followRequest follows an event of a publication without a check, which only an older program wrote.
func (w *replayed) followRequest(e intake.CaseEvent) bool {
	switch e.Kind {
	case intake.EventAskPublish:
		w.publish = &e
	case intake.EventAgreePublish:
		if w.publish != nil {
			w.published, _, _ = strings.Cut(w.publish.Detail, "\n")
		}
		w.publish = nil
	case intake.EventWithdrawPublish, intake.EventRefusePublish:
		w.publish = nil
	default:
		return false
	}
	return true
}

func (in *inspector) compareWork(r intake.CaseRow, want replayed) {
	have := r.Work
	for _, c := range []struct{ what, want, have string }{
		{"核对", moment(want.checked), moment(have.Checked)},
		{"公示日期", want.published, have.Published},
	} {
		if c.want != c.have {
			in.found(faultOf(FaultWork, r.Case, "案件的%s与办理记录不符", c.what).
				of("case_work", intake.Clip(c.want, 60), intake.Clip(c.have, 60)))
		}
	}
}

// within checks that the rows are rows of the list, in normal form.
func (in *inspector) within(c intake.Case, place string, rows intake.RowNumbers) {
	if ns, err := intake.ParseRowNumbers(string(rows), c.Items); err != nil || ns != rows {
		in.found(faultOf(FaultWork, c, "退回涉及的条目不是清单中的条目，或写法不符").
			of(place, fmt.Sprintf("第1至%d条", c.Items), intake.Clip(string(rows), 60)))
	}
}

// returned compares a return with the audit, and its reason and rows with the events.
func (in *inspector) returned(c intake.Case, about returnAbout) error {
	r, err := in.tx.Return(c.No)
	if err != nil {
		return err
	}
	in.within(c, "case_return", r.Rows)
	switch {
	case !in.trail.returns.has(c.No):
		in.found(faultOf(FaultWork, c, "案件已退回，而没有同一人、同一时间的办理记录和审计记录").
			of("case_return", "", string(r.By)+" "+moment(r.At)))
	case r.Reason != about.reason:
		in.found(faultOf(FaultWork, c, "退回的理由与办理记录不符").
			of("case_return", intake.Clip(about.reason, 60), intake.Clip(r.Reason, 60)))
	case about.rowsSaid && r.Rows != about.rows:
		in.found(faultOf(FaultWork, c, "退回涉及的条目与办理记录不符").
			of("case_return", intake.Clip(string(about.rows), 60), intake.Clip(string(r.Rows), 60)))
	}
	return nil
}

// moment is a time to the millisecond, "" for the zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format("2006-01-02 15:04:05.000")
}

// ordered checks that a case came in after the one before it, or that the audit says that the clock was set back.
func (in *inspector) ordered(c intake.Case) {
	before := in.before
	in.before = c.Received
	if c.No > in.origin.Unordered && c.Received.Before(before.Add(-intake.ClockTolerance)) &&
		!in.trail.clocks.has(c.No) {
		in.found(faultOf(FaultCase, c, "受理时间早于序号在前的案件，而审计记录中没有时钟调慢的记录").
			of("received", "不早于"+moment(before), moment(c.Received)))
	}
}

// calls compares the log of calls with the cases. The log may lack any call, but must not name a case that does not
// exist.
func (in *inspector) calls() error {
	for after := int64(0); ; {
		cs, err := in.tx.ReceiveCalls(after, 1000)
		if err != nil || len(cs) == 0 {
			return err
		}
		for _, k := range cs {
			if err := in.oneCall(k); err != nil {
				return err
			}
			after = k.No
		}
		in.tell()
	}
}

func (in *inspector) oneCall(k intake.Call) error {
	place := fmt.Sprintf("call %d", k.No)
	c, err := intake.CaseByAcceptID(in.tx, k.AcceptID)
	switch {
	case err == intake.ErrNotFound:
		in.found(faultOf(FaultCall, intake.Case{AcceptID: k.AcceptID}, "调用记录%d应答过的受理号没有案件", k.No).
			of(place, k.AcceptID, ""))
	case err != nil:
		return err
	case c.AppID != k.AppID || c.CaseID != k.CaseID:
		in.found(faultOf(FaultCall, c, "调用记录%d的应用或案件编号与案件不符", k.No).
			of(place, intake.Clip(k.CaseID, 60), intake.Clip(c.CaseID, 60)))
	case intake.Outcome(k.Outcome) == intake.Accepted &&
		(c.Account != k.Account || c.Bytes != k.Bytes || c.Items != k.Items || apart(c.Received, k.At) > callTolerance):
		in.found(faultOf(FaultCall, c, "调用记录%d的账户、字节数、户数或时间与受理的案件不符", k.No).
			of(place, moment(k.At), moment(c.Received)))
	}
	return nil
}

// callTolerance is far more than the time between the head of a request, by a node's clock, and its case, by the
// database's.
const callTolerance = time.Hour

func apart(a, b time.Time) time.Duration { return a.Sub(b).Abs() }

// strays reports the rows that belong to no other row.
func (in *inspector) strays() error {
	found, err := in.tx.Strays(maxStrays)
	if err != nil {
		return err
	}
	for _, s := range found {
		in.found(faultOf(kindOf(s.Table), intake.Case{}, "表 %s 的行 %s：%s", s.Table, s.Key, s.Is).
			of(s.Table+" "+s.Key, "", ""))
	}
	return nil
}

// maxStrays is how many of each kind are reported.
const maxStrays = 100

func kindOf(table string) FaultKind {
	switch table {
	case "cases":
		return FaultCase
	case "pack", "body_part":
		return FaultBody
	case "case_return", "case_event", "case_work", "firm_check", "firm_basis", "firm_span", "proposal":
		return FaultWork
	case "verification", "docket", "finding", "verdict", "firm_tally":
		return FaultDerived
	}
	return FaultAccess
}

// revealed compares the permissions to see names with the audit.
func (in *inspector) revealed() error {
	for after := int64(0); ; {
		nos, err := in.tx.RevealedCases(after, 1000)
		if err != nil || len(nos) == 0 {
			return err
		}
		for _, no := range nos {
			if after = no; !in.trail.reveals.has(no) {
				in.found(faultOf(FaultAccess, intake.Case{No: no}, "有人可以查看该案件的姓名，而审计记录中没有说明用途的记录").
					of("reveal", string(intake.ActionCaseRevealNames), ""))
			}
		}
	}
}
