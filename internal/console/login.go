package console

import (
	"errors"
	"fmt"
	"strconv"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/peer"
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

// login signs in. A source that fails too often has to wait; an account that is guessed at locks (see intake.LockAfter).
func login(q *request) (answer, error) {
	from := peer.Source(q.Request, q.Proxies)
	form := page{Name: "login", Title: "登录", Data: loginData{q.field("name"), back(q.field("to"))}, Bare: true}
	if wait := q.failures.Wait(from); wait > 0 {
		q.w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		form.Problem = fmt.Errorf("%w：您的电脑登录失败过多，请在%d秒后再试", intake.ErrInvalid, int(wait.Seconds())+1)
		return form, nil
	}
	token, err := q.Desk.SignIn(q.Context(), intake.SignIn{Name: q.field("name"), Password: q.FormValue("password"), Code: q.field("code"),
		Source: from.String(), Agent: q.UserAgent()})
	if errors.Is(err, intake.ErrSignIn) {
		q.failures.Failed(from)
		form.Problem = fmt.Errorf("%w：%w。连续失败账户会被锁定，可以请安全管理员解锁", intake.ErrInvalid, err)
		return form, nil
	}
	if err != nil {
		return nil, err
	}
	q.remember(token)
	return redirect(back(q.field("to"))), nil
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
