package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// model is what senders and operators may expect of the door, in the simplest form that says it all.
type model struct {
	d        *door
	apps     []*modelApp
	sessions []*modelSession
	cases    []*modelCase
	passed   time.Duration
	seconds  []int // that may pass at once
}

type modelApp struct {
	*sender
	off, accountOff bool
}

type modelSession struct {
	sender
	app   *modelApp
	until time.Duration
	ended bool
}

type modelCase struct {
	app                *modelApp
	caseID, acceptID   string
	content            int
	returned, verified bool
}

func newModel(t *rapid.T, d *door) *model {
	m := &model{d: d, seconds: []int{1, 10 * 60, 29*60 + 59}}
	for range 2 {
		m.apps = append(m.apps, &modelApp{sender: d.app(t, api.All)})
	}
	m.login(t)
	return m
}

func (m *model) drawApp(t *rapid.T) *modelApp { return rapid.SampledFrom(m.apps).Draw(t, "app") }

func (m *model) drawSession(t *rapid.T) *modelSession {
	if len(m.sessions) == 0 {
		t.Skip("nobody has logged in")
	}
	return rapid.SampledFrom(m.sessions).Draw(t, "session")
}

func (m *model) alive(s *modelSession) bool { return !s.ended && m.passed < s.until }

// latest is the last case of an app under a caseid.
func (m *model) latest(app *modelApp, caseID string) *modelCase {
	for i := len(m.cases) - 1; i >= 0; i-- {
		if c := m.cases[i]; c.app == app && c.caseID == caseID {
			return c
		}
	}
	return nil
}

func (c *modelCase) state() string {
	switch {
	case c.returned:
		return "已退回"
	case c.verified:
		return "已核验"
	}
	return "已受理"
}

func expect(t *rapid.T, what string, a answer, want string) {
	t.Helper()
	if a.codes() != want {
		t.Fatalf("%s: %s, want %s", what, a.Body, want)
	}
}

func (m *model) login(t *rapid.T) {
	app := m.drawApp(t)
	m.d.logins++ // each from a source of its own, or the throttle would have to be in the model
	a := m.d.post(
		t,
		"/security/login",
		app.credentials(),
		"X-Forwarded-For",
		fmt.Sprintf("172.16.%d.%d", m.d.logins>>8, m.d.logins&0xff),
	)
	switch {
	case app.off:
		expect(t, "login of a disabled app", a, "12002")
	case app.accountOff:
		expect(t, "login of a disabled account", a, "12004")
	default:
		expect(t, "login", a, "SUCCESS")
		m.d.secret(a.Token)
		s := &modelSession{sender: *app.sender, app: app, until: m.passed + 30*time.Minute}
		s.token = a.Token
		m.sessions = append(m.sessions, s)
	}
}

var modelIDs = []string{"甲〔2024〕1号", "甲〔2024〕1号 ", "\u200b乙"}

func (m *model) submit(t *rapid.T) {
	s, caseID, content := m.drawSession(t), rapid.SampledFrom(modelIDs).
		Draw(t, "caseid"), rapid.IntRange(1, 2).Draw(t, "content")
	body := with(caseID, map[string]any{"penalty": fmt.Sprint("处罚", content)})
	if rapid.Bool().Draw(t, "otherwise written") {
		body = escapedTwin(body)
	}
	a, was := s.send(t, body), m.latest(s.app, caseID)
	switch {
	case !m.alive(s):
		expect(t, "dead session", a, "13000")
	case was == nil || was.returned:
		expect(t, "new case", a, "SUCCESS")
		for _, c := range m.cases {
			if c.acceptID == a.AcceptID {
				t.Fatalf("the acceptid %s is given twice", a.AcceptID)
			}
		}
		m.cases = append(m.cases, &modelCase{app: s.app, caseID: caseID, acceptID: a.AcceptID, content: content})
	case was.content == content:
		if expect(t, "repeated case", a, "SUCCESS"); a.AcceptID != was.acceptID {
			t.Fatalf("acceptid %s, was %s", a.AcceptID, was.acceptID)
		}
	default:
		if expect(t, "changed case", a, "19005"); !strings.Contains(a.Errors[0].Message, was.acceptID) {
			t.Fatalf("%s does not name %s", a.Body, was.acceptID)
		}
	}
}

func (m *model) submitBad(t *rapid.T) {
	s := m.drawSession(t)
	want := map[bool]string{true: "14004", false: "13000"}[m.alive(s)]
	expect(t, "bad case", s.send(t, without(rapid.SampledFrom(modelIDs).Draw(t, "caseid"), "penalty")), want)
}

func (m *model) returnCase(t *rapid.T) {
	if len(m.cases) == 0 {
		t.Skip("no case")
	}
	c := rapid.SampledFrom(m.cases).Draw(t, "case")
	if err := returnCase(m.d.desk, c.acceptID, "内容有误"); (err != nil) != c.returned {
		t.Fatalf("returned before: %v, now: %v", c.returned, err)
	}
	c.returned = true
}

func (m *model) query(t *rapid.T) {
	s := m.drawSession(t)
	caseID := rapid.SampledFrom(modelIDs).Draw(t, "caseid")
	body, want := jsonOf(map[string]string{"caseid": caseID}), m.latest(s.app, caseID)
	if len(m.cases) > 0 && rapid.Bool().Draw(t, "by acceptid") {
		c := rapid.SampledFrom(m.cases).Draw(t, "case")
		if body, want = jsonOf(map[string]string{"acceptid": c.acceptID}), c; c.app != s.app {
			want = nil
		}
	}
	a := s.query(t, body)
	switch {
	case !m.alive(s):
		expect(t, "dead session", a, "13000")
	case want == nil:
		expect(t, "no such case", a, "19013")
	default:
		if expect(t, "query", a, "SUCCESS"); a.AcceptID != want.acceptID || a.State != want.state() ||
			a.CaseID != want.caseID {
			t.Fatalf("%s, want %+v", a.Body, want)
		}
	}
}

func (m *model) logout(t *rapid.T) {
	s := m.drawSession(t)
	want := map[bool]string{true: "SUCCESS", false: "13000"}[m.alive(s)]
	expect(t, "logout", s.sender.logout(t), want)
	s.ended = true
}

func (m *model) switchApp(t *rapid.T) {
	app := m.drawApp(t)
	app.off = !app.off
	m.d.setApp(t, app.sender, app.off)
	m.endSessions(app, app.off)
}

func (m *model) switchAccount(t *rapid.T) {
	app := m.drawApp(t)
	app.accountOff = !app.accountOff
	m.d.setAccount(t, app.sender, app.accountOff)
	m.endSessions(app, app.accountOff)
}

func (m *model) endSessions(app *modelApp, off bool) {
	for _, s := range m.sessions {
		s.ended = s.ended || off && s.app == app
	}
}

func (m *model) pass(t *rapid.T) {
	by := time.Duration(rapid.SampledFrom(m.seconds).Draw(t, "seconds")) * time.Second
	m.d.wait(by)
	m.passed += by
	if err := m.d.desk.SweepSessions(bg); err != nil {
		t.Fatalf("%v", err)
	}
}

func (m *model) verify(t *rapid.T) {
	m.d.verify(t)
	for _, c := range m.cases {
		c.verified = true
	}
}

// check holds that what is stored is what was promised.
func (m *model) check(t *rapid.T) {
	for _, app := range m.apps {
		detail, err := m.d.desk.App(bg, intake.System, app.key)
		if err != nil {
			t.Fatalf("%v", err)
		}
		var cs []intake.Case
		for r, err := range casework.New(m.d.desk).AllCases(bg, intake.System, intake.CaseQuery{AppID: detail.ID}) {
			if err != nil {
				t.Fatalf("%v", err)
			}
			cs = append(cs, r.Case)
		}
		i := 0
		for _, c := range m.cases {
			if c.app != app {
				continue
			}
			if i >= len(cs) || cs[i].AcceptID != c.acceptID || cs[i].CaseID != c.caseID {
				t.Fatalf("case %d of the app: stored %+v, promised %+v", i, cs, c)
			}
			i++
		}
		if i != len(cs) {
			t.Fatalf("%d cases stored, %d promised", len(cs), i)
		}
	}
}

// moveTo lets everybody call another node.
func (m *model) moveTo(d *door) {
	d.logins, d.apps = max(d.logins, m.d.logins), max(d.apps, m.d.apps)
	m.d = d
	for _, app := range m.apps {
		app.d = d
	}
	for _, s := range m.sessions {
		s.d = d
	}
}

// actions are what may happen, each after before.
func (m *model) actions(before func(*rapid.T)) map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){"": m.check}
	for name, act := range map[string]func(*rapid.T){
		"login":            m.login,
		"submit":           m.submit,
		"submit again":     m.submit,
		"submit once more": m.submit,
		"submit bad":       m.submitBad,
		"return":           m.returnCase,
		"query":            m.query,
		"logout":           m.logout,
		"switch app":       m.switchApp,
		"switch account":   m.switchAccount,
		"pass":             m.pass,
		"verify":           m.verify,
	} {
		actions[name] = func(t *rapid.T) { before(t); act(t) }
	}
	return actions
}

// Whatever senders and operators do, in whatever order, the door does what the model says.
func TestModel(t *testing.T) {
	t.Parallel()
	d := openDoor(t, behindProxy)
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t, d)
		t.Repeat(m.actions(func(*rapid.T) {}))
	})
}
