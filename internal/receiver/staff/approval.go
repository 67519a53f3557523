package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// ErrNotApprover: who asks for approval is not the one to give it.
var ErrNotApprover = errors.New("这一变更不能由您批准")

// EmergencyWait is how long a change has waited in everybody's sight before the command line may approve it.
const EmergencyWait = 24 * time.Hour

// Waiting lists the operators of whom a change waits for the officer's approval, the oldest first; for who manages
// operators all of them.
func (d *Staff) Waiting(ctx context.Context, by intake.Officer) (os []intake.Operator, err error) {
	err = d.desk.Look(ctx, by, intake.ApproveOperators, func(tx intake.Tx) error {
		who, err := intake.OfficerIn(tx, by.Token, d.desk.Now(tx))
		if err != nil {
			return err
		}
		all, err := tx.Operators()
		for _, o := range all {
			if o.Waits.Kind != "" && slices.Contains(o.Approvers(), who.Role) {
				os = append(os, o)
			}
		}
		return err
	})
	slices.SortStableFunc(os, func(a, b intake.Operator) int { return a.Waits.At.Compare(b.Waits.At) })
	return os, err
}

// approvable is nil where the officer may decide on what an operator waits for: a role that approves it, and neither
// who asked for it nor whose account it is, also not by another account of the same person. asked is when that was
// asked for which the officer has read of.
func approvable(tx intake.Tx, by intake.Officer, now time.Time, o intake.Operator, asked time.Time) error {
	who, err := intake.OfficerIn(tx, by.Token, now)
	if err != nil {
		return err
	}
	no := func(why string) error { return fmt.Errorf("%w：%s", ErrNotApprover, why) }
	if err := stillAsked(o, asked); err != nil {
		return err
	}
	switch {
	case !slices.Contains(o.Approvers(), who.Role):
		return no(fmt.Sprintf("须由%s批准", o.Approver()))
	case o.ID == who.Operator.ID || intake.SameIdentity(o.Identity, who.Identity) ||
		intake.SameIdentity(o.Waits.Identity, who.Identity):
		return no("是您本人的账户")
	}
	same, err := intake.SamePerson(tx, o.Waits.By, who.Actor())
	if same {
		err = no("申请人不能批准自己的申请")
	}
	return err
}

// stillAsked is nil where the change waits that was asked for then; zero: whichever.
func stillAsked(o intake.Operator, asked time.Time) error {
	switch {
	case o.Waits.Kind == "":
		return intake.Exists("没有等待批准的变更，可能已经批准、退回或作废")
	case !asked.IsZero() && !asked.Equal(o.Waits.At):
		return intake.Exists("申请已经变化，请看过现在的申请再决定")
	}
	return nil
}

// ApproveOperator agrees to what an operator waits for; asked is when that was asked for, zero: whenever. Who was
// created, reset or enabled must have set up the account before: the second person can then ask him whether it was he.
// ErrNotApprover: by is not the one to approve it; ErrExists: nothing waits, or something else does; ErrInvalid: it is
// not set up, or would leave a role without anybody.
func (d *Staff) ApproveOperator(ctx context.Context, by intake.Officer, name string, asked time.Time) error {
	return d.changeOperator(
		ctx,
		by,
		intake.ApproveOperators,
		intake.ActionOperatorApprove,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			if err := approvable(tx, by, now, *o, asked); err != nil {
				return nil, err
			}
			return approveChange(o, tx, now)
		},
	)
}

// ApproveInEmergency is ApproveOperator for the command line, where nobody at the console can: by another who signed in
// at the machine than the one who asked, when the change has waited for EmergencyWait. It is loud: an alarm in the log,
// and the reason in the audit.
func (d *Staff) ApproveInEmergency(ctx context.Context, by intake.Actor, name, reason string) error {
	if err := intake.CheckText("理由", reason); err != nil {
		return err
	}
	return d.changeOperator(
		ctx,
		by,
		intake.Maintain,
		intake.ActionOperatorApproveEmergency,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			if err := stillAsked(*o, time.Time{}); err != nil {
				return nil, err
			}
			if err := intake.AnotherLogin(o.Waits.By, by); err != nil {
				return nil, fmt.Errorf("%w：申请须在命令行提出，并由另一个登录本机的用户（另一登录 uid）紧急批准", ErrNotApprover)
			}
			if until := o.Waits.At.Add(EmergencyWait); now.Before(until) {
				return nil, intake.Invalid(
					"紧急批准须在申请满%d小时之后，即%s之后",
					EmergencyWait/time.Hour,
					until.In(beijingtime.Zone).Format("2006-01-02 15:04:05"),
				)
			}
			done, err := approveChange(o, tx, now)
			return append(done, intake.TextFact(intake.FactReason, reason)), err
		},
	)
}

// approveChange does what the operator waits for, and returns the facts of it for the audit.
func approveChange(o *intake.Operator, tx intake.Tx, now time.Time) (facts intake.Facts, err error) {
	w := o.Waits
	facts = requestFacts(*o)
	all, err := tx.Operators()
	if err != nil {
		return facts, err
	}
	o.Waits = intake.Change{}
	switch w.Kind {
	case intake.ChangeRole:
		return facts, takeRole(o, tx, all, w, now)
	case intake.ChangeIdentity:
		o.Identity = w.Identity
		return facts, holdsNoOther(all, *o, o.Role, o.Identity)
	case intake.ChangeRenew:
		o.Waits = intake.Change{Kind: intake.ChangeReset, At: now, By: w.By}
		o.Renewed = o.Waits
		return facts, stripAccess(o, tx, now)
	}
	if o.Password == "" {
		return facts, intake.Invalid("%s还没有用一次性链接设置密码和动态口令；请在本人设置以后，向本人核实再批准", o.Name)
	}
	return facts, holdsNoOther(all, *o, o.Role, o.Identity)
}

// takeRole gives the operator another role.
func takeRole(o *intake.Operator, tx intake.Tx, all []intake.Operator, w intake.Change, now time.Time) error {
	if err := keepLast(tx, *o); err != nil {
		return err
	}
	o.Role, o.Renewed = w.Role, w
	if err := holdsNoOther(all, *o, o.Role, o.Identity); err != nil {
		return err
	}
	return tx.EndVisits(o.ID, intake.TokenHash{}, now)
}

// requestFacts is what an operator waits for, for the audit.
func requestFacts(o intake.Operator) intake.Facts {
	facts := intake.Facts{
		intake.KindFact(intake.FactChange, o.Waits.Kind),
		intake.TextFact(intake.FactAskedBy, string(o.Waits.By)),
	}
	if o.Waits.Role != "" {
		facts = append(facts, intake.RoleFact(intake.FactWas, o.Role), intake.RoleFact(intake.FactRole, o.Waits.Role))
	}
	return facts
}

// RefuseOperator decides that what an operator waits for is not done, and why. An account that was created, reset or
// enabled is disabled then, because it may be in the wrong hands; other changes leave it as it was. Errors as those of
// ApproveOperator.
func (d *Staff) RefuseOperator(ctx context.Context, by intake.Officer, name, reason string, asked time.Time) error {
	if err := intake.CheckText("不同意的理由", reason); err != nil {
		return err
	}
	return d.changeOperator(
		ctx,
		by,
		intake.ApproveOperators,
		intake.ActionOperatorRefuse,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			if err := approvable(tx, by, now, *o, asked); err != nil {
				return nil, err
			}
			facts := append(requestFacts(*o), intake.TextFact(intake.FactReason, reason))
			o.Disabled = o.Disabled || o.Suspended()
			renewal := o.Waits.Kind == intake.ChangeRenew
			o.Waits = intake.Change{}
			if !o.Disabled && !renewal {
				return facts, nil
			}
			return facts, tx.DeleteInvitations(o.ID)
		},
	)
}

// UnapprovedReset is the reset of an operator that nobody has approved since, also where he was disabled and enabled
// after it; the zero Change: there is none. For who approves.
func (d *Staff) UnapprovedReset(ctx context.Context, by intake.Officer, name string) (c intake.Change, err error) {
	q := intake.AuditQuery{Target: name, Actions: []intake.Action{
		intake.ActionOperatorReset,
		intake.ActionOperatorApprove,
		intake.ActionOperatorApproveEmergency,
	}, Limit: 1}
	err = d.desk.Look(ctx, by, intake.ApproveOperators, func(tx intake.Tx) error {
		es, err := tx.SearchAudit(q)
		for _, e := range es {
			facts := e.AnyFacts()
			switch {
			case facts.Get(intake.FactChange) == intake.ChangeRenew.String():
				c = intake.Change{Kind: intake.ChangeReset, At: e.At, By: intake.Actor(facts.Get(intake.FactAskedBy))}
			case e.Action == intake.ActionOperatorReset && facts.Get(intake.FactDefers) == "":
				c = intake.Change{Kind: intake.ChangeReset, At: e.At, By: e.By}
			}
		}
		return err
	})
	return c, err
}
