package intake

import (
	"context"
	"time"
)

// AuditEntry is one change an administrator made.
type AuditEntry struct {
	No     int64
	At     time.Time
	By     Actor
	Action Action
	Target string // what was changed
	Detail string // how; never a secret
	Chain  []byte // see AuditLink; empty where an older program wrote it
}

// AuditTx is the audit within a transaction.
type AuditTx interface {
	// AppendAudit writes an entry after all others and chains it to them. It assigns the number and the chain value.
	AppendAudit(AuditEntry) error
	Audit(after int64, limit int) ([]AuditEntry, error) // oldest first
	AuditHead() (AuditHead, error)
	SearchAudit(AuditQuery) ([]AuditEntry, error)
}

// Act runs one change and its audit entry in one transaction: both are stored, or neither. ErrForbidden or ErrSignedOut
// where by does not have the right. The change returns its audit entry; Act fills in the time and the actor.
func (d *Desk) Act(ctx context.Context, by By, right Right, change func(Tx, time.Time) (AuditEntry, error)) error {
	return d.store.Update(ctx, func(tx Tx) error {
		now := d.Now(tx)
		if err := by.May(tx, now, right); err != nil {
			return err
		}
		e, err := change(tx, now)
		if err != nil {
			return err
		}
		e.At, e.By = now, by.Actor()
		return tx.AppendAudit(e)
	})
}

// Administer is Act for a change whose audit entry is known beforehand.
func (d *Desk) Administer(
	ctx context.Context,
	by By,
	right Right,
	action Action,
	target, detail string,
	change func(Tx, time.Time) error,
) error {
	return d.Act(ctx, by, right, func(tx Tx, now time.Time) (AuditEntry, error) {
		return AuditEntry{Action: action, Target: target, Detail: detail}, change(tx, now)
	})
}

// Alarming reports whether somebody should look at an entry, because such a change happens once or bypasses the
// console: a role that begins without approval, an approval in an emergency, a return by the command line.
func (e AuditEntry) Alarming() bool {
	switch e.Action {
	case ActionOperatorFound, ActionOperatorApproveEmergency:
		return true
	case ActionCaseConfirmReturn, ActionOperatorCreate, ActionOperatorReset, ActionOperatorAskRole,
		ActionOperatorEnable:
		return e.By.OnCommandLine()
	}
	return false
}
