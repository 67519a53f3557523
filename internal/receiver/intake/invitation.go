package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/credential"
)

// How long one-time links hold.
const (
	InvitationLife = 72 * time.Hour
	FirstLinkLife  = 30 * time.Minute
)

// ErrNoInvitation: a one-time link is unknown, used or over.
var ErrNoInvitation = errors.New("链接无效、已使用或已过期，请向系统管理员索取新的链接")

// ErrNotYet: a one-time link opens only when a second person has agreed to the reset it is for.
var ErrNotYet = errors.New("这一重置尚未获得批准，链接在批准后才能打开")

// FirstInvitation returns the token of a link for the first administrator, which holds FirstLinkLife and makes an
// earlier one void. ErrExists: somebody is enrolled already.
func (d *Staff) FirstInvitation(ctx context.Context) (token string, err error) {
	token = d.desk.newSecret()
	return token, d.desk.store.Update(ctx, func(tx Tx) error {
		if err := nobodyEnrolled(tx); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(0); err != nil {
			return err
		}
		return tx.InsertInvitation(Invitation{Token: HashToken(token), Expires: d.desk.now(tx).Add(FirstLinkLife)})
	})
}

func nobodyEnrolled(tx Tx) error {
	all, err := tx.Operators()
	for _, o := range all {
		if o.Password != "" {
			return fmt.Errorf("操作员：%w", ErrExists)
		}
	}
	return err
}

// Invited returns what a link's token is for, or ErrNoInvitation.
func (d *Staff) Invited(ctx context.Context, token string) (in Invitation, err error) {
	err = d.desk.store.View(ctx, func(tx Tx) error {
		in, err = invited(tx, token, d.desk.now(tx))
		return err
	})
	return in, err
}

func invited(tx Tx, token string, now time.Time) (in Invitation, err error) {
	in, err = tx.Invitation(HashToken(token))
	if err == nil && in.OperatorID != 0 {
		in.Operator, err = tx.OperatorByID(in.OperatorID)
		if in.Operator.Waits.Kind == ChangeRenew {
			return in, ErrNotYet
		}
	} else if err == nil {
		err = nobodyEnrolled(tx)
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrExists) || err == nil && (!now.Before(in.Expires) || in.Operator.Disabled) {
		return in, ErrNoInvitation
	}
	return in, err
}

// Enrolment is what somebody with a link sets. Name and Person count for the first administrator alone.
type Enrolment struct {
	Token         string
	Name, Person  string
	Identifier    string // see NormalIdentifier; for the first administrator alone
	Password      string
	TOTP          []byte // the secret that was shown
	Code          string // of now, to prove that it was taken over
	Source, Agent string
}

// Enrol sets an operator's password and second factor, uses his link up and signs him in; token is "" where the account
// has to be approved first. ErrNoInvitation; ErrInvalid says what to do better. Not safe to repeat.
func (d *Staff) Enrol(ctx context.Context, in Enrolment) (token string, err error) {
	inv, err := d.Invited(ctx, in.Token)
	if err != nil {
		return "", err
	}
	ps, err := d.Policies(ctx)
	if err != nil {
		return "", err
	}
	o := inv.Operator
	if inv.OperatorID == 0 {
		if o, err = d.firstOperator(ctx, in); err != nil {
			return "", err
		}
	}
	now, err := d.desk.time(ctx)
	if err != nil {
		return "", err
	}
	step, ok := credential.Check(in.TOTP, in.Code, now, 0)
	if why := credential.Weak(in.Password, o.Name, int(ps[PasswordLength])); why != "" {
		return "", invalid("%s", why)
	} else if !ok {
		return "", invalid("动态口令不对；请确认手机时间准确，并使用刚刚扫描的条目")
	}
	if err := d.setPassword(ctx, &o, in.Password, in.TOTP); err != nil {
		return "", err
	}
	o.TOTPStep = step
	return d.enrol(ctx, in, o)
}

// firstOperator is the first administrator, who names himself.
func (d *Staff) firstOperator(ctx context.Context, in Enrolment) (o Operator, err error) {
	spec := OperatorSpec{Name: in.Name, Person: in.Person, Role: SystemAdmin}
	if err := spec.check(); err != nil {
		return o, err
	}
	o = Operator{Name: in.Name, Person: in.Person, Role: SystemAdmin, Founder: SystemAdmin}
	o.Identity, err = d.identity(ctx, in.Identifier)
	return o, err
}

// setPassword puts a new password on an operator, with his second factor sealed under it.
func (d *Staff) setPassword(ctx context.Context, o *Operator, password string, totp []byte) error {
	done, err := d.beginHashing(ctx)
	if err != nil {
		return err
	}
	defer done()
	stored, key, err := credential.NewPassword(d.desk.entropy, password)
	if err != nil {
		return err
	}
	o.Password = stored
	o.TOTP, err = credential.Seal(d.desk.entropy, key, o.Name, totp)
	return err
}

func (d *Staff) enrol(ctx context.Context, in Enrolment, set Operator) (token string, err error) {
	made := d.desk.newSecret()
	err = d.desk.store.Update(ctx, func(tx Tx) error {
		token = ""
		now := d.desk.now(tx)
		inv, err := invited(tx, in.Token, now)
		if err != nil {
			return err
		}
		o := inv.Operator
		if inv.OperatorID == 0 {
			o = set
			o.Created, o.Renewed = now, Change{Kind: ChangeCreate, At: now, By: Officer{Operator: set}.actor()}
			if o.ID, err = tx.InsertOperator(o); err != nil {
				return fmt.Errorf("操作员%q：%w", o.Name, err)
			}
		}
		o.Password, o.TOTP, o.TOTPStep = set.Password, set.TOTP, set.TOTPStep
		o.PasswordSet, o.Failures, o.Locked, o.SetUpFrom = now, 0, time.Time{}, in.Source
		waited := o.Waits.Kind
		if err := found(tx, &o, now); err != nil {
			return err
		}
		facts := Facts{roleFact(FactRole, o.Role)}
		if inv.OperatorID == 0 || o.Waits.Kind != waited {
			facts = append(facts, o.Waits.fact())
		}
		if o.Waits.Kind != waited {
			facts = append(facts, textFact(FactAskedBy, string(o.Waits.By)))
		}
		facts = append(facts, wordFact(FactSource, in.Source))
		if err := tx.UpdateOperator(o); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(inv.OperatorID); err != nil {
			return err
		}
		if err := tx.AppendAudit(AuditEntry{At: now, By: Officer{Operator: o}.actor(), Action: ActionOperatorEnrol, Target: o.Name,
			Detail: facts.String()}); err != nil || o.Suspended() {
			return err
		}
		token = made
		return d.open(tx, o, token, in.Source, in.Agent, now)
	})
	return token, err
}

// found has the first of a role begin without approval, which is said in the audit and raises an alarm in the log.
// Where another came before him, he waits like everybody.
func found(tx Tx, o *Operator, now time.Time) error {
	if o.Founder == "" || !o.Founded.IsZero() {
		return nil
	}
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if o.Role != o.Founder || !noFounder(all, *o) {
		o.Founder, o.Waits = "", Change{Kind: ChangeCreate, At: now, By: o.Renewed.By}
		return nil
	}
	o.Founded = now
	facts := Facts{textFact(FactPerson, o.Person), roleFact(FactRole, o.Role), textFact(FactAskedBy, string(o.Renewed.By))}
	return tx.AppendAudit(AuditEntry{At: now, By: Officer{Operator: *o}.actor(), Action: ActionOperatorFound, Target: o.Name,
		Detail: facts.String()})
}

// NewTOTP returns a secret for somebody who enrols; it counts once Enrol has it back with a code.
func (d *Staff) NewTOTP() ([]byte, error) { return credential.NewSecret(d.desk.entropy) }
