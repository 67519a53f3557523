package verify

import (
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// waitTrail is the change for which an operator waits, by the audit.
type waitTrail struct {
	known bool   // false: the audit does not say, because an older program wrote the entries
	kind  string // as the audit names it
	at    time.Time
	by    intake.Actor
	role  string
}

// follow follows an entry of the operator.
func (w *waitTrail) follow(e intake.AuditEntry) {
	kind := waitsAfter(e)
	switch kind {
	case "":
		return
	case intake.NothingWaits:
		*w = waitTrail{known: true, kind: kind}
		return
	}
	*w = waitTrail{known: true, kind: kind, at: e.At, by: e.By}
	if asker := e.AnyFacts().Get(intake.FactAskedBy); asker != "" {
		w.by = intake.Actor(asker)
	}
	if kind == intake.ChangeRole.String() {
		w.role = e.AnyFacts().Get(intake.FactRole)
	}
}

// waitsAfter names the change for which the operator waits after an entry, "" where the entry changes nothing of that
// or does not say.
func waitsAfter(e intake.AuditEntry) string {
	switch e.Action {
	case intake.ActionOperatorCreate, intake.ActionOperatorEnrol, intake.ActionOperatorReset,
		intake.ActionOperatorEnable:
		return e.AnyFacts().Get(intake.FactWaits)
	case intake.ActionOperatorAskRole:
		return intake.ChangeRole.String()
	case intake.ActionOperatorIdentity:
		if e.AnyFacts().Get(intake.FactIdentity) == intake.IdentityAsked {
			return intake.ChangeIdentity.String()
		}
	case intake.ActionOperatorApprove, intake.ActionOperatorApproveEmergency:
		if e.AnyFacts().Get(intake.FactChange) == intake.ChangeRenew.String() {
			return intake.ChangeReset.String()
		}
		return intake.NothingWaits
	case intake.ActionOperatorRefuse, intake.ActionOperatorDisable:
		return intake.NothingWaits
	}
	return ""
}

// waits compares the change for which an operator waits with the audit.
func (in *inspector) waits(o intake.Operator, t waitTrail) {
	if !t.known {
		return
	}
	w := o.Waits
	if w.Said() == t.kind && w.At.Equal(t.at) && w.By == t.by && w.Role.String() == t.role &&
		(w.Kind == intake.ChangeIdentity) == (len(w.Identity) > 0) {
		return
	}
	in.found(faultOf(FaultAccess, intake.Case{}, "操作员%q等待批准的变更与审计记录不符", o.Name).
		of("operator "+o.Name, waitText(t.kind, t.at, t.by, t.role), waitText(w.Said(), w.At, w.By, w.Role.String())))
}

// waitText describes a waiting change in the words of a fault.
func waitText(kind string, at time.Time, by intake.Actor, role string) string {
	if kind == intake.NothingWaits && at.IsZero() && by == "" && role == "" {
		return kind
	}
	return fmt.Sprintf("%s %s %s %s", kind, moment(at), by, role)
}
