package verify

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
)

// trail is the state of all other records that follows from the audit. Its memory grows with the apps, the operators
// and the gaps, and by a bit for each case and each event.
type trail struct {
	events    caseSet // by number: events that have their entry
	returns   caseSet // cases whose return has its entry
	clocks    caseSet // cases that came in by a clock set back
	reveals   caseSet // cases for which somebody asked to see names
	gaps      map[int64]intake.AuditEntry
	apps      map[string]*appTrail
	operators map[string]*operatorTrail
	policies  map[intake.PolicyKind]int64
}

func newTrail() *trail {
	return &trail{
		gaps:      map[int64]intake.AuditEntry{},
		apps:      map[string]*appTrail{},
		operators: map[string]*operatorTrail{},
		policies:  map[intake.PolicyKind]int64{},
	}
}

// caseActions are the actions of the audit that have an event beside them.
var caseActions = map[intake.Action]intake.EventKind{
	intake.ActionCaseNote:             intake.EventNote,
	intake.ActionCaseCheck:            intake.EventCheck,
	intake.ActionCaseReopen:           intake.EventReopen,
	intake.ActionCasePublish:          intake.EventPublish,
	intake.ActionCaseUnpublish:        intake.EventUnpublish,
	intake.ActionCaseAskReturn:        intake.EventAsk,
	intake.ActionCaseWithdrawReturn:   intake.EventWithdraw,
	intake.ActionCaseRefuseReturn:     intake.EventRefuse,
	intake.ActionCaseConfirmReturn:    intake.EventReturn,
	intake.ActionCaseReturn:           intake.EventReturn,
	intake.ActionCaseAskPublish:       intake.EventAskPublish,
	intake.ActionCaseWithdrawPublish:  intake.EventWithdrawPublish,
	intake.ActionCaseRefusePublish:    intake.EventRefusePublish,
	intake.ActionCaseAgreePublish:     intake.EventAgreePublish,
	intake.ActionCaseFirmsAgree:       intake.EventFirmAgrees,
	intake.ActionCaseFirmsDiffer:      intake.EventFirmDiffers,
	intake.ActionCaseFirmsUnclear:     intake.EventFirmUnclear,
	intake.ActionCaseUncheckFirms:     intake.EventFirmUncheck,
	intake.ActionCaseCorrectDay:       intake.EventCorrectDay,
	intake.ActionCaseAskRelease:       intake.EventAskRelease,
	intake.ActionCaseWithdrawRelease:  intake.EventWithdrawRelease,
	intake.ActionCaseRefuseRelease:    intake.EventRefuseRelease,
	intake.ActionCaseConfirmRelease:   intake.EventRelease,
	intake.ActionCaseAskWithhold:      intake.EventAskWithhold,
	intake.ActionCaseWithdrawWithhold: intake.EventWithdrawWithhold,
	intake.ActionCaseRefuseWithhold:   intake.EventRefuseWithhold,
	intake.ActionCaseConfirmWithhold:  intake.EventWithhold,
	intake.ActionCaseAskDoubtful:      intake.EventAskDoubtful,
	intake.ActionCaseWithdrawDoubtful: intake.EventWithdrawDoubtful,
	intake.ActionCaseRefuseDoubtful:   intake.EventRefuseDoubtful,
	intake.ActionCaseConfirmDoubtful:  intake.EventDoubtful,
	intake.ActionCaseAskRecall:        intake.EventAskRecall,
	intake.ActionCaseWithdrawRecall:   intake.EventWithdrawRecall,
	intake.ActionCaseRefuseRecall:     intake.EventRefuseRecall,
	intake.ActionCaseConfirmRecall:    intake.EventRecall,
}

// follow follows the next entry of the audit, and looks for the record of the change in it.
func (in *inspector) follow(e intake.AuditEntry) error {
	switch e.Action {
	case intake.ActionDBGap, intake.ActionDBRestore:
		in.followGap(e)
		return nil
	case intake.ActionClockBack, intake.ActionCaseRevealNames:
		in.followCase(e)
		return nil
	case intake.ActionPolicySet:
		in.trail.policySet(e)
		return nil
	}
	in.trail.followApp(e)
	in.trail.followOperator(e)
	if kind, ok := caseActions[e.Action]; ok {
		return in.followEvent(e, kind)
	}
	return nil
}

func (in *inspector) followCase(e intake.AuditEntry) {
	no, ok := acceptid.CaseNo(e.Target)
	switch {
	case !ok:
	case e.Action == intake.ActionClockBack:
		in.trail.clocks.add(no)
	default:
		in.trail.reveals.add(no)
	}
}

// followGap looks for the gap that the entry records.
func (in *inspector) followGap(e intake.AuditEntry) {
	n, _ := strconv.ParseInt(e.Target, 10, 64)
	for _, g := range in.gaps {
		if _, taken := in.trail.gaps[g.From]; !taken && g.To-g.From+1 == n && g.At.Equal(e.At) && g.Why == e.Detail {
			in.trail.gaps[g.From] = e
			return
		}
	}
	in.found(faultOf(FaultGap, intake.Case{}, "审计记录第%d条记有留出%s个空号，而没有这一段空号", e.No, e.Target).
		of(fmt.Sprintf("audit %d", e.No), e.Target, ""))
}

// followEvent looks for the event, and for the return, that were written with the entry.
func (in *inspector) followEvent(e intake.AuditEntry, kind intake.EventKind) error {
	no, ok := acceptid.CaseNo(e.Target)
	if !ok {
		in.found(faultOf(FaultWork, intake.Case{}, "审计记录第%d条（%s）所指的%q不是受理号", e.No, kind, intake.Clip(e.Target, 40)).
			of(fmt.Sprintf("audit %d", e.No), "", e.Target))
		return nil
	}
	events, err := in.tx.CaseEvents(no)
	if err != nil {
		return err
	}
	for _, ev := range events {
		if ev.Kind == kind && ev.At.Equal(e.At) && ev.By == e.By && ev.AuditDetail() == e.Detail &&
			!in.trail.events.has(ev.No) {
			in.trail.events.add(ev.No)
			if kind == intake.EventReturn {
				return in.followReturn(e, no)
			}
			return nil
		}
	}
	in.found(faultOf(FaultWork, intake.Case{AcceptID: e.Target, No: no}, "审计记录第%d条记有%s，而办理记录中没有", e.No, kind).
		of(
			fmt.Sprintf("audit %d", e.No),
			fmt.Sprintf("%s %s %s", e.By, e.At.In(beijingtime.Zone).Format(time.DateTime), intake.Clip(e.Detail, 60)),
			"",
		))
	return nil
}

func (in *inspector) followReturn(e intake.AuditEntry, no int64) error {
	r, err := in.tx.Return(no)
	if intake.IgnoreMissing(err) != nil {
		return err
	}
	if err == nil && r.At.Equal(e.At) && r.By == e.By {
		in.trail.returns.add(no)
		return nil
	}
	in.found(faultOf(FaultWork, intake.Case{AcceptID: e.Target, No: no}, "审计记录第%d条记有退回，而案件没有退回，或退回的人、时间不同", e.No).
		of("case_return", string(e.By)+" "+e.At.In(beijingtime.Zone).Format(time.DateTime), string(r.By)))
	return nil
}

// audit checks the chain of the audit, and collects from the entries the records that must exist. Only an auditor knows
// which head the chain must have, see VerifyAudit.
func (in *inspector) audit(ctx context.Context) error {
	in.trail = newTrail()
	origin, err := in.tx.Origin()
	if err != nil {
		return err
	}
	in.origin = origin
	w := auditlog.NewWalk(intake.AuditHead{}, func(n int64) {
		in.Audited = n
		in.tell()
	})
	w.Each = in.follow
	err = w.Walk(ctx, in.tx)
	in.Audited = w.Entries
	if b := w.Broken; err == nil && b.Kind != 0 {
		in.found(faultOf(FaultAudit, intake.Case{}, "%s", b.String()).of(fmt.Sprintf("audit %d", b.No), "", ""))
	}
	if err != nil {
		return err
	}
	for _, g := range in.gaps {
		if _, known := in.trail.gaps[g.From]; !known {
			in.found(faultOf(FaultGap, intake.Case{}, "空号%d至%d没有对应的审计记录", g.From, g.To).
				of(fmt.Sprintf("gap %d", g.From), string(intake.ActionDBGap+"、"+intake.ActionDBRestore), ""))
		}
	}
	return nil
}

func (in *inspector) tell() {
	if in.progress != nil {
		in.progress(in.Inspection)
	}
}
