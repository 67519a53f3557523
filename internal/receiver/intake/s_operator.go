package intake

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"diaoxiao/api"
)

// OperatorSpec describes an operator to create.
type OperatorSpec struct {
	Name, Person, Phone string
	Role                Role
	Identifier          string // of the person, see Identifier
}

var operatorName = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

func (s OperatorSpec) check() error {
	if !operatorName.MatchString(s.Name) {
		return invalid("用户名%q：须为2至32个小写字母、数字、点、下划线或连字符，以字母开头", clip(s.Name, 40))
	}
	if err := checkPerson(s.Person, s.Phone); err != nil {
		return err
	}
	return checkRole(s.Role)
}

func checkPerson(person, phone string) error {
	if api.Blank(person) {
		return invalid("姓名不能为空")
	}
	for _, f := range []string{person, phone} {
		if len(f) > 200 || !utf8.ValidString(f) || strings.ContainsFunc(f, isControl) {
			return invalid("%q过长（上限200字节）、含有控制字符或不是UTF-8", clip(f, 40))
		}
	}
	return nil
}

func checkRole(r Role) error {
	if role, err := ParseRole(string(r)); err != nil {
		return err
	} else if role != r {
		return invalid("角色应写作%q", string(role))
	}
	return nil
}

// CreateOperator asks for an operator and returns the token of the one-time link with which he sets his password and
// second factor; until a second person has approved him (ApproveOperator) he cannot sign in. The first of the roles
// that approve and of the system administrators needs none, see founds. ErrInvalid says what to change, ErrSameHolder
// that the person has an account which this one is to check; ErrExists: the name is taken.
func (d *Staff) CreateOperator(ctx context.Context, by By, spec OperatorSpec) (token string, err error) {
	if err := spec.check(); err != nil {
		return "", err
	}
	identity, err := d.identity(ctx, spec.Identifier)
	if err != nil {
		return "", err
	}
	token = d.desk.newSecret()
	err = d.desk.act(ctx, by, ManageOperators, func(tx Tx, now time.Time) (AuditEntry, error) {
		o := Operator{Name: spec.Name, Person: spec.Person, Phone: spec.Phone, Role: spec.Role, Identity: identity, Created: now}
		askChange(&o, ChangeCreate, by, now)
		err := insertOperator(&o, tx, token, now)
		facts := Facts{textFact(FactPerson, o.Person), roleFact(FactRole, o.Role), o.Waits.fact()}
		return AuditEntry{Action: ActionOperatorCreate, Target: o.Name, Detail: facts.String()}, err
	})
	return token, err
}

// insertOperator keeps a new operator, with a one-time link.
func insertOperator(o *Operator, tx Tx, token string, now time.Time) error {
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if founds(all, *o) {
		o.Waits, o.Founder = Change{}, o.Role
	}
	if err := holdsNoOther(all, *o, o.Role, o.Identity); err != nil {
		return err
	}
	id, err := tx.InsertOperator(*o)
	if err != nil {
		return fmt.Errorf("操作员%q：%w", o.Name, err)
	}
	return tx.InsertInvitation(Invitation{Token: HashToken(token), OperatorID: id, Expires: now.Add(InvitationLife)})
}

// ResetOperator takes an operator's password and second factor away, ends his visits and returns the token of a new
// one-time link; until the reset is approved he cannot sign in. Of the last who can act in a role that approves nothing
// is taken away before a second person has agreed: the link opens only then, and what was set with it is approved once
// more. Not safe to repeat: each call makes the link before it void.
func (d *Staff) ResetOperator(ctx context.Context, by By, name string) (token string, err error) {
	token = d.desk.newSecret()
	return token, d.changeOperator(ctx, by, ManageOperators, ActionOperatorReset, name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		all, err := tx.Operators()
		if err != nil {
			return nil, err
		}
		facts := voidChange(o)
		switch {
		case o.Disabled:
			return nil, invalid("%s已停用，请先启用", o.Name)
		case founds(all, *o):
			o.Waits, o.Founder = Change{}, o.Role
		case o.Role.approves() && usable(*o) && onlyUsable(all, *o):
			askChange(o, ChangeRenew, by, now)
			facts = append(Facts{wordFact(FactDefers, defersUntilApproved)}, facts...)
		default:
			askChange(o, ChangeReset, by, now)
		}
		if err := tx.DeleteInvitations(o.ID); err != nil {
			return nil, err
		}
		if o.Waits.Kind != ChangeRenew {
			if err := stripAccess(o, tx, now); err != nil {
				return nil, err
			}
		}
		in := Invitation{Token: HashToken(token), OperatorID: o.ID, Expires: now.Add(InvitationLife)}
		return append(facts, o.Waits.fact()), tx.InsertInvitation(in)
	})
}

// stripAccess takes an operator's password and second factor away and ends his visits.
func stripAccess(o *Operator, tx Tx, now time.Time) error {
	o.Password, o.TOTP, o.TOTPStep, o.PasswordSet, o.Failures, o.Locked = "", nil, 0, time.Time{}, 0, time.Time{}
	if err := forgetAccess(tx, o.ID); err != nil {
		return err
	}
	return tx.EndVisits(o.ID, TokenHash{}, now)
}

// SetOperatorDisabled disables an operator, which ends his visits and links and what he waits for at once, or asks to
// enable him again, which is to be approved. Safe to repeat. ErrInvalid: nobody disables himself, nor the last who can
// act in a role that watches over others; ErrSameHolder as for CreateOperator.
func (d *Staff) SetOperatorDisabled(ctx context.Context, by By, name string, disabled bool) error {
	return d.changeOperator(ctx, by, ManageOperators, either(disabled, ActionOperatorDisable, ActionOperatorEnable), name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		if disabled {
			return disableOperator(o, tx, by, now)
		}
		all, err := tx.Operators()
		if err != nil || !o.Disabled {
			return nil, err
		}
		if err := holdsNoOther(all, *o, o.Role, o.Identity); err != nil {
			return nil, err
		}
		o.Disabled = false
		if founds(all, *o) {
			o.Founder = o.Role
		} else {
			askChange(o, ChangeEnable, by, now)
		}
		return Facts{o.Waits.fact()}, nil
	})
}

func disableOperator(o *Operator, tx Tx, by By, now time.Time) (facts Facts, err error) {
	if by.actor() == (Officer{Operator: *o}).actor() {
		return nil, invalid("不能停用自己")
	}
	if err := keepLast(tx, *o); err != nil {
		return nil, err
	}
	facts = voidChange(o)
	o.Disabled = true
	if err := tx.DeleteInvitations(o.ID); err != nil {
		return nil, err
	}
	if err := forgetAccess(tx, o.ID); err != nil {
		return nil, err
	}
	return facts, tx.EndVisits(o.ID, TokenHash{}, now)
}

// keepLast refuses to take away the last operator of a role that watches over the others: without one, nobody else sees
// what the remaining administrators do.
func keepLast(tx Tx, o Operator) error {
	if o.Role != SystemAdmin && !o.Role.approves() || o.Founder == o.Role && o.Founded.IsZero() || o.Waits.Kind == ChangeCreate {
		return nil // or he never could act
	}
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if onlyUsable(all, o) {
		return invalid("%s是唯一可用的%s，请先激活另一位", o.Name, o.Role)
	}
	return nil
}

// usable reports whether an operator can sign in, but for a lock.
func usable(o Operator) bool { return !o.Disabled && o.Password != "" && !o.Suspended() }

// onlyUsable reports whether nobody else of his role can act.
func onlyUsable(all []Operator, o Operator) bool {
	for _, other := range all {
		if other.Role == o.Role && other.ID != o.ID && usable(other) {
			return false
		}
	}
	return true
}

// UnlockOperator lets an operator who failed too often try again at once. Safe to repeat.
func (d *Staff) UnlockOperator(ctx context.Context, by By, name string) error {
	return d.changeOperator(ctx, by, ManagePolicies, ActionOperatorUnlock, name, func(tx Tx, o *Operator, _ time.Time) (Facts, error) {
		o.Failures, o.Locked = 0, time.Time{}
		return nil, tx.DeleteGuesses(o.ID)
	})
}

// changeOperator runs one change of an operator, which returns the facts for the audit.
func (d *Staff) changeOperator(ctx context.Context, by By, right Right, action Action, name string,
	change func(Tx, *Operator, time.Time) (Facts, error)) error {
	return d.desk.act(ctx, by, right, func(tx Tx, now time.Time) (AuditEntry, error) {
		entry := AuditEntry{Action: action, Target: name}
		o, err := tx.Operator(name)
		if err != nil {
			return entry, fmt.Errorf("操作员%q：%w", name, err)
		}
		facts, err := change(tx, &o, now)
		if err != nil {
			return entry, err
		}
		entry.Detail = facts.String()
		return entry, tx.UpdateOperator(o)
	})
}

// Operators lists all operators by name, for who manages them or the policies.
func (d *Staff) Operators(ctx context.Context, by By) (os []Operator, err error) {
	right := ManageOperators
	if o, ok := by.(Officer); ok && !o.Role.May(right) {
		right = ManagePolicies
	}
	err = d.desk.look(ctx, by, right, func(tx Tx) error {
		os, err = tx.Operators()
		return err
	})
	return os, err
}
