package staff

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// OperatorSpec describes an operator to create.
type OperatorSpec struct {
	Name, Person, Phone string
	Unit                string // 单位、部门
	Role                intake.Role
	Identifier          string // of the person, see Identifier
}

var operatorName = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

func (s OperatorSpec) check() error {
	if !operatorName.MatchString(s.Name) {
		return intake.Invalid("用户名%s：须为2至32个小写字母、数字、点、下划线或连字符，以字母开头", intake.Quote(intake.Clip(s.Name, 40)))
	}
	if err := checkPerson(s.Person, s.Phone, s.Unit); err != nil {
		return err
	}
	return checkRole(s.Role)
}

func checkPerson(person string, others ...string) error {
	if api.Blank(person) {
		return intake.Invalid("姓名不能为空")
	}
	for _, f := range append(others, person) {
		if len(f) > 200 || !utf8.ValidString(f) || strings.ContainsFunc(f, intake.IsControl) {
			return intake.Invalid("%s过长（上限200字节）、含有控制字符或不是UTF-8", intake.Quote(intake.Clip(f, 40)))
		}
	}
	return nil
}

func checkRole(r intake.Role) error {
	if role, err := intake.ParseRole(string(r)); err != nil {
		return err
	} else if role != r {
		return intake.Invalid("角色应写作%s", intake.Quote(string(role)))
	}
	return nil
}

// CreateOperator requests an account for an operator, and returns the token of the one-time link with which the
// operator sets a password and a second factor. The operator cannot sign in until a second person has approved the
// account (ApproveOperator). The first account of a system administrator, and of each role that approves, needs no
// approval, see founds. ErrInvalid says what to change; ErrSameHolder: the person has an account which this one is to
// check; ErrExists: the name is taken.
func (d *Staff) CreateOperator(ctx context.Context, by intake.By, spec OperatorSpec) (token string, err error) {
	if err := spec.check(); err != nil {
		return "", err
	}
	identity, err := d.identity(ctx, spec.Identifier)
	if err != nil {
		return "", err
	}
	token = d.desk.NewSecret()
	err = d.desk.Act(ctx, by, intake.ManageOperators, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		o := intake.Operator{
			Name:     spec.Name,
			Person:   spec.Person,
			Phone:    spec.Phone,
			Unit:     spec.Unit,
			Role:     spec.Role,
			Identity: identity,
			Created:  now,
		}
		askChange(&o, intake.ChangeCreate, by, now)
		err := insertOperator(&o, tx, token, now)
		facts := intake.Facts{
			intake.TextFact(intake.FactPerson, o.Person),
			intake.RoleFact(intake.FactRole, o.Role),
			o.Waits.Fact(),
		}
		if o.Unit != "" {
			facts = append(facts, intake.TextFact(intake.FactUnit, o.Unit))
		}
		return intake.AuditEntry{Action: intake.ActionOperatorCreate, Target: o.Name, Detail: facts.String()}, err
	})
	return token, err
}

// insertOperator stores a new operator, with a one-time link.
func insertOperator(o *intake.Operator, tx intake.Tx, token string, now time.Time) error {
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if founds(all, *o) {
		o.Waits, o.Founder = intake.Change{}, o.Role
	}
	if err := holdsNoOther(all, *o, o.Role, o.Identity); err != nil {
		return err
	}
	id, err := tx.InsertOperator(*o)
	if err != nil {
		return fmt.Errorf("操作员%s：%w", intake.Quote(o.Name), err)
	}
	return tx.InsertInvitation(intake.Invitation{
		Token:      intake.HashToken(token),
		OperatorID: id,
		Expires:    now.Add(InvitationLife),
	})
}

// ResetOperator removes an operator's password and second factor, ends the operator's visits and returns the token of a
// new one-time link. The operator cannot sign in until the reset is approved. For the last usable operator of a role
// that approves, nothing is removed before a second person has approved the reset: the link opens only then, and the
// account that was set up with it needs an approval once more. Not safe to repeat: each call makes the earlier link
// void.
func (d *Staff) ResetOperator(ctx context.Context, by intake.By, name string) (token string, err error) {
	token = d.desk.NewSecret()
	return token, d.changeOperator(
		ctx,
		by,
		intake.ManageOperators,
		intake.ActionOperatorReset,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
			all, err := tx.Operators()
			if err != nil {
				return nil, err
			}
			facts := voidChange(o)
			switch {
			case o.Disabled:
				return nil, intake.Invalid("%s已停用，请先启用", o.Name)
			case founds(all, *o):
				o.Waits, o.Founder = intake.Change{}, o.Role
			case o.Role.Approves() && usable(*o) && onlyUsable(all, *o):
				askChange(o, intake.ChangeRenew, by, now)
				facts = append(intake.Facts{intake.WordFact(intake.FactDefers, intake.DefersUntilApproved)}, facts...)
			default:
				askChange(o, intake.ChangeReset, by, now)
			}
			if err := tx.DeleteInvitations(o.ID); err != nil {
				return nil, err
			}
			if o.Waits.Kind != intake.ChangeRenew {
				if err := stripAccess(o, tx, now); err != nil {
					return nil, err
				}
			}
			in := intake.Invitation{Token: intake.HashToken(token), OperatorID: o.ID, Expires: now.Add(InvitationLife)}
			return append(facts, o.Waits.Fact()), tx.InsertInvitation(in)
		},
	)
}

// stripAccess removes an operator's password and second factor, and ends the operator's visits.
func stripAccess(o *intake.Operator, tx intake.Tx, now time.Time) error {
	o.Password, o.TOTP, o.TOTPStep, o.PasswordSet, o.Failures, o.Locked = "", nil, 0, time.Time{}, 0, time.Time{}
	if err := intake.ForgetAccess(tx, o.ID); err != nil {
		return err
	}
	return tx.EndVisits(o.ID, intake.TokenHash{}, now)
}

// SetOperatorDisabled disables an operator, which ends visits, links and a waiting change at once, or requests to
// enable the operator again, which needs approval. Safe to repeat. ErrInvalid: operators cannot disable themselves, and
// nobody disables the last usable operator of a role that watches over others; ErrSameHolder as for CreateOperator.
func (d *Staff) SetOperatorDisabled(ctx context.Context, by intake.By, name string, disabled bool) error {
	action := intake.ActionOperatorEnable
	if disabled {
		action = intake.ActionOperatorDisable
	}
	return d.changeOperator(
		ctx,
		by,
		intake.ManageOperators,
		action,
		name,
		func(tx intake.Tx, o *intake.Operator, now time.Time) (intake.Facts, error) {
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
				askChange(o, intake.ChangeEnable, by, now)
			}
			return intake.Facts{o.Waits.Fact()}, nil
		},
	)
}

func disableOperator(o *intake.Operator, tx intake.Tx, by intake.By, now time.Time) (facts intake.Facts, err error) {
	if by.Actor() == (intake.Officer{Operator: *o}).Actor() {
		return nil, intake.Invalid("不能停用自己")
	}
	if err := keepLast(tx, *o); err != nil {
		return nil, err
	}
	facts = voidChange(o)
	o.Disabled = true
	if err := tx.DeleteInvitations(o.ID); err != nil {
		return nil, err
	}
	if err := intake.ForgetAccess(tx, o.ID); err != nil {
		return nil, err
	}
	return facts, tx.EndVisits(o.ID, intake.TokenHash{}, now)
}

// keepLast refuses to remove the last operator of a role that watches over the others: without one, nobody else sees
// what the remaining administrators do.
func keepLast(tx intake.Tx, o intake.Operator) error {
	if o.Role != intake.SystemAdmin && !o.Role.Approves() || o.Founder == o.Role && o.Founded.IsZero() ||
		o.Waits.Kind == intake.ChangeCreate {
		return nil // the role watches over nobody, or the account was never active
	}
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if onlyUsable(all, o) {
		return intake.Invalid("%s是唯一可用的%s，请先激活另一位", o.Name, o.Role)
	}
	return nil
}

// usable reports whether an operator can sign in, apart from a lock.
func usable(o intake.Operator) bool { return !o.Disabled && o.Password != "" && !o.Suspended() }

// onlyUsable reports whether no other operator of the same role can sign in.
func onlyUsable(all []intake.Operator, o intake.Operator) bool {
	for _, other := range all {
		if other.Role == o.Role && other.ID != o.ID && usable(other) {
			return false
		}
	}
	return true
}

// UnlockOperator removes the locks of failed sign-ins, so that the operator can try again at once. Safe to repeat.
func (d *Staff) UnlockOperator(ctx context.Context, by intake.By, name string) error {
	return d.changeOperator(
		ctx,
		by,
		intake.ManagePolicies,
		intake.ActionOperatorUnlock,
		name,
		func(tx intake.Tx, o *intake.Operator, _ time.Time) (intake.Facts, error) {
			o.Failures, o.Locked = 0, time.Time{}
			return nil, tx.DeleteGuesses(o.ID)
		},
	)
}

// changeOperator runs one change of an operator. The change returns its facts for the audit.
func (d *Staff) changeOperator(ctx context.Context, by intake.By, right intake.Right, action intake.Action, name string,
	change func(intake.Tx, *intake.Operator, time.Time) (intake.Facts, error)) error {
	return d.desk.Act(ctx, by, right, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: action, Target: name}
		o, err := tx.Operator(name)
		if err != nil {
			return entry, fmt.Errorf("操作员%s：%w", intake.Quote(name), err)
		}
		facts, err := change(tx, &o, now)
		if err != nil {
			return entry, err
		}
		entry.Detail = facts.String()
		return entry, tx.UpdateOperator(o)
	})
}

// Operators lists all operators by name. The caller needs the right to manage operators or policies.
func (d *Staff) Operators(ctx context.Context, by intake.By) (os []intake.Operator, err error) {
	right := intake.ManageOperators
	if o, ok := by.(intake.Officer); ok && !o.Role.May(right) {
		right = intake.ManagePolicies
	}
	err = d.desk.Look(ctx, by, right, func(tx intake.Tx) error {
		os, err = tx.Operators()
		return err
	})
	return os, err
}
