package httpapi_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// holdDead holds that no call takes the token any more, whatever its body.
func (s *sender) holdDead(t tester, why string) {
	t.Helper()
	for call, bodies := range map[api.Call][]string{
		// the bad ones first: a good one makes a memory forget
		api.Receive: {`{`, without("dead", "caseid"), bodyOf("dead"), padded("dead", 100<<10)},
		api.Query:   {`{"caseid":"1"}`, `{}`, `no JSON`},
		api.List:    {`{}`, `{"limit":"0"}`, `no JSON`},
		api.Receipt: {`{"acceptid":"1"}`, `{}`, `no JSON`},
		api.Logout:  {`{}`},
	} {
		for _, body := range bodies {
			a := s.d.post(t, s.call(call), body)
			if a.Status != 200 || a.codes() != "13000" {
				t.Errorf("%s: %s %.40s: %d %s", why, call, body, a.Status, a.Body)
			}
		}
	}
}

// used is a sender whose token has been used for every call, so that whatever remembers it does.
func (d *door) used(t tester) *sender {
	t.Helper()
	s := d.sender(t, api.All)
	s.accept(t, bodyOf("1"))
	s.send(t, `{`)
	if !s.alive(t) {
		t.Fatalf("a new token is refused")
	}
	return s
}

// S7: thirty minutes from login, whatever is done meanwhile.
func TestS7Life(t *testing.T) {
	d := openDoor(t)
	s := d.used(t)
	for range 29 {
		d.wait(time.Minute)
		s.accept(t, bodyOf("1"))
	}
	d.wait(59 * time.Second)
	if !s.alive(t) || s.accept(t, bodyOf("1")) == "" {
		t.Error("refused at 29:59")
	}
	d.wait(time.Second)
	s.holdDead(t, "30:00")
	d.wait(48 * time.Hour)
	s.holdDead(t, "two days later")
}

// S7: a clock that is set back revives nothing that has been swept.
func TestS7ClockSetBack(t *testing.T) {
	d := openDoor(t)
	expired, ended := d.used(t), d.used(t)
	ended.logout(t)
	d.wait(31 * time.Minute)
	fresh := d.used(t)
	if err := d.desk.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wait(-time.Hour)
	expired.holdDead(t, "expired and swept, one hour back")
	ended.holdDead(t, "logged out, one hour back")
	if !fresh.alive(t) {
		t.Error("a session that had not expired was swept")
	}
	d.wait(48 * time.Hour)
	if err := d.desk.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.desk.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wait(-48 * time.Hour)
	for _, s := range []*sender{expired, ended, fresh} {
		s.holdDead(t, "swept long ago")
	}
}

// S7: every login opens a session of its own; logout ends that one alone.
func TestS7Independent(t *testing.T) {
	d := openDoor(t)
	one := d.used(t)
	two := *one
	two.login(t)
	two.accept(t, bodyOf("1"))
	if a := one.logout(t); a.codes() != "SUCCESS" {
		t.Errorf("%s", a.Body)
	}
	one.holdDead(t, "logged out")
	if !two.alive(t) {
		t.Error("logout ended another session")
	}
}

// S7: disabling ends the sessions, and enabling revives none.
func TestS7Disabled(t *testing.T) {
	d := openDoor(t)
	for name, set := range map[string]func(tester, *sender, bool){"app": d.setApp, "account": d.setAccount} {
		s, stranger := d.used(t), d.used(t)
		colleague := *s
		colleague.account = "李四"
		colleague.login(t)
		set(t, s, true)
		s.holdDead(t, name+" disabled")
		if colleague.alive(t) != (name == "account") {
			t.Errorf("%s disabled: the other account of the app is alive: %v", name, name != "account")
		}
		set(t, s, false)
		s.holdDead(t, name+" enabled again")
		if s.login(t); !s.alive(t) || !stranger.alive(t) {
			t.Errorf("%s enabled again: a new session is dead, or another app's", name)
		}
	}
}

// S7: what is ended anywhere is ended everywhere: at another node, by an administrator's command in another process.
func TestS7OtherNode(t *testing.T) {
	d := openDoor(t)
	folder, err := store.Open(t.Context(), d.dir, store.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	command := &door{desk: intake.NewDesk(intake.Config{Store: folder, Clock: d.now})}
	node := &door{desk: intake.NewDesk(intake.Config{Store: d.store, Clock: d.now})}
	node.server = serve(t, httpapi.Config{Desk: node.desk, Observe: d.observe})
	for name, end := range map[string]func(*sender){
		"logout":           func(s *sender) { s.logout(t) },
		"app disabled":     func(s *sender) { command.setApp(t, s, true) },
		"account disabled": func(s *sender) { command.setAccount(t, s, true) },
	} {
		s := d.used(t)
		there := *s
		there.d = node
		there.accept(t, bodyOf("1"))
		end(s)
		there.holdDead(t, name+", at the other node")
	}
}

// S8: the token stands in exactly one place.
func TestS8Places(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	q, bearer, path := "?access_token="+s.token, "Bearer "+s.token, api.Query.Path()
	for name, test := range map[string]struct {
		path   string
		header []string
		good   bool
	}{
		"query":                     {path + q, nil, true},
		"query with others":         {path + "?x=1&access_token=" + s.token + "&y=%E4%B8%80", nil, true},
		"escaped":                   {path + "?access_token=" + strings.ReplaceAll(s.token, "-", "%2D"), nil, true},
		"bearer":                    {path, []string{"Authorization", bearer}, true},
		"bearer in lower case":      {path, []string{"Authorization", "bearer " + s.token}, true},
		"query, other scheme":       {path + q, []string{"Authorization", "Basic YTpi"}, true},
		"none":                      {path, nil, false},
		"both, the same":            {path + q, []string{"Authorization", bearer}, false},
		"both, different":           {path + q, []string{"Authorization", "Bearer " + other.token}, false},
		"twice in the query":        {path + q + "&access_token=" + s.token, nil, false},
		"twice, one empty":          {path + q + "&access_token=", nil, false},
		"twice, one escaped":        {path + q + "&%61ccess_token=" + s.token, nil, false},
		"semicolon":                 {path + "?a=1;access_token=" + s.token, nil, false},
		"semicolon after":           {path + q + ";a=1", nil, false},
		"bad escape beside it":      {path + q + "&a=%zz", nil, false},
		"two bearers":               {path, []string{"Authorization", bearer, "Authorization", bearer}, false},
		"empty":                     {path + "?access_token=", nil, false},
		"empty bearer":              {path, []string{"Authorization", "Bearer"}, false},
		"bearer empty, and a query": {path + q, []string{"Authorization", "Bearer "}, false},
		"other name":                {path + "?accessToken=" + s.token, nil, false},
		"other case of the name":    {path + "?Access_Token=" + s.token, nil, false},
		"cookie":                    {path, []string{"Cookie", "access_token=" + s.token}, false},
		"header":                    {path, []string{"Access_token", s.token}, false},
		"basic":                     {path, []string{"Authorization", "Basic " + s.token}, false},
		"upper case": {
			path + "?access_token=" + strings.ToUpper(s.token),
			nil,
			strings.ToUpper(s.token) == s.token,
		},
		"space after":    {path + q + "%20", nil, false},
		"braces":         {path + "?access_token=%7B" + s.token + "%7D", nil, false},
		"without dashes": {path + "?access_token=" + strings.ReplaceAll(s.token, "-", ""), nil, false},
		"NUL after":      {path + q + "%00", nil, false},
		"unknown":        {path + "?access_token=00000000-0000-4000-8000-000000000000", nil, false},
		"quoted":         {path + "?access_token=" + url.QueryEscape(`' OR 1=1 --`), nil, false},
	} {
		want := map[bool]string{true: "19013", false: "13000"}[test.good]
		if a := d.post(t, test.path, `{"caseid":"1"}`, test.header...); a.Status != 200 || a.codes() != want {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, want)
		}
	}
	if a := d.post(t, path, `{"caseid":"1","access_token":"`+s.token+`"}`); a.codes() != "13000" {
		t.Errorf("in the body: %s", a.Body)
	}
	for _, call := range []api.Call{api.Receive, api.Logout} {
		if a := d.post(t, call.Path()+q+q[:1]+"&"+q[1:], bodyOf("1")); a.codes() != "13000" {
			t.Errorf("%s, twice: %s", call, a.Body)
		}
	}
	if a := d.post(t, api.Receive.Path(), bodyOf("1"), "Authorization", bearer); a.codes() != "SUCCESS" {
		t.Errorf("a case by bearer: %s", a.Body)
	}
}

// S7: a dead session is 13000 whatever is wrong with the body.
func TestS7DeadSessionBadBody(t *testing.T) {
	d := openDoor(t)
	for name, end := range map[string]func(*sender){
		"logout": func(s *sender) { s.logout(t) }, "app disabled": func(s *sender) { d.setApp(t, s, true) },
		"account disabled": func(s *sender) { d.setAccount(t, s, true) },
		"swept, clock set back": func(s *sender) {
			d.wait(31 * time.Minute)
			d.desk.SweepSessions(bg)
			d.wait(-time.Hour)
		},
	} {
		for what, body := range map[string]string{
			"no JSON":    `{`,
			"missing":    without("1", "caseid"),
			"too large":  padded("1", 100<<10) + "x",
			"media type": bodyOf("1"),
		} {
			s := d.used(t)
			end(s)
			header := []string{}
			if what == "media type" {
				header = []string{"Content-Type", "text/plain"}
			}
			if a := s.send(t, body, header...); a.codes() != "13000" {
				t.Errorf("%s, %s: %s", name, what, a.codes())
			}
		}
	}
}
