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

// Operator (操作员) is one of the regulator's staff who may sign in at the console.
type Operator struct {
	ID          int64
	Name        string // to sign in with
	Person      string // who it is
	Phone       string
	Role        Role
	Disabled    bool
	Created     time.Time
	Password    string    // hashed, see package credential; "": not enrolled yet
	TOTP        []byte    // sealed with the password
	TOTPStep    int64     // the last one used
	PasswordSet time.Time // zero: never
	Failures    int       // sign-ins that failed in a row
	Locked      time.Time // until then; zero: not
}

// Standing is how an operator stands at a time, in the words administrators read.
func (o Operator) Standing(now time.Time) string {
	switch {
	case o.Disabled:
		return "已停用"
	case now.Before(o.Locked):
		return "已锁定"
	case o.Password == "":
		return "未激活"
	}
	return "正常"
}

// OperatorTx is what a transaction does for the console's operators. Methods that look for one thing return ErrNotFound.
type OperatorTx interface {
	InsertOperator(Operator) (id int64, err error) // ErrExists: the name
	Operator(name string) (Operator, error)
	OperatorByID(int64) (Operator, error)
	Operators() ([]Operator, error) // in order of their names
	UpdateOperator(Operator) error  // all but name and time of creation, by ID

	InsertInvitation(Invitation) error
	Invitation(TokenHash) (Invitation, error)
	DeleteInvitations(operatorID int64) error

	InsertVisit(Visit) error
	Visit(TokenHash) (Visit, error)
	Visits(operatorID int64) ([]Visit, error) // not ended, newest first; 0: everybody's
	TouchVisit(TokenHash, time.Time) error
	EndVisit(TokenHash, time.Time) error
	EndVisits(operatorID int64, but TokenHash, at time.Time) error // all of his but that one
	SweepVisits(now, forget time.Time) error                       // visits begun before forget, links and grants that are over

	Policies() (map[PolicyKind]int64, error)
	SetPolicy(PolicyKind, int64) error
	Preference(operatorID int64, kind PreferenceKind) (string, error)
	SetPreference(operatorID int64, kind PreferenceKind, value string) error
}

// OperatorSpec describes an operator to create.
type OperatorSpec struct {
	Name, Person, Phone string
	Role                Role
}

var operatorName = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

func (s OperatorSpec) check() error {
	if !operatorName.MatchString(s.Name) {
		return invalid("用户名%q：须为2至32个小写字母、数字、点、下划线或连字符，以字母开头", clip(s.Name, 40))
	}
	if api.Blank(s.Person) {
		return invalid("姓名不能为空")
	}
	for _, f := range []string{s.Person, s.Phone} {
		if len(f) > 200 || !utf8.ValidString(f) || strings.ContainsFunc(f, isControl) {
			return invalid("%q过长（上限200字节）、含有控制字符或不是UTF-8", clip(f, 40))
		}
	}
	if role, err := ParseRole(string(s.Role)); err != nil {
		return err
	} else if role != s.Role {
		return invalid("角色应写作%q", string(role))
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w：%s", ErrInvalid, fmt.Sprintf(format, args...))
}

// CreateOperator admits an operator and returns the token of the one-time link with which he sets his password and second
// factor. ErrInvalid says what to change; ErrExists: the name is taken.
func (d *Desk) CreateOperator(ctx context.Context, by By, spec OperatorSpec) (token string, err error) {
	if err := spec.check(); err != nil {
		return "", err
	}
	token = d.newSecret()
	detail := fmt.Sprintf("person=%q role=%s", spec.Person, spec.Role)
	err = d.administer(ctx, by, ManageOperators, "operator create", spec.Name, detail, func(tx Tx, now time.Time) error {
		id, err := tx.InsertOperator(Operator{Name: spec.Name, Person: spec.Person, Phone: spec.Phone, Role: spec.Role, Created: now})
		if err != nil {
			return fmt.Errorf("操作员%q：%w", spec.Name, err)
		}
		return tx.InsertInvitation(Invitation{Token: HashToken(token), OperatorID: id, Expires: now.Add(InvitationLife)})
	})
	return token, err
}

// ResetOperator takes an operator's password and second factor away, ends his visits and returns the token of a new one-time
// link. Not safe to repeat: each call makes the link before it void.
func (d *Desk) ResetOperator(ctx context.Context, by By, name string) (token string, err error) {
	token = d.newSecret()
	return token, d.changeOperator(ctx, by, ManageOperators, "operator reset", name, func(tx Tx, o *Operator, now time.Time) error {
		o.Password, o.TOTP, o.TOTPStep, o.PasswordSet, o.Failures, o.Locked = "", nil, 0, time.Time{}, 0, time.Time{}
		if err := tx.DeleteInvitations(o.ID); err != nil {
			return err
		}
		if err := tx.EndVisits(o.ID, TokenHash{}, now); err != nil {
			return err
		}
		if err := forgetAccess(tx, o.ID); err != nil {
			return err
		}
		return tx.InsertInvitation(Invitation{Token: HashToken(token), OperatorID: o.ID, Expires: now.Add(InvitationLife)})
	})
}

// SetOperatorDisabled disables or enables an operator. Disabling ends his visits and links at once. Safe to repeat. ErrInvalid:
// nobody disables himself, nor the last system administrator.
func (d *Desk) SetOperatorDisabled(ctx context.Context, by By, name string, disabled bool) error {
	return d.changeOperator(ctx, by, ManageOperators, verb("operator", disabled), name, func(tx Tx, o *Operator, now time.Time) error {
		o.Disabled = disabled
		if !disabled {
			return nil
		}
		if by.actor() == (Officer{Operator: *o}).actor() {
			return invalid("不能停用自己")
		}
		if err := keepLast(tx, *o); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(o.ID); err != nil {
			return err
		}
		if err := forgetAccess(tx, o.ID); err != nil {
			return err
		}
		return tx.EndVisits(o.ID, TokenHash{}, now)
	})
}

// keepLast refuses to take away the last operator of a role that watches over the others: without one, nobody else sees
// what the remaining administrators do.
func keepLast(tx Tx, o Operator) error {
	if o.Role != SystemAdmin && o.Role != SecurityAdmin && o.Role != Auditor {
		return nil
	}
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Role == o.Role && other.ID != o.ID && !other.Disabled && other.Password != "" {
			return nil
		}
	}
	return invalid("%s是唯一可用的%s，请先激活另一位", o.Name, o.Role)
}

// UnlockOperator lets an operator who failed too often try again at once. Safe to repeat.
func (d *Desk) UnlockOperator(ctx context.Context, by By, name string) error {
	return d.changeOperator(ctx, by, ManagePolicies, "operator unlock", name, func(tx Tx, o *Operator, _ time.Time) error {
		o.Failures, o.Locked = 0, time.Time{}
		return tx.DeleteGuesses(o.ID)
	})
}

// changeOperator runs one change of an operator.
func (d *Desk) changeOperator(ctx context.Context, by By, right Right, action, name string, change func(Tx, *Operator, time.Time) error) error {
	return d.administer(ctx, by, right, action, name, "", func(tx Tx, now time.Time) error {
		o, err := tx.Operator(name)
		if err != nil {
			return fmt.Errorf("操作员%q：%w", name, err)
		}
		if err := change(tx, &o, now); err != nil {
			return err
		}
		return tx.UpdateOperator(o)
	})
}

// Operators lists all operators by name, for who manages them or the policies.
func (d *Desk) Operators(ctx context.Context, by By) (os []Operator, err error) {
	right := ManageOperators
	if o, ok := by.(Officer); ok && !o.Role.May(right) {
		right = ManagePolicies
	}
	err = d.look(ctx, by, right, func(tx Tx) error {
		os, err = tx.Operators()
		return err
	})
	return os, err
}

// PreferenceKind names something an operator has set up for himself. The numbers are stored.
type PreferenceKind int

// The preferences.
const (
	CaseColumns PreferenceKind = iota + 1
	CallColumns
)

// Preference returns what the officer has set up, "" for nothing.
func (d *Desk) Preference(ctx context.Context, by Officer, kind PreferenceKind) (value string, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		value, err = tx.Preference(by.Operator.ID, kind)
		return ignoreMissing(err)
	})
	return value, err
}

// SetPreference keeps what the officer has set up, at most 1000 bytes. Safe to repeat; not audited.
func (d *Desk) SetPreference(ctx context.Context, by Officer, kind PreferenceKind, value string) error {
	if len(value) > 1000 {
		return invalid("设置过长")
	}
	return d.store.Update(ctx, func(tx Tx) error {
		if err := by.may(tx, d.now(tx), OwnVisit); err != nil {
			return err
		}
		return tx.SetPreference(by.Operator.ID, kind, value)
	})
}
