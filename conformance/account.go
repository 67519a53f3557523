package conformance

import "diaoxiao/api"

// fullLogin is a login body that is right.
func (t *trial) fullLogin() object {
	return object{}.with("appKey", t.AppKey).with("appSecret", t.AppSecret).with("account", t.Account)
}

// unknownToken looks like a token and is none.
const unknownToken = "00000000-0000-4000-8000-000000000000"

// stranger is a session of the other app. Without one the check is not made.
func (t *trial) stranger() string {
	if t.Stranger.AppKey == "" {
		t.untested("须有另一应用，用 --other-app-key 等给出")
	}
	return t.loginAs(t.Stranger)
}

// colleague is another account of the same app. Without one the check is not made.
func (t *trial) colleague() Credentials {
	if t.Colleague == "" {
		t.untested("须有同一应用的另一账户，用 --colleague 给出")
	}
	return Credentials{t.AppKey, t.AppSecret, t.Colleague}
}

// credentials is a login body.
func (t *trial) credentials(c Credentials) []byte {
	return object{}.with("appKey", c.AppKey).with("appSecret", c.AppSecret).with("account", c.Account).bytes()
}

// loginWith sends a login body, which may be anything, with header fields as name, value, ….
func (t *trial) loginWith(body any, header ...string) *answer {
	a := t.do(request{call: api.Login, body: bytesOf(body), header: header})
	t.took(a.token())
	return a
}

// login opens a session of its own and returns its token. Without one the check cannot be made.
func (t *trial) login() string { return t.loginAs(t.Credentials) }

func (t *trial) loginAs(c Credentials) string {
	a := t.loginWith(t.credentials(c))
	a.step.Expected = "登录成功，得到令牌"
	if !a.ok() || a.token() == "" {
		a.step.OK = false
		t.untestedBy("3.1.1-01", "登录没有成功，见 3.1.1-01")
	}
	t.owner[a.token()] = c
	return a.token()
}

// session is the token of the session that checks share; it is renewed when it has ended.
func (t *trial) session() string {
	if t.shared == "" {
		t.shared = t.login()
	}
	return t.shared
}

// logout ends the session of a token. The shared session is not trusted afterwards.
func (t *trial) logout(token string) *answer {
	t.endShared()
	return t.do(request{call: api.Logout, token: token, body: []byte("{}")})
}
