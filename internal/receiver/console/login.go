package console

import (
	"cmp"
	"errors"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// signInPages are the pages of signing in, of one-time links and of one's own account.
func signInPages(l signInLimits) group {
	g := newGate(l)
	return group{Routes: []route{
		getPage("/setup", anybody, setupCodePage),
		postDeed("/setup/open", anybody, setupPage),
		postDeed("/setup", anybody, g.setup),
		getPage("/setup/{token}", anybody, oldSetupLink),
		postDeed("/setup/{token}", anybody, oldSetupLink),
		getPage("/login", anybody, loginPage),
		postDeed("/login", anybody, g.login),
		postDeed("/logout", intake.OwnVisit, logout),
		getPage("/account", intake.OwnVisit, accountPage),
		postDeed("/account/password", intake.OwnVisit, g.changePassword),
		postDeed("/account/visit", intake.OwnVisit, endVisit),
		getPage("/{$}", intake.OwnVisit, home),
	}}
}

// loginData is the sign-in form.
type loginData struct {
	Name, To string
}

func loginPage(q *request) (answer, error) {
	if q.identify() == nil {
		return redirect(back(q.field("to"))), nil
	}
	return page{Name: "login", Title: "登录", Data: loginData{To: back(q.field("to"))}, Bare: true}, nil
}

// login signs in. A source that fails too often has to wait; an account that is guessed at locks (see
// intake.LockAfter).
func (g *gate) login(q *request) (answer, error) {
	in := staff.SignIn{Name: folded(q.FormValue("name")), Password: q.FormValue("password"), Code: q.field("code"),
		Source: q.source(), Agent: q.UserAgent(), Device: device(q)}
	form := page{Name: "login", Title: "登录", Data: loginData{in.Name, back(q.field("to"))}, Bare: true}
	token, err := g.signIn(q, in)
	if _, wait := errors.AsType[waitError](err); wait {
		form.Problem = err
		return form, nil
	}
	if errors.Is(err, staff.ErrWaits) {
		form.Problem = intake.Invalid("%w", err)
		return form, nil
	}
	if errors.Is(err, staff.ErrSignIn) {
		form.Problem = intake.Invalid("%w。连续失败账户会被锁定，可以请安全管理员解锁", err)
		return form, nil
	}
	if err != nil {
		return nil, err
	}
	q.remember(token)
	rememberDevice(q, token)
	return redirect(back(q.field("to"))), nil
}

// signIn takes a slot and signs in. A waitError: there was none, and nothing was tried.
func (g *gate) signIn(q *request, in staff.SignIn) (token string, err error) {
	t, err := g.signInSlot(q, in)
	if err != nil {
		return "", err
	}
	defer t.leave()
	if token, err = q.Staff.SignIn(q.Context(), in); err == nil || errors.Is(err, staff.ErrWaits) {
		t.right()
	}
	return token, err
}

func logout(q *request) (answer, error) {
	if err := q.Staff.SignOut(q.Context(), q.who); err != nil {
		return nil, err
	}
	q.forget()
	return done("/login", "out"), nil
}

// home is the first page of a role.
func home(q *request) (answer, error) {
	return redirect(cmp.Or(q.firstSection(), "/account")), nil
}
