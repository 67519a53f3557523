package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// sender is one app, with an account, that has logged in.
type sender struct {
	d                    *door
	key, secret, account string
	token                string
}

// app admits an app without logging in.
func (d *door) app(t tester, dialect api.Dialect) *sender {
	t.Helper()
	d.mu.Lock()
	d.apps++
	name := fmt.Sprintf("办案系统%d", d.apps)
	d.mu.Unlock()
	c, err := d.desk.CreateApp(
		context.Background(),
		intake.Actor("test"),
		intake.AppSpec{Name: name, Dialect: dialect, Accounts: []string{"张三", "李四"}},
	)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d.secret(c.AppSecret)
	d.spoken(c.AppKey, dialect)
	return &sender{d: d, key: c.AppKey, secret: c.AppSecret, account: "张三"}
}

// sender admits an app and logs it in.
func (d *door) sender(t tester, dialect api.Dialect) *sender {
	t.Helper()
	s := d.app(t, dialect)
	s.login(t)
	return s
}

func (s *sender) credentials() string {
	return jsonOf(map[string]string{"appKey": s.key, "appSecret": s.secret, "account": s.account})
}

// login opens a new session and uses it from now on.
func (s *sender) login(t tester) answer {
	t.Helper()
	a := s.d.post(t, "/security/login", s.credentials())
	var said map[string]any
	json.Unmarshal(a.Body, &said)
	for _, name := range []string{"access_token", "accessToken"} {
		if token, ok := said[name].(string); ok {
			s.token = token
			s.d.secret(token)
			s.d.spoken(token, s.d.speaks[s.key])
		}
	}
	if a.Status != 200 || len(a.Errors) > 0 || s.token == "" {
		t.Fatalf("login: %d %s", a.Status, a.Body)
	}
	return a
}

func (s *sender) call(c api.Call) string { return c.Path() + "?access_token=" + s.token }

func (s *sender) send(t tester, body any, header ...string) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Receive), body, header...)
}

func (s *sender) query(t tester, body any) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Query), body)
}

func (s *sender) logout(t tester) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Logout), "{}")
}

// alive reports whether the session is still good, by a call that changes nothing.
func (s *sender) alive(t tester) bool {
	t.Helper()
	switch got := s.query(t, `{"caseid":"没有的案件"}`).codes(); got {
	case "19013":
		return true
	case "13000":
		return false
	default:
		t.Fatalf("query: %s", got)
		return false
	}
}

// accept sends a body that must be accepted and returns its acceptid.
func (s *sender) accept(t tester, body any, header ...string) string {
	t.Helper()
	a := s.send(t, body, header...)
	if a.Status != 200 || a.codes() != "SUCCESS" {
		t.Fatalf("not accepted: %d %s", a.Status, a.Body)
	}
	return a.AcceptID
}
