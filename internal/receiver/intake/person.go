package intake

import (
	"context"
	"time"
)

// ChangePerson changes the name of the person of an account and his phone, at once. Safe to repeat.
func (d *Staff) ChangePerson(ctx context.Context, by By, name, person, phone string) error {
	if err := checkPerson(person, phone); err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, ActionOperatorChange, name, func(_ Tx, o *Operator, _ time.Time) (Facts, error) {
		var facts Facts
		if o.Person != person {
			facts = Facts{textFact(FactPerson, person), textFact(FactWas, o.Person)}
		}
		if o.Phone != phone {
			facts = append(facts, wordFact(FactPhone, phoneChanged))
		}
		if facts == nil {
			return nil, invalid("没有改动")
		}
		o.Person, o.Phone = person, phone
		return facts, nil
	})
}

// AskRole asks to give an operator another role, which is to be approved; until then he keeps his own. ErrInvalid: it
// is his already, he is disabled, or would leave a role that watches over others without anybody; ErrExists: another
// change of him waits.
func (d *Staff) AskRole(ctx context.Context, by By, name string, to Role) error {
	if err := checkRole(to); err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, ActionOperatorAskRole, name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		switch {
		case o.Role == to:
			return nil, invalid("%s现在就是%s", o.Name, to)
		case o.Disabled:
			return nil, invalid("%s已停用，请先启用", o.Name)
		case o.Waits.Kind != "":
			return nil, exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
		}
		if err := keepLast(tx, *o); err != nil {
			return nil, err
		}
		all, err := tx.Operators()
		if err != nil {
			return nil, err
		}
		askChange(o, ChangeRole, by, now)
		o.Waits.Role = to
		return Facts{roleFact(FactRole, to), roleFact(FactWas, o.Role)}, holdsNoOther(all, *o, to, o.Identity)
	})
}

// RegisterIdentity registers the identifier of the person of an account, see NormalIdentifier: at once where there was
// none, otherwise it is to be approved. Errors as those of AskRole, and ErrSameHolder.
func (d *Staff) RegisterIdentity(ctx context.Context, by By, name, id string) error {
	identity, err := d.identity(ctx, id)
	if err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, ActionOperatorIdentity, name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		all, err := tx.Operators()
		if err == nil {
			err = holdsNoOther(all, *o, o.Role, identity)
		}
		switch {
		case err != nil:
			return nil, err
		case o.Disabled:
			return nil, invalid("%s已停用，请先启用", o.Name)
		case sameIdentity(o.Identity, identity):
			return nil, invalid("登记的就是这一身份标识")
		case len(o.Identity) == 0:
			o.Identity = identity
			return Facts{wordFact(FactIdentity, identityRegistered)}, nil
		case o.Waits.Kind != "":
			return nil, exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
		}
		askChange(o, ChangeIdentity, by, now)
		o.Waits.Identity = identity
		return Facts{wordFact(FactIdentity, IdentityAsked)}, nil
	})
}
