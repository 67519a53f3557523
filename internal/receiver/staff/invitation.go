package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// How long one-time links are valid.
const (
	InvitationLife = 72 * time.Hour
	FirstLinkLife  = 30 * time.Minute
)

// ErrNoInvitation: a one-time link is unknown, used or over.
var ErrNoInvitation = errors.New("链接无效、已使用或已过期，请向系统管理员索取新的链接")

// ErrNotYet: a one-time link of a reset opens only after a second person has approved the reset.
var ErrNotYet = errors.New("这一重置尚未获得批准，链接在批准后才能打开")

// FirstInvitation returns the token of a link for the first administrator. The link is valid for FirstLinkLife and
// makes an earlier one void. ErrExists: an operator is enrolled already.
func (d *Staff) FirstInvitation(ctx context.Context) (token string, err error) {
	token = d.desk.NewSecret()
	return token, d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		if err := nobodyEnrolled(tx); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(0); err != nil {
			return err
		}
		return tx.InsertInvitation(intake.Invitation{
			Token:   intake.HashToken(token),
			Expires: d.desk.Now(tx).Add(FirstLinkLife),
		})
	})
}

func nobodyEnrolled(tx intake.Tx) error {
	all, err := tx.Operators()
	for _, o := range all {
		if o.Password != "" {
			return fmt.Errorf("操作员：%w", intake.ErrExists)
		}
	}
	return err
}

// Invited returns the invitation of a link's token, or ErrNoInvitation, or ErrNotYet.
func (d *Staff) Invited(ctx context.Context, token string) (in intake.Invitation, err error) {
	err = d.desk.Store().View(ctx, func(tx intake.Tx) error {
		in, err = invited(tx, token, d.desk.Now(tx))
		return err
	})
	return in, err
}

func invited(tx intake.Tx, token string, now time.Time) (in intake.Invitation, err error) {
	in, err = tx.Invitation(intake.HashToken(token))
	if err == nil && in.OperatorID != 0 {
		in.Operator, err = tx.OperatorByID(in.OperatorID)
		if in.Operator.Waits.Kind == intake.ChangeRenew {
			return in, ErrNotYet
		}
	} else if err == nil {
		err = nobodyEnrolled(tx)
	}
	if errors.Is(err, intake.ErrNotFound) || errors.Is(err, intake.ErrExists) ||
		err == nil && (!now.Before(in.Expires) || in.Operator.Disabled) {
		return in, ErrNoInvitation
	}
	return in, err
}

// Enrolment is what the holder of a link enters. Name and Person count only for the first administrator.
type Enrolment struct {
	Token         string
	Name, Person  string
	Identifier    string // see NormalIdentifier; only for the first administrator
	Password      string
	TOTP          []byte // the secret that was shown
	Code          string // the current code, which proves that the authenticator has the secret
	Source, Agent string
}

// Enrol sets an operator's password and second factor, uses up the link and signs the operator in; token is "" where
// the account has to be approved first. ErrNoInvitation and ErrNotYet as for Invited; ErrInvalid says what to change.
// Not safe to repeat.
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
	now, err := d.desk.Time(ctx)
	if err != nil {
		return "", err
	}
	step, ok := credential.Check(in.TOTP, in.Code, now, 0)
	if why := credential.Weak(in.Password, o.Name, int(ps[intake.PasswordLength])); why != "" {
		return "", intake.Invalid("%s", why)
	} else if !ok {
		return "", intake.Invalid("动态口令不对；请确认手机时间准确，并使用刚刚扫描的条目")
	}
	if err := d.setPassword(ctx, &o, in.Password, in.TOTP); err != nil {
		return "", err
	}
	o.TOTPStep = step
	return d.enrol(ctx, in, o)
}

// firstOperator returns the account of the first administrator, under the name that the administrator entered.
func (d *Staff) firstOperator(ctx context.Context, in Enrolment) (o intake.Operator, err error) {
	spec := OperatorSpec{Name: in.Name, Person: in.Person, Role: intake.SystemAdmin}
	if err := spec.check(); err != nil {
		return o, err
	}
	o = intake.Operator{Name: in.Name, Person: in.Person, Role: intake.SystemAdmin, Founder: intake.SystemAdmin}
	o.Identity, err = d.identity(ctx, in.Identifier)
	return o, err
}

// setPassword gives an operator a new password, and seals the second factor under it.
func (d *Staff) setPassword(ctx context.Context, o *intake.Operator, password string, totp []byte) error {
	done, err := d.beginHashing(ctx)
	if err != nil {
		return err
	}
	defer done()
	stored, key, err := credential.NewPassword(d.desk.Entropy(), password)
	if err != nil {
		return err
	}
	o.Password = stored
	o.TOTP, err = credential.Seal(d.desk.Entropy(), key, o.Name, totp)
	return err
}

func (d *Staff) enrol(ctx context.Context, in Enrolment, set intake.Operator) (token string, err error) {
	made := d.desk.NewSecret()
	err = d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		token = ""
		now := d.desk.Now(tx)
		inv, err := invited(tx, in.Token, now)
		if err != nil {
			return err
		}
		o := inv.Operator
		if inv.OperatorID == 0 {
			o = set
			o.Created, o.Renewed = now, intake.Change{
				Kind: intake.ChangeCreate,
				At:   now,
				By:   intake.Officer{Operator: set}.Actor(),
			}
			if o.ID, err = tx.InsertOperator(o); err != nil {
				return fmt.Errorf("操作员%s：%w", intake.Quote(o.Name), err)
			}
		}
		o.Password, o.TOTP, o.TOTPStep = set.Password, set.TOTP, set.TOTPStep
		o.PasswordSet, o.Failures, o.Locked, o.SetUpFrom = now, 0, time.Time{}, in.Source
		waited := o.Waits.Kind
		if err := found(tx, &o, now); err != nil {
			return err
		}
		facts := intake.Facts{intake.RoleFact(intake.FactRole, o.Role)}
		if inv.OperatorID == 0 || o.Waits.Kind != waited {
			facts = append(facts, o.Waits.Fact())
		}
		if o.Waits.Kind != waited {
			facts = append(facts, intake.TextFact(intake.FactAskedBy, string(o.Waits.By)))
		}
		facts = append(facts, intake.WordFact(intake.FactSource, in.Source))
		if err := tx.UpdateOperator(o); err != nil {
			return err
		}
		if err := tx.DeleteInvitations(inv.OperatorID); err != nil {
			return err
		}
		if err := tx.AppendAudit(intake.AuditEntry{
			At:     now,
			By:     intake.Officer{Operator: o}.Actor(),
			Action: intake.ActionOperatorEnrol,
			Target: o.Name,
			Detail: facts.String(),
		}); err != nil || o.Suspended() {
			return err
		}
		token = made
		return d.open(tx, o, token, in.Source, in.Agent, now)
	})
	return token, err
}

// found makes the first operator of a role active without approval, writes that into the audit and so raises an alarm
// in the log. Where another operator was first, this one waits for approval like everybody.
func found(tx intake.Tx, o *intake.Operator, now time.Time) error {
	if o.Founder == "" || !o.Founded.IsZero() {
		return nil
	}
	all, err := tx.Operators()
	if err != nil {
		return err
	}
	if o.Role != o.Founder || !noFounder(all, *o) {
		o.Founder, o.Waits = "", intake.Change{Kind: intake.ChangeCreate, At: now, By: o.Renewed.By}
		return nil
	}
	o.Founded = now
	facts := intake.Facts{
		intake.TextFact(intake.FactPerson, o.Person),
		intake.RoleFact(intake.FactRole, o.Role),
		intake.TextFact(intake.FactAskedBy, string(o.Renewed.By)),
	}
	return tx.AppendAudit(intake.AuditEntry{
		At:     now,
		By:     intake.Officer{Operator: *o}.Actor(),
		Action: intake.ActionOperatorFound,
		Target: o.Name,
		Detail: facts.String(),
	})
}

// NewTOTP returns a secret for an operator who enrols. It is stored when Enrol gets it back with a valid code.
func (d *Staff) NewTOTP() ([]byte, error) { return credential.NewSecret(d.desk.Entropy()) }
