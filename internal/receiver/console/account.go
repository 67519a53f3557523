package console

import (
	"encoding/hex"
	"errors"

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

func accountPage(q *request) (answer, error) { return showAccount(q, nil) }

func showAccount(q *request, problem error) (answer, error) {
	vs, err := q.Staff.Visits(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	var own []staff.OpenVisit
	for _, v := range vs {
		if v.OperatorID == q.who.Operator.ID {
			own = append(own, v)
		}
	}
	ps, err := q.Staff.Policies(q.Context())
	return page{Name: "account", Title: "我的账户", Data: accountData{own, q.who.Token, ps[intake.PasswordLength], q.who.Expired}, Problem: problem}, err
}

func (g *gate) changePassword(q *request) (answer, error) {
	err := g.setPassword(q)
	_, wait := errors.AsType[waitError](err)
	switch {
	case errors.Is(err, staff.ErrSignIn):
		return showAccount(q, intake.Invalid("原密码不对"))
	case wait || errors.Is(err, intake.ErrInvalid):
		return showAccount(q, err)
	case err != nil:
		return nil, err
	}
	rememberDevice(q, q.kept(sessionCookie)) // the only browser that stays known
	return done("/account", "password"), nil
}

func (g *gate) setPassword(q *request) error {
	if q.FormValue("password") != q.FormValue("again") {
		return errNotAgain
	}
	t, err := g.hashingSlot(q)
	if err != nil {
		return err
	}
	defer t.leave()
	return q.Staff.ChangePassword(q.Context(), q.who, q.FormValue("old"), q.FormValue("password"))
}

// endVisit ends a visit by its token's hash, one's own or, for who manages policies, anybody's.
func endVisit(q *request) (answer, error) {
	var which intake.TokenHash
	if n, err := hex.Decode(which[:], []byte(q.field("visit"))); err != nil || n != len(which) {
		return nil, intake.ErrNotFound
	}
	if err := q.Staff.EndVisit(q.Context(), q.who, which); err != nil {
		return nil, err
	}
	return done(back(q.field("to")), "ended"), nil
}
