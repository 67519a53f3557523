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
	Identity    []byte    // of the person, see Identifier; empty: not registered
	Waits       Change    // what waits for approval
	Renewed     Change    // the last that was done with the account: created, reset, enabled, given a role
	SetUpFrom   string    // the address from which its one-time link was used
	Founder     Role      // the role of which it is the first, active without approval; "": of none
	Founded     time.Time // when that was set up; zero: not yet
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
	case o.Suspended():
		return "待批准"
	}
	return "正常"
}

// OperatorTx is what a transaction does for the console's operators. Methods that look for one thing return
// ErrNotFound.
type OperatorTx interface {
	InsertOperator(Operator) (id int64, err error) // ErrExists: the name
	Operator(name string) (Operator, error)
	OperatorByID(int64) (Operator, error)
	Operators() ([]Operator, error) // in order of their names
	UpdateOperator(Operator) error  // all but name and time of creation, by ID

	// IdentitySalt is what identifiers of persons are hashed with; SetIdentitySalt puts it where there is none yet.
	IdentitySalt() ([]byte, error)
	SetIdentitySalt([]byte) error

	InsertInvitation(Invitation) error
	Invitation(TokenHash) (Invitation, error)
	DeleteInvitations(operatorID int64) error

	InsertVisit(Visit) error
	Visit(TokenHash) (Visit, error)
	Visits(operatorID int64) ([]Visit, error) // not ended, newest first; 0: everybody's
	TouchVisit(TokenHash, time.Time) error    // never back
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
func (d *Desk) CreateOperator(ctx context.Context, by By, spec OperatorSpec) (token string, err error) {
	if err := spec.check(); err != nil {
		return "", err
	}
	identity, err := d.identity(ctx, spec.Identifier)
	if err != nil {
		return "", err
	}
	token = d.newSecret()
	err = d.act(ctx, by, ManageOperators, func(tx Tx, now time.Time) (AuditEntry, error) {
		o := Operator{Name: spec.Name, Person: spec.Person, Phone: spec.Phone, Role: spec.Role, Identity: identity, Created: now}
		o.ask(ChangeCreate, by, now)
		err := o.insert(tx, token, now)
		facts := Facts{textFact(FactPerson, o.Person), roleFact(FactRole, o.Role), o.Waits.fact()}
		return AuditEntry{Action: ActionOperatorCreate, Target: o.Name, Detail: facts.String()}, err
	})
	return token, err
}

// insert keeps a new operator, with a one-time link.
func (o *Operator) insert(tx Tx, token string, now time.Time) error {
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
func (d *Desk) ResetOperator(ctx context.Context, by By, name string) (token string, err error) {
	token = d.newSecret()
	return token, d.changeOperator(ctx, by, ManageOperators, ActionOperatorReset, name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		all, err := tx.Operators()
		if err != nil {
			return nil, err
		}
		facts := o.voids()
		switch {
		case o.Disabled:
			return nil, invalid("%s已停用，请先启用", o.Name)
		case founds(all, *o):
			o.Waits, o.Founder = Change{}, o.Role
		case o.Role.approves() && o.usable() && onlyUsable(all, *o):
			o.ask(ChangeRenew, by, now)
			facts = append(Facts{wordFact(FactDefers, defersUntilApproved)}, facts...)
		default:
			o.ask(ChangeReset, by, now)
		}
		if err := tx.DeleteInvitations(o.ID); err != nil {
			return nil, err
		}
		if o.Waits.Kind != ChangeRenew {
			if err := o.strip(tx, now); err != nil {
				return nil, err
			}
		}
		in := Invitation{Token: HashToken(token), OperatorID: o.ID, Expires: now.Add(InvitationLife)}
		return append(facts, o.Waits.fact()), tx.InsertInvitation(in)
	})
}

// strip takes an operator's password and second factor away and ends his visits.
func (o *Operator) strip(tx Tx, now time.Time) error {
	o.Password, o.TOTP, o.TOTPStep, o.PasswordSet, o.Failures, o.Locked = "", nil, 0, time.Time{}, 0, time.Time{}
	if err := forgetAccess(tx, o.ID); err != nil {
		return err
	}
	return tx.EndVisits(o.ID, TokenHash{}, now)
}

// SetOperatorDisabled disables an operator, which ends his visits and links and what he waits for at once, or asks to
// enable him again, which is to be approved. Safe to repeat. ErrInvalid: nobody disables himself, nor the last who can
// act in a role that watches over others; ErrSameHolder as for CreateOperator.
func (d *Desk) SetOperatorDisabled(ctx context.Context, by By, name string, disabled bool) error {
	return d.changeOperator(ctx, by, ManageOperators, either(disabled, ActionOperatorDisable, ActionOperatorEnable), name, func(tx Tx, o *Operator, now time.Time) (Facts, error) {
		if disabled {
			return o.disable(tx, by, now)
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
			o.ask(ChangeEnable, by, now)
		}
		return Facts{o.Waits.fact()}, nil
	})
}

func (o *Operator) disable(tx Tx, by By, now time.Time) (facts Facts, err error) {
	if by.actor() == (Officer{Operator: *o}).actor() {
		return nil, invalid("不能停用自己")
	}
	if err := keepLast(tx, *o); err != nil {
		return nil, err
	}
	facts = o.voids()
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
func (o Operator) usable() bool { return !o.Disabled && o.Password != "" && !o.Suspended() }

// onlyUsable reports whether nobody else of his role can act.
func onlyUsable(all []Operator, o Operator) bool {
	for _, other := range all {
		if other.Role == o.Role && other.ID != o.ID && other.usable() {
			return false
		}
	}
	return true
}

// UnlockOperator lets an operator who failed too often try again at once. Safe to repeat.
func (d *Desk) UnlockOperator(ctx context.Context, by By, name string) error {
	return d.changeOperator(ctx, by, ManagePolicies, ActionOperatorUnlock, name, func(tx Tx, o *Operator, _ time.Time) (Facts, error) {
		o.Failures, o.Locked = 0, time.Time{}
		return nil, tx.DeleteGuesses(o.ID)
	})
}

// changeOperator runs one change of an operator, which returns the facts for the audit.
func (d *Desk) changeOperator(ctx context.Context, by By, right Right, action Action, name string,
	change func(Tx, *Operator, time.Time) (Facts, error)) error {
	return d.act(ctx, by, right, func(tx Tx, now time.Time) (AuditEntry, error) {
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

// CaseColumns is which columns of the list of cases an operator wants to see.
const CaseColumns PreferenceKind = 1

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
