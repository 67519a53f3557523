package intake

import (
	"fmt"
	"time"
)

// waitTrail is what the audit says an operator waits for.
type waitTrail struct {
	known bool   // false: it says nothing of it, because an older program wrote the entries
	kind  string // as the audit names it
	at    time.Time
	by    Actor
	role  string
}

// follow takes an entry of the operator.
func (w *waitTrail) follow(e AuditEntry) {
	kind := waitsAfter(e)
	switch kind {
	case "":
		return
	case nothingWaits:
		*w = waitTrail{known: true, kind: kind}
		return
	}
	*w = waitTrail{known: true, kind: kind, at: e.At, by: e.By}
	if asker := e.facts().Get(FactAskedBy); asker != "" {
		w.by = Actor(asker)
	}
	if kind == ChangeRole.String() {
		w.role = e.facts().Get(FactRole)
	}
}

// waitsAfter is what the operator waits for after an entry, "" where the entry changes nothing of it or does not say.
func waitsAfter(e AuditEntry) string {
	switch e.Action {
	case ActionOperatorCreate, ActionOperatorEnrol, ActionOperatorReset, ActionOperatorEnable:
		return e.facts().Get(FactWaits)
	case ActionOperatorAskRole:
		return ChangeRole.String()
	case ActionOperatorIdentity:
		if e.facts().Get(FactIdentity) == IdentityAsked {
			return ChangeIdentity.String()
		}
	case ActionOperatorApprove, ActionOperatorApproveEmergency:
		if e.facts().Get(FactChange) == ChangeRenew.String() {
			return ChangeReset.String()
		}
		return nothingWaits
	case ActionOperatorRefuse, ActionOperatorDisable:
		return nothingWaits
	}
	return ""
}

// waits holds what an operator waits for against the audit.
func (in *inspector) waits(o Operator, t waitTrail) {
	if !t.known {
		return
	}
	w := o.Waits
	if w.said() == t.kind && w.At.Equal(t.at) && w.By == t.by && w.Role.String() == t.role && (w.Kind == ChangeIdentity) == (len(w.Identity) > 0) {
		return
	}
	in.found(faultOf(FaultAccess, Case{}, "操作员%q等待批准的变更与审计记录不符", o.Name).
		of("operator "+o.Name, waitText(t.kind, t.at, t.by, t.role), waitText(w.said(), w.At, w.By, w.Role.String())))
}

// waitText is what waits, in the words of a fault.
func waitText(kind string, at time.Time, by Actor, role string) string {
	if kind == nothingWaits && at.IsZero() && by == "" && role == "" {
		return kind
	}
	return fmt.Sprintf("%s %s %s %s", kind, moment(at), by, role)
}
