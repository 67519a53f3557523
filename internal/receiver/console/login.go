package console

import (
	"errors"

	"diaoxiao/internal/receiver/intake"
)

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
func login(q *request) (answer, error) {
	in := intake.SignIn{Name: folded(q.FormValue("name")), Password: q.FormValue("password"), Code: q.field("code"),
		Source: q.source(), Agent: q.UserAgent(), Device: device(q)}
	form := page{Name: "login", Title: "登录", Data: loginData{in.Name, back(q.field("to"))}, Bare: true}
	token, err := signIn(q, in)
	if _, wait := errors.AsType[waitError](err); wait {
		form.Problem = err
		return form, nil
	}
	if errors.Is(err, intake.ErrWaits) {
		form.Problem = intake.Invalid("%w", err)
		return form, nil
	}
	if errors.Is(err, intake.ErrSignIn) {
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

// signIn takes a turn and signs in. A waitError: there was none, and nothing was tried.
func signIn(q *request, in intake.SignIn) (token string, err error) {
	t, err := signInSlot(q, in)
	if err != nil {
		return "", err
	}
	defer t.leave()
	if token, err = q.Desk.SignIn(q.Context(), in); err == nil || errors.Is(err, intake.ErrWaits) {
		t.right()
	}
	return token, err
}

func logout(q *request) (answer, error) {
	if err := q.Desk.SignOut(q.Context(), q.who); err != nil {
		return nil, err
	}
	q.remember("")
	q.w.Header().Set("Clear-Site-Data", `"cache"`)
	return done("/login", "out"), nil
}

// home is the first page of a role.
func home(q *request) (answer, error) {
	for _, s := range sections {
		if q.who.Role.May(s.right) {
			return redirect(s.path), nil
		}
	}
	return redirect("/account"), nil
}
