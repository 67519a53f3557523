package intake

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// ChangePerson changes the name of the person of an account and his phone, at once. Safe to repeat.
func (d *Desk) ChangePerson(ctx context.Context, by By, name, person, phone string) error {
	if err := checkPerson(person, phone); err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, "operator change", name, func(_ Tx, o *Operator, _ time.Time) (string, error) {
		detail := changed("person", o.Person, person)
		if o.Phone != phone {
			detail += " phone=changed"
		}
		if detail == "" {
			return "", invalid("没有改动")
		}
		o.Person, o.Phone = person, phone
		return strings.TrimSpace(detail), nil
	})
}

// changed says for the audit that a value is another now; "" where it is the same. Phones are not in the audit, only that they
// changed.
func changed(what, was, is string) string {
	if was == is {
		return ""
	}
	return fmt.Sprintf(" %s=%q was=%q", what, is, was)
}

// AskRole asks to give an operator another role, which is to be approved; until then he keeps his own. ErrInvalid: it is his already, he is
// disabled, or would leave a role that watches over others without anybody; ErrExists: another change of him waits.
func (d *Desk) AskRole(ctx context.Context, by By, name string, to Role) error {
	if err := checkRole(to); err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, "operator ask role", name, func(tx Tx, o *Operator, now time.Time) (string, error) {
		switch {
		case o.Role == to:
			return "", invalid("%s现在就是%s", o.Name, to)
		case o.Disabled:
			return "", invalid("%s已停用，请先启用", o.Name)
		case o.Waits.Kind != "":
			return "", exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
		}
		if err := keepLast(tx, *o); err != nil {
			return "", err
		}
		all, err := tx.Operators()
		if err != nil {
			return "", err
		}
		o.ask(ChangeRole, by, now)
		o.Waits.Role = to
		return fmt.Sprintf("role=%s was=%s", to, o.Role), holdsNoOther(all, *o, to, o.Identity)
	})
}

// RegisterIdentity registers the identifier of the person of an account, see NormalIdentifier: at once where there was none, otherwise it is
// to be approved. Errors as those of AskRole, and ErrSameHolder.
func (d *Desk) RegisterIdentity(ctx context.Context, by By, name, id string) error {
	identity, err := d.identity(ctx, id)
	if err != nil {
		return err
	}
	return d.changeOperator(ctx, by, ManageOperators, "operator identity", name, func(tx Tx, o *Operator, now time.Time) (string, error) {
		all, err := tx.Operators()
		if err == nil {
			err = holdsNoOther(all, *o, o.Role, identity)
		}
		switch {
		case err != nil:
			return "", err
		case o.Disabled:
			return "", invalid("%s已停用，请先启用", o.Name)
		case sameIdentity(o.Identity, identity):
			return "", invalid("登记的就是这一身份标识")
		case len(o.Identity) == 0:
			o.Identity = identity
			return "identity=registered", nil
		case o.Waits.Kind != "":
			return "", exists("%s的%s正在等待批准", o.Name, o.Waits.Kind)
		}
		o.ask(ChangeIdentity, by, now)
		o.Waits.Identity = identity
		return "identity=asked", nil
	})
}

// Identified reports whether the identifier of the person is registered.
func (o Operator) Identified() bool { return len(o.Identity) > 0 }
