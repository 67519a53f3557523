package staff

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Particulars are what is known of the person of an account: name, phone, and unit (单位、部门).
type Particulars struct{ Person, Phone, Unit string }

// ChangePerson changes the particulars of an account, at once. Safe to repeat. ErrInvalid: a text is not acceptable, or
// nothing changes.
func (d *Staff) ChangePerson(ctx context.Context, by intake.By, name string, p Particulars) error {
	if err := checkPerson(p.Person, p.Phone, p.Unit); err != nil {
		return err
	}
	return d.changeOperator(ctx, by, intake.ManageOperators, intake.ActionOperatorChange, name, func(
		_ intake.Tx,
		o *intake.Operator,
		_ time.Time,
	) (intake.Facts, error) {
		facts := p.changes(*o)
		if facts == nil {
			return nil, intake.Invalid("没有改动")
		}
		o.Person, o.Phone, o.Unit = p.Person, p.Phone, p.Unit
		return facts, nil
	})
}

// changes are what differs from the particulars that an operator has; nil: nothing.
func (p Particulars) changes(o intake.Operator) (facts intake.Facts) {
	if o.Person != p.Person {
		facts = intake.Facts{intake.TextFact(intake.FactPerson, p.Person), intake.TextFact(intake.FactWas, o.Person)}
	}
	if o.Phone != p.Phone {
		facts = append(facts, intake.WordFact(intake.FactPhone, intake.PhoneChanged))
	}
	if o.Unit != p.Unit {
		facts = append(facts, intake.TextFact(intake.FactUnit, p.Unit), intake.TextFact(intake.FactUnitWas, o.Unit))
	}
	return facts
}

// AskRole requests another role for an operator, which needs approval; until then the operator keeps the old role.
// ErrInvalid: the operator has this role already, is disabled, or would leave a role that watches over others without
// anybody; ErrExists: another change of the operator waits.
func (d *Staff) AskRole(ctx context.Context, by intake.By, name string, to intake.Role) error {
	if err := checkRole(to); err != nil {
		return err
	}
	return d.changeOperator(
		ctx,
		by,
		intake.ManageOperators,
		intake.ActionOperatorAskRole,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			switch {
			case o.Role == to:
				return nil, intake.Invalid("%s现在就是%s", o.Name, to)
			case o.Disabled:
				return nil, intake.Invalid("%s已停用，请先启用", o.Name)
			case o.Waits.Kind != "":
				return nil, intake.Exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
			}
			if err := keepLast(tx, *o); err != nil {
				return nil, err
			}
			all, err := tx.Operators()
			if err != nil {
				return nil, err
			}
			askChange(o, intake.ChangeRole, by, now)
			o.Waits.Role = to
			return intake.Facts{intake.RoleFact(intake.FactRole, to), intake.RoleFact(
				intake.FactWas,
				o.Role,
			)}, holdsNoOther(all, *o, to, o.Identity)
		},
	)
}

// RegisterIdentity registers the identifier of the person of an account, see NormalIdentifier. It takes effect at once
// where there was none; otherwise it needs approval. ErrInvalid: the operator is disabled or has this identifier
// already; ErrExists: another change of the operator waits; ErrSameHolder as for CreateOperator.
func (d *Staff) RegisterIdentity(ctx context.Context, by intake.By, name, id string) error {
	identity, err := d.identity(ctx, id)
	if err != nil {
		return err
	}
	return d.changeOperator(
		ctx,
		by,
		intake.ManageOperators,
		intake.ActionOperatorIdentity,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			all, err := tx.Operators()
			if err == nil {
				err = holdsNoOther(all, *o, o.Role, identity)
			}
			switch {
			case err != nil:
				return nil, err
			case o.Disabled:
				return nil, intake.Invalid("%s已停用，请先启用", o.Name)
			case intake.SameIdentity(o.Identity, identity):
				return nil, intake.Invalid("登记的就是这一身份标识")
			case len(o.Identity) == 0:
				o.Identity = identity
				return intake.Facts{intake.WordFact(intake.FactIdentity, intake.IdentityRegistered)}, nil
			case o.Waits.Kind != "":
				return nil, intake.Exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
			}
			askChange(o, intake.ChangeIdentity, by, now)
			o.Waits.Identity = identity
			return intake.Facts{intake.WordFact(intake.FactIdentity, intake.IdentityAsked)}, nil
		},
	)
}
