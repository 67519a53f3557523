package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// spellings are the names that each dialect may use, by call, of a success and of a failure.
var spellings = map[api.Dialect]map[string][]string{
	api.All: {
		"login":           {"ackCode", "ack_code", "errors", "accessToken", "access_token"},
		"receiveCaseinfo": {"ackCode", "ack_code", "errors", "acceptid", "accpetid"},
		"logout":          {"ackCode", "ack_code", "errors"},
		"failure":         {"ackCode", "ack_code", "errors"},
		"queryCaseinfo": {
			"ackCode", "ack_code", "errors", "acceptid", "accpetid", "caseid", "state", "receivedAt", "items",
			"findings", "firmCounts",
		},
	},
	api.Table: {"login": {"ackCode", "errors", "access_token"}, "receiveCaseinfo": {"ackCode", "errors", "acceptid"},
		"logout": {"ackCode", "errors"}, "failure": {"ackCode", "errors"},
		"queryCaseinfo": {"ackCode", "errors", "acceptid", "caseid", "state", "receivedAt", "items", "findings"}},
	api.Example: {"login": {"ackCode", "errors", "accessToken"}, "receiveCaseinfo": {"ackCode", "errors", "accpetid"},
		"logout": {"ackCode", "errors"}, "failure": {"ackCode", "errors"},
		"queryCaseinfo": {"ackCode", "errors", "accpetid", "caseid", "state", "receivedAt", "items", "findings"}},
	api.Overview: {
		"login":           {"ack_code", "errors", "access_token"},
		"receiveCaseinfo": {"ackCode", "errors", "acceptid"},
		"logout":          {"ackCode", "errors"},
		"failure":         {"ackCode", "errors"},
		"queryCaseinfo":   {"ackCode", "errors", "acceptid", "caseid", "state", "receivedAt", "items", "findings"},
	},
}

// C1, C2: an app is answered in its dialect and in no other spelling, also when its session has ended.
func TestC1C2Spellings(t *testing.T) {
	d := openDoor(t)
	for _, dialect := range api.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			s := d.app(t, dialect)
			keys := func(name string, a answer) {
				t.Helper()
				if diff := cmp.Diff(spellings[dialect][name], a.keys()); diff != "" || a.Status != 200 {
					t.Errorf("%s: status %d (-want +got)\n%s", name, a.Status, diff)
				}
			}
			keys("login", s.login(t))
			keys("receiveCaseinfo", s.send(t, bodyOf("1")))
			keys("receiveCaseinfo", s.send(t, bodyOf("1")))
			keys("queryCaseinfo", s.query(t, `{"caseid":"1"}`))
			keys("failure", s.query(t, `{"caseid":"2"}`))
			keys("failure", s.send(t, without("1", "caseid")))
			keys("logout", s.logout(t))
			keys("failure", s.logout(t))
			keys("failure", s.send(t, bodyOf("1")))
			s.login(t)
			d.wait(time.Hour)
			keys("failure", s.send(t, bodyOf("1")))
		})
	}
}

// C2: every spelling has the same value.
func TestC2SameReceipt(t *testing.T) {
	d := openDoor(t)
	a := d.sender(t, api.All).send(t, bodyOf("1"))
	if n := strings.Count(string(a.Body), `"`+a.AcceptID+`"`); n != 2 || len(a.AcceptID) != 18 {
		t.Errorf("%s", a.Body)
	}
	strict := d.sender(t, api.Example).send(t, bodyOf("1"))
	if want := `{"ackCode":"SUCCESS","errors":[],"accpetid":"`; !strings.HasPrefix(string(strict.Body), want) ||
		len(strict.Body) != len(want)+len(`202603150000000024"}`) {
		t.Errorf("%s", strict.Body)
	}
}

// C3: name is that of the call, message begins with the text of the code, field is for the dialect all only.
func TestC3ErrorEntries(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := strings.Replace(
		wide("1", 4), `"uniscid":"91150203MA0N00024Y","legal":"乌云其木格","enttype":"1130"}]`,
		`"uniscid":"","legal":"乌云其木格","enttype":"1130"}]`, 1,
	)
	for name, a := range map[string]answer{
		"接口登录失败":     d.post(t, "/security/login", `{}`),
		"注销会话失败":     d.post(t, "/security/logout", ``),
		"接收批量吊销信息失败": s.send(t, body),
		"查询受理情况失败":   s.query(t, `{}`),
		"接口调用失败":     d.post(t, "/security/other", ``),
	} {
		if len(a.Errors) == 0 {
			t.Errorf("%s: %s", name, a.Body)
		}
		for _, e := range a.Errors {
			if text := api.Code(e.ErrorCode).Info().Message; e.Name != name || !strings.HasPrefix(e.Message, text) {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
	if e := s.send(t, body).Errors[0]; e.Field != "penaltylist[3].uniscid" ||
		e.Message != "吊销市场主体清单内容不能有空：第4条 uniscid" {
		t.Errorf("%+v", e)
	}
	for _, dialect := range []api.Dialect{api.Table, api.Example, api.Overview} {
		if a := d.sender(t, dialect).send(t, body); strings.Contains(string(a.Body), `"field"`) ||
			a.Errors[0].Name == "" {
			t.Errorf("%s: %s", dialect, a.Body)
		}
	}
}

func TestC4Message(t *testing.T) {
	d := openDoor(t)
	a := d.post(t, "/security/login", `{"appKey":"unknown","appSecret":"s","account":"a"}`)
	if a.codes() != "12002" || a.Errors[0].Message != "appKey无效" {
		t.Errorf("%s", a.Body)
	}
}

// C5: POST; logout also answers GET.
func TestC5Methods(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	allow := map[api.Call]string{
		api.Login:   "POST",
		api.Logout:  "POST, GET",
		api.Receive: "POST",
		api.Query:   "POST",
		api.List:    "POST",
		api.Receipt: "POST",
	}
	for _, c := range api.Calls() {
		for _, method := range []string{
			"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "PROPFIND",
		} {
			if c == api.Logout && method == "GET" {
				continue
			}
			a := d.do(t, d.request(t, method, s.call(c), nil))
			if a.Status != http.StatusMethodNotAllowed || a.Header.Get("Allow") != allow[c] ||
				method != "HEAD" && a.codes() != "19010" {
				t.Errorf("%s %s: %d, Allow %q, %s", method, c, a.Status, a.Header.Get("Allow"), a.Body)
			}
		}
	}
	if !s.alive(t) {
		t.Error("a refused method ended the session")
	}
	if a := d.do(t, d.request(t, "GET", s.call(api.Logout), nil)); a.Status != 200 || a.codes() != "SUCCESS" ||
		s.alive(t) {
		t.Errorf("GET logout: %d %s", a.Status, a.Body)
	}
}

// C6: unknown members of a login are ignored.
func TestC6UnknownMembers(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	body := strings.TrimSuffix(s.credentials(), "}") + `,"password":"p","org_code":["15"],"APPKEY":"other"}`
	if a := d.post(t, "/security/login", body); a.codes() != "SUCCESS" {
		t.Errorf("%s", a.Body)
	}
}

// C7: logout takes any body or none.
func TestC7LogoutBodies(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	for _, body := range []any{
		nil,
		"",
		"{}",
		"[]",
		"no JSON",
		strings.Repeat("x", 100<<10),
		strings.NewReader("{\n}"),
	} {
		for _, kind := range []string{
			"application/json", "", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=GBK",
		} {
			s.login(t)
			a := d.post(t, s.call(api.Logout), body, "Content-Type", kind)
			if a.Status != 200 || string(a.Body) != `{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[]}` ||
				s.alive(t) {
				t.Errorf("%.20v as %q: %d %s", body, kind, a.Status, a.Body)
			}
		}
	}
	s.login(t)
	if a := d.raw(t, "POST "+s.call(api.Logout)+" HTTP/1.1\r\nHost: x\r\n\r\n"); a.codes() != "SUCCESS" {
		t.Errorf("without a length: %s", a.Body)
	}
	s.login(t)
	if a := d.raw(t, "POST "+s.call(api.Logout)+" HTTP/1.0\r\n\r\n"); a.codes() != "SUCCESS" {
		t.Errorf("HTTP/1.0: %s", a.Body)
	}
}
