package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// ErrSignIn: the sign-in failed. The text is the same whatever is wrong.
var ErrSignIn = errors.New("用户名、密码或动态口令不对，或者账户被锁定、停用")

// ErrWaits: name, password and code are right, but the account waits for the approval of a second person.
var ErrWaits = errors.New("账户等待批准，批准后才能登录；请联系安全管理员，安全管理员和审计员的账户请联系审计员")

// SignIn is what an operator enters to sign in, and where it comes from.
type SignIn struct {
	Name, Password, Code string
	Source, Agent        string
	Device               string // the token of a known browser; "": none
}

// SignIn opens a visit and returns its token, which is stored nowhere in clear. ErrSignIn: something is wrong; finding
// that out takes the same work whatever it is. Every failure counts towards a lock of that operator (see lockAllFactor)
// and is audited, as is success. Safe to repeat, apart from the lock. ErrWaits: everything is right, but the account is
// not approved.
func (d *Staff) SignIn(ctx context.Context, in SignIn) (token string, err error) {
	var o intake.Operator
	err = d.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		o, err = tx.Operator(in.Name)
		return intake.IgnoreMissing(err)
	})
	if err != nil {
		return "", err
	}
	secret, ok, err := d.unseal(ctx, o, in.Password)
	if err != nil {
		return "", err
	}
	token = d.desk.NewSecret()
	var refusal error
	err = d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		refusal = nil
		now := d.desk.Now(tx)
		was, err := tx.Operator(in.Name)
		if intake.IgnoreMissing(err) != nil {
			return err
		}
		g, err := gateOf(tx, was, in, now)
		if err != nil {
			return err
		}
		step, proved := credential.Check(secret, in.Code, now, 0)
		if !ok || !proved || was.Password != o.Password || was.Disabled || g.locked(now) || step <= was.TOTPStep {
			refusal = ErrSignIn
			return signInFailed(tx, g, in, now)
		}
		if err := g.passed(tx, &was); err != nil {
			return err
		}
		if was.Suspended() {
			refusal = ErrWaits
			return tx.AppendAudit(intake.AuditEntry{
				At:     now,
				By:     intake.AtConsole,
				Action: intake.ActionSignInRefused,
				Target: was.Name,
				Detail: intake.Facts{intake.WordFact(intake.FactSource, in.Source), was.Waits.Fact()}.String(),
			})
		}
		return d.signedIn(tx, was, step, token, in, now)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return "", err
	}
	return token, nil
}

// unseal returns the second factor of an operator where the password is right. It takes the same time for a name that
// does not exist.
func (d *Staff) unseal(ctx context.Context, o intake.Operator, password string) (secret []byte, ok bool, err error) {
	done, err := d.beginHashing(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	if o.Password == "" {
		credential.Burn(password)
		return nil, false, nil
	}
	key, ok := credential.Verify(o.Password, password)
	if !ok {
		return nil, false, nil
	}
	secret, err = credential.Open(key, o.Name, o.TOTP)
	return secret, err == nil, err
}

// beginHashing waits until a password may be hashed, or until ctx ends. The caller calls done afterwards.
func (d *Staff) beginHashing(ctx context.Context) (done func(), err error) {
	select {
	case d.hashing <- struct{}{}:
		return func() { <-d.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *Staff) signedIn(tx intake.Tx, o intake.Operator, step int64, token string, in SignIn, now time.Time) error {
	o.TOTPStep = step
	if err := d.open(tx, o, token, in.Source, in.Agent, now); err != nil {
		return err
	}
	return tx.AppendAudit(intake.AuditEntry{
		At:     now,
		By:     intake.Officer{Operator: o}.Actor(),
		Action: intake.ActionSignIn,
		Target: o.Name,
		Detail: intake.WordFact(intake.FactSource, in.Source).String(),
	})
}

// open begins a visit and stores the operator. It ends the operator's other visits where the policies allow only one.
func (d *Staff) open(tx intake.Tx, o intake.Operator, token, source, agent string, now time.Time) error {
	ps, err := intake.PoliciesIn(tx)
	if err != nil {
		return err
	}
	if ps[intake.SingleVisit] == 1 {
		if err := tx.EndVisits(o.ID, intake.TokenHash{}, now); err != nil {
			return err
		}
	}
	o.SignedIn = now
	if err := tx.UpdateOperator(o); err != nil {
		return err
	}
	return tx.InsertVisit(intake.Visit{
		Token:      intake.HashToken(token),
		OperatorID: o.ID,
		Created:    now,
		Seen:       now,
		Source:     source,
		Agent:      intake.Clip(agent, 200),
	})
}

// signInFailed counts and audits a failure. The name may be a password that was typed into the wrong field, so the
// audit holds it only where there is such an operator.
func signInFailed(tx intake.Tx, g gate, in SignIn, now time.Time) error {
	facts := intake.Facts{intake.WordFact(intake.FactSource, in.Source)}
	e := intake.AuditEntry{
		At:     now,
		By:     intake.AtConsole,
		Action: intake.ActionSignInRefused,
		Target: g.operator.Name,
		Detail: facts.String(),
	}
	if g.operator.ID == 0 {
		e.Target = "（没有这个用户名）"
		return tx.AppendAudit(e)
	}
	locks, err := g.failed(tx, now)
	if err != nil {
		return err
	}
	e.Detail = append(facts, locks...).String()
	return tx.AppendAudit(e)
}

// ChangePassword sets the officer's own password. The second factor stays, and the officer's other visits end.
// ErrSignIn: the old password is wrong, which counts like a failed sign-in; ErrInvalid says what to change.
func (d *Staff) ChangePassword(ctx context.Context, by intake.Officer, old, password string) error {
	ps, err := d.Policies(ctx)
	if err != nil {
		return err
	}
	if why := credential.Weak(password, by.Name, int(ps[intake.PasswordLength])); why != "" {
		return intake.Invalid("%s", why)
	} else if old == password {
		return intake.Invalid("新密码与原密码相同")
	}
	o := by.Operator
	proved, err := d.reseal(ctx, &o, old, password)
	if err != nil {
		return err
	}
	var refusal error
	err = d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		refusal = nil
		now := d.desk.Now(tx)
		was, err := intake.OfficerIn(tx, by.Token, now)
		if err != nil {
			return err
		}
		in := SignIn{Source: by.Source}
		g, err := gateOf(tx, was.Operator, in, now)
		if err != nil {
			return err
		}
		if !proved || was.Password != by.Password || g.locked(now) {
			refusal = fmt.Errorf("原密码不对：%w", ErrSignIn)
			return signInFailed(tx, g, in, now)
		}
		return d.passwordChanged(tx, was, o, now)
	})
	if err == nil {
		err = refusal
	}
	return err
}

// reseal gives o the new password where the old one is right.
func (d *Staff) reseal(ctx context.Context, o *intake.Operator, old, password string) (proved bool, err error) {
	secret, ok, err := d.unseal(ctx, *o, old)
	if err != nil || !ok {
		return false, err
	}
	return true, d.setPassword(ctx, o, password, secret)
}

func (d *Staff) passwordChanged(tx intake.Tx, was intake.Officer, to intake.Operator, now time.Time) error {
	o := was.Operator
	o.Password, o.TOTP, o.PasswordSet, o.Failures = to.Password, to.TOTP, now, 0
	if err := tx.UpdateOperator(o); err != nil {
		return err
	}
	if err := tx.EndVisits(o.ID, was.Token, now); err != nil {
		return err
	}
	if err := intake.ForgetAccess(tx, o.ID); err != nil {
		return err
	}
	return tx.AppendAudit(intake.AuditEntry{
		At:     now,
		By:     was.Actor(),
		Action: intake.ActionPasswordChange,
		Target: o.Name,
		Detail: intake.WordFact(intake.FactSource, was.Source).String(),
	})
}
