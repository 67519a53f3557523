package intake

import (
	"fmt"
	"time"
)

// nothingWaits is how the audit names that an account waits for no approval.
const nothingWaits = "无"

// said is how the audit names what an account waits for.
func (c Change) said() string {
	if c.Kind == "" {
		return nothingWaits
	}
	return c.Kind.String()
}

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
	if asker := fact(e.Detail, "asked_by"); asker != "" {
		w.by = Actor(asker)
	}
	if kind == ChangeRole.String() {
		w.role = fact(e.Detail, "role")
	}
}

// waitsAfter is what the operator waits for after an entry, "" where the entry changes nothing of it or does not say.
func waitsAfter(e AuditEntry) string {
	switch e.Action {
	case "operator create", "operator enrol", "operator reset", "operator enable":
		return fact(e.Detail, "waits")
	case "operator ask role":
		return ChangeRole.String()
	case "operator identity":
		if fact(e.Detail, "identity") == "asked" {
			return ChangeIdentity.String()
		}
	case "operator approve", "operator approve emergency":
		if fact(e.Detail, "change") == ChangeRenew.String() {
			return ChangeReset.String()
		}
		return nothingWaits
	case "operator refuse", "operator disable":
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
