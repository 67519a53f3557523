package trial

import (
	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/wire"
)

// FullLogin is a login body that is right.
func (t *Trial) FullLogin() sample.Object {
	return sample.Object{}.With("appKey", t.AppKey).With("appSecret", t.AppSecret).With("account", t.Account)
}

// UnknownToken looks like a token and is none.
const UnknownToken = "00000000-0000-4000-8000-000000000000"

// StrangerSession is a session of the other app. Without one the check is not made.
func (t *Trial) StrangerSession() string {
	if t.Stranger.AppKey == "" {
		t.Untested("须有另一应用，用 --other-app-key 等给出")
	}
	return t.LoginAs(t.Stranger)
}

// ColleagueAccount is another account of the same app. Without one the check is not made.
func (t *Trial) ColleagueAccount() Credentials {
	if t.Colleague == "" {
		t.Untested("须有同一应用的另一账户，用 --colleague 给出")
	}
	return Credentials{t.AppKey, t.AppSecret, t.Colleague}
}

// LoginBody is a login body.
func (t *Trial) LoginBody(c Credentials) []byte {
	return sample.Object{}.With("appKey", c.AppKey).With("appSecret", c.AppSecret).With("account", c.Account).Bytes()
}

// LoginWith sends a login body, which may be anything, with header fields as name, value, ….
func (t *Trial) LoginWith(body any, header ...string) *Answer {
	a := t.Do(wire.Request{Call: api.Login, Body: sample.Bytes(body), Header: header})
	t.Took(a.Token())
	return a
}

// Login opens a session of its own and returns its token. Without one the check cannot be made.
func (t *Trial) Login() string { return t.LoginAs(t.Credentials) }

// LoginAs is Login with the credentials c.
func (t *Trial) LoginAs(c Credentials) string {
	a := t.LoginWith(t.LoginBody(c))
	a.Step.Expected = "登录成功，得到令牌"
	if !a.OK() || a.Token() == "" {
		a.Step.OK = false
		t.UntestedBy("3.1.1-01", "登录没有成功，见 3.1.1-01")
	}
	t.Owner[a.Token()] = c
	return a.Token()
}

// Session is the token of the session that checks share; it is renewed when it has ended.
func (t *Trial) Session() string {
	if t.shared == "" {
		t.shared = t.Login()
	}
	return t.shared
}

// Logout ends the session of a token. The shared session is not trusted afterwards.
func (t *Trial) Logout(token string) *Answer {
	t.EndShared()
	return t.Do(wire.Request{Call: api.Logout, Token: token, Body: []byte("{}")})
}
