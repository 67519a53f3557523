// Package signin is the pages of signing in and out, of one-time links, and of one's own account. Each of them checks
// or sets a password, which takes memory and time: a gate bounds how many do so at once.
package signin

import (
	"embed"

	"cmp"
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after a form was taken.
var notices = map[string]string{
	"password": "密码已修改，其他地方的登录已经失效。",
	"ended":    "会话已结束。",
	"out":      "您已退出。",
}

// Pages are the pages of signing in, of one-time links and of one's own account.
func Pages(l Limits) page.Group {
	g := newGate(l)
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
		page.Get("/setup", page.Anybody, setupCodePage),
		page.Post("/setup/open", page.Anybody, setupPage),
		page.Post("/setup", page.Anybody, g.setup),
		page.Get("/setup/{token}", page.Anybody, oldSetupLink),
		page.Post("/setup/{token}", page.Anybody, oldSetupLink),
		page.Get("/login", page.Anybody, loginPage),
		page.Post("/login", page.Anybody, g.login),
		page.Post("/logout", intake.OwnVisit, logout),
		page.Get("/account/alive", intake.OwnVisit, alive),
		page.Get("/account", intake.OwnVisit, accountPage),
		page.Post("/account/password", intake.OwnVisit, g.changePassword),
		page.Post("/account/visit", intake.OwnVisit, endVisit),
		page.Get("/{$}", intake.OwnVisit, home),
	}}
}

// loginData is the sign-in form.
type loginData struct {
	Name, To string
}

func loginPage(q *page.Request) (page.Answer, error) {
	if q.Identify() == nil {
		return page.Redirect(page.Back(q.Field("to"))), nil
	}
	return page.View{Template: "login", Title: "登录", Data: loginData{To: page.Back(q.Field("to"))}, Bare: true}, nil
}

// login signs in. A source that fails too often has to wait; an account that is guessed at locks (see
// intake.LockAfter).
func (g *gate) login(q *page.Request) (page.Answer, error) {
	in := staff.SignIn{Name: folded(q.FormValue("name")), Password: q.FormValue("password"), Code: q.Field("code"),
		Source: q.Source(), Agent: q.UserAgent(), Device: device(q)}
	form := page.View{Template: "login", Title: "登录", Data: loginData{in.Name, page.Back(q.Field("to"))}, Bare: true}
	token, err := g.signIn(q, in)
	if _, wait := errors.AsType[page.WaitError](err); wait {
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
	q.Remember(token)
	rememberDevice(q, token)
	return page.Redirect(page.Back(q.Field("to"))), nil
}

// signIn takes a slot and signs in. A waitError: there was none, and nothing was tried.
func (g *gate) signIn(q *page.Request, in staff.SignIn) (token string, err error) {
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

func logout(q *page.Request) (page.Answer, error) {
	if err := q.Staff.SignOut(q.Context(), q.Who); err != nil {
		return nil, err
	}
	q.Forget()
	return page.Done("/login", "out"), nil
}

// alive is for the button that keeps a session: having been asked for is enough. The policy of the pages lets a script
// ask for a picture and for nothing else.
func alive(*page.Request) (page.Answer, error) { return page.Blank{}, nil }

// home is the first page of a role.
func home(q *page.Request) (page.Answer, error) {
	return page.Redirect(cmp.Or(q.FirstSection(), "/account")), nil
}
