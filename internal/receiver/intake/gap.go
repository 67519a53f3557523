package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/acceptid"
)

// Gap (空号) is a range of case numbers that are never given out, because they may have been given out before: a backup
// does not hold the cases that were acknowledged after it, and case numbers go on from its last one.
type Gap struct {
	From, To int64
	At       time.Time
	Why      string
}

// GapTx reads and writes gaps within a transaction.
type GapTx interface {
	InsertGap(Gap) error  // above every case number that was given out
	Gaps() ([]Gap, error) // in order
	// Acknowledge lets the next server start from the database as it is, whatever the last server left beside it.
	Acknowledge() error
}

// DefaultGap is more than the number of cases that come in between a backup and the loss of the data after it.
const DefaultGap = 100_000

// LeaveGap leaves n case numbers out. It is for a store that was restored by means of others, not by this program,
// before a server uses it. Every sender and operator has to log in again. ErrInvalid: n is less than one, or more than
// the numbers that are left.
func (d *Desk) LeaveGap(ctx context.Context, by By, n int64, why string) (g Gap, err error) {
	err = d.Administer(ctx, by, Maintain, ActionDBGap, fmt.Sprint(n), why, func(tx Tx, now time.Time) error {
		g, err = leaveGap(tx, n, now, why)
		return err
	})
	return g, err
}

// Confirm records that the database is the right one and the newest, although it differs from the one that the last
// server left. The next server starts from it without leaving numbers out. ErrInvalid: why is no acceptable text.
func (d *Desk) Confirm(ctx context.Context, by By, why string) error {
	if err := CheckText("原因", why); err != nil {
		return err
	}
	return d.Administer(ctx, by, Maintain, ActionDBConfirm, "", why, func(tx Tx, _ time.Time) error {
		return tx.Acknowledge()
	})
}

// Restored does what the transaction that makes a restored backup usable must include: it leaves a gap of n case
// numbers as LeaveGap does, and writes an audit entry by by. now counts where the store has no clock of its own.
func Restored(tx Tx, now time.Time, by Actor, n int64, why string) error {
	if t := tx.Now(); !t.IsZero() {
		now = t
	}
	if _, err := leaveGap(tx, n, now, why); err != nil {
		return err
	}
	return tx.AppendAudit(AuditEntry{At: now, By: by, Action: ActionDBRestore, Target: fmt.Sprint(n), Detail: why})
}

// leaveGap also ends every session, visit and one-time link: one that was ended or used after the backup would be valid
// again.
func leaveGap(tx Tx, n int64, now time.Time, why string) (Gap, error) {
	next, err := tx.NextCaseNo()
	if err != nil {
		return Gap{}, err
	}
	g := Gap{From: next, To: next + n - 1, At: now, Why: why}
	if n < 1 || n > acceptid.MaxCaseNo || g.To >= acceptid.MaxCaseNo {
		return Gap{}, invalid("空号须为1至%d个", max(0, acceptid.MaxCaseNo-next))
	}
	apps, err := tx.Apps()
	if err != nil {
		return Gap{}, err
	}
	for _, a := range apps {
		if err := tx.EndSessions(a.ID, 0, now); err != nil {
			return Gap{}, err
		}
	}
	if err := errors.Join(endVisits(tx, now), tx.Acknowledge()); err != nil {
		return Gap{}, err
	}
	return g, tx.InsertGap(g)
}

// endVisits ends every visit, makes every one-time link void and every known browser unknown.
func endVisits(tx Tx, now time.Time) error {
	os, err := tx.Operators()
	if err != nil {
		return err
	}
	for _, o := range append(os, Operator{}) { // the last: links for a first administrator
		if err := tx.EndVisits(o.ID, TokenHash{}, now); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(o.ID); err != nil {
			return err
		}
		if err := ForgetAccess(tx, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// Moved does what the transaction that makes a copy of a store usable must include: it puts the proposals that wait
// for a second person on the worklist, and writes an audit entry.
func Moved(tx Tx, now time.Time, by Actor, from string) error {
	if t := tx.Now(); !t.IsZero() {
		now = t
	}
	if err := WorklistDecided(tx); err != nil {
		return err
	}
	return tx.AppendAudit(AuditEntry{At: now, By: by, Action: ActionDBCopy, Target: from})
}

// NoteBackup writes into the audit that a copy of all data is about to be written into a file. ErrUnavailable: the
// entry cannot be written.
func (d *Desk) NoteBackup(ctx context.Context, by Actor, file string) error {
	return d.Administer(ctx, by, Maintain, ActionDBBackup, Clip(file, MaxText), "", func(Tx, time.Time) error {
		return nil
	})
}
