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

// ErrNotApprover: the officer is not permitted to approve this change.
var ErrNotApprover = errors.New("这一变更不能由您批准")

// EmergencyWait is how long a change must have waited before the command line may approve it. Everybody at the console
// can see it meanwhile.
const EmergencyWait = 24 * time.Hour

// Waiting lists the operators with a change that waits for the approval of the officer's role, the oldest request
// first.
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

// approvable is nil where the officer may decide on the change for which an operator waits. The officer's role must be
// one that approves it, and the officer must be neither the requester nor the holder of the account, also not by
// another account of the same person. asked is the time of the request that the officer has read, see stillAsked.
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

// stillAsked is nil where a change waits that was requested at the time asked; a zero time accepts any change.
func stillAsked(o intake.Operator, asked time.Time) error {
	switch {
	case o.Waits.Kind == "":
		return intake.Exists("没有等待批准的变更，可能已经批准、退回或作废")
	case !asked.IsZero() && !asked.Equal(o.Waits.At):
		return intake.Exists("申请已经变化，请看过现在的申请再决定")
	}
	return nil
}

// ApproveOperator approves the change for which an operator waits. asked is the time of the request that the officer
// has read; zero accepts any. An operator who was created, reset or enabled must have set up the account before, so
// that the second person can check with the operator that the right person did. ErrNotApprover: by may not approve it;
// ErrExists: no change waits, or another one; ErrInvalid: the account is not set up, or the change would leave a role
// without anybody.
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

// ApproveInEmergency is ApproveOperator for the command line, for a time when nobody at the console can approve. It
// takes another login at the machine than that of the requester, and a change that has waited for EmergencyWait. It
// raises an alarm in the log, and the audit holds the reason.
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

// approveChange makes the change for which the operator waits, and returns its facts for the audit.
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

// requestFacts describes for the audit the change for which an operator waits.
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

// RefuseOperator refuses the change for which an operator waits, with a reason. It disables an account that was
// created, reset or enabled, because it may be in the wrong hands; after another change the account stays as it was.
// Its errors are those of ApproveOperator.
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

// UnapprovedReset returns the last reset of an operator if nobody has approved the account since, also where the
// operator was disabled and enabled after it; the zero Change: there is none. The officer's role must be one that
// approves.
func (d *Staff) UnapprovedReset(ctx context.Context, by intake.Officer, name string) (c intake.Change, err error) {
	q := intake.AuditQuery{Targets: []string{name}, Actions: []intake.Action{
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
