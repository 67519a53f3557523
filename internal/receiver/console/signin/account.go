package signin

import (
	"encoding/hex"
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// accountData is one's own account.
type accountData struct {
	Visits  []staff.OpenVisit
	Here    intake.TokenHash
	Least   int64
	Expired bool
}

var errNotAgain = intake.Invalid("两次输入的密码不一致")

func accountPage(q *page.Request) (page.Answer, error) { return showAccount(q, nil) }

func showAccount(q *page.Request, problem error) (page.Answer, error) {
	vs, err := q.Staff.Visits(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	var own []staff.OpenVisit
	for _, v := range vs {
		if v.OperatorID == q.Who.Operator.ID {
			own = append(own, v)
		}
	}
	ps, err := q.Staff.Policies(q.Context())
	return page.View{Template: "account", Title: "我的账号", Data: accountData{own, q.Who.Token, ps[intake.PasswordLength],
		q.Who.Expired}, Problem: problem}, err
}

func (g *gate) changePassword(q *page.Request) (page.Answer, error) {
	err := g.setPassword(q)
	_, wait := errors.AsType[page.WaitError](err)
	switch {
	case errors.Is(err, staff.ErrSignIn):
		return showAccount(q, intake.Invalid("原密码不对"))
	case wait || errors.Is(err, intake.ErrInvalid):
		return showAccount(q, err)
	case err != nil:
		return nil, err
	}
	rememberDevice(q, q.Kept(page.SessionCookie)) // the only browser that stays known
	return page.Done("/account", "password"), nil
}

func (g *gate) setPassword(q *page.Request) error {
	if q.FormValue("password") != q.FormValue("again") {
		return errNotAgain
	}
	t, err := g.hashingSlot(q)
	if err != nil {
		return err
	}
	defer t.leave()
	return q.Staff.ChangePassword(q.Context(), q.Who, q.FormValue("old"), q.FormValue("password"))
}

// endVisit ends a session by its token's hash: one of the own ones, or any one for an operator that manages policies.
func endVisit(q *page.Request) (page.Answer, error) {
	var which intake.TokenHash
	if n, err := hex.Decode(which[:], []byte(q.Field("visit"))); err != nil || n != len(which) {
		return nil, intake.ErrNotFound
	}
	if err := q.Staff.EndVisit(q.Context(), q.Who, which); err != nil {
		return nil, err
	}
	return page.Done(page.Back(q.Field("to")), "ended"), nil
}
