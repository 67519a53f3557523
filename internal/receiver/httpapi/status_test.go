package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
)

// S1: 200 for every business answer, the envelope always.
func TestS1Status(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBody = 100 << 10 })
	s := d.sender(t, api.All)
	for name, test := range map[string]struct {
		a      answer
		status int
		codes  string
	}{
		"accepted":     {s.send(t, bodyOf("1")), 200, "SUCCESS"},
		"repeated":     {s.send(t, bodyOf("1")), 200, "SUCCESS"},
		"conflict":     {s.send(t, strings.Replace(bodyOf("1"), "停业", "歇业", 1)), 200, "19005"},
		"missing":      {s.send(t, without("2", "penalty")), 200, "14004"},
		"wrong type":   {s.send(t, strings.Replace(bodyOf("2"), `"2"`, `2`, 1)), 200, "19002"},
		"no JSON":      {s.send(t, `caseid=1`), 400, "19001"},
		"wrong login":  {d.post(t, "/security/login", `{"appKey":"k","appSecret":"s","account":"a"}`), 200, "12002"},
		"empty login":  {d.post(t, "/security/login", ``), 400, "19001"},
		"no token":     {d.post(t, "/security/receiveCaseinfo", bodyOf("2")), 200, "13000"},
		"no such case": {s.query(t, `{"caseid":"9"}`), 200, "19013"},
		"method":       {d.do(t, d.request(t, "PUT", s.call(api.Receive), bodyOf("2"))), 405, "19010"},
		"too large":    {s.send(t, padded("2", 110<<10)), 413, "19006"},
		"login of 65K": {d.post(t, "/security/login", padded("2", 65<<10+1)), 413, "19006"},
		"query of 65K": {s.query(t, padded("2", 65<<10+1)), 413, "19006"},
		"media type":   {s.send(t, bodyOf("2"), "Content-Type", "text/plain"), 415, "19007"},
		"login by form": {
			d.post(t, "/security/login", `appKey=k`, "Content-Type", "application/x-www-form-urlencoded"),
			415,
			"19007",
		},
		"compressed":     {s.send(t, bodyOf("2"), "Content-Encoding", "gzip"), 415, "19007"},
		"path":           {d.post(t, "/", ``), 404, "19011"},
		"path of others": {d.post(t, "/security", ``), 404, "19011"},
	} {
		if test.a.Status != test.status || test.a.codes() != test.codes {
			t.Errorf("%s: %d %s, want %d %s", name, test.a.Status, test.a.Body, test.status, test.codes)
		}
	}
}

// S1: a path is matched to the letter; nothing is tidied up and nothing redirected.
func TestS1Paths(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, path := range []string{
		"//security/receiveCaseinfo", "/security//receiveCaseinfo", "/security/../security/receiveCaseinfo",
		"/./security/receiveCaseinfo", "/security/receiveCaseinfo/", "/security/receiveCaseinfo/.",
		"/Security/receiveCaseinfo", "/security/receivecaseinfo", "/security/%72eceiveCaseinfo",
		"/security%2FreceiveCaseinfo", "/security/receiveCaseinfo%20", "/security/receiveCaseinfo;a=1",
		"/security\\receiveCaseinfo", "/x/security/receiveCaseinfo", "/security/receiveCaseinfo%00",
		"/security/receiveCaseinfo.json", "*", "/security/login/../receiveCaseinfo",
	} {
		for _, method := range []string{"POST", "GET", "OPTIONS"} {
			body := bodyOf("1")
			if path == "*" && method != "OPTIONS" {
				continue // net/http answers these before any handler
			}
			target := path + "?access_token=" + s.token
			if path == "*" {
				target = "*"
			}
			a := d.raw(t, method+" "+target+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: "+
				"close\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body)
			if a.Status != 404 || a.codes() != "19011" {
				t.Errorf("%s %s: %d %s", method, path, a.Status, a.Body)
			}
		}
	}
	if n := len(d.cases(t)); n != 0 {
		t.Errorf("%d cases were accepted", n)
	}
	for _, target := range []string{"/security/receiveCaseinfo", "http://other.host/security/receiveCaseinfo"} {
		body := bodyOf("1")
		a := d.raw(t, "POST "+target+"?access_token="+s.token+" HTTP/1.1\r\nHost: x\r\nContent-Length: "+
			itoa(len(body))+"\r\n\r\n"+body)
		if a.codes() != "SUCCESS" {
			t.Errorf("%s: %s", target, a.Body)
		}
	}
}

// The calls stand below the root, and nowhere else.
func TestS1Root(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.Root = "/gateway/v1" })
	for path, want := range map[string]string{
		"/gateway/v1/security/login": "12002,12003,12004",
		"/security/login":            "19011",
		"/gateway/security/login":    "19011",
		"/gateway/v1":                "19011",
	} {
		if a := d.post(t, path, `{}`); a.codes() != want {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
}

// S1: a fault in the server is 500 with the envelope, tells nothing of the inside, and the server goes on.
func TestS1Panic(t *testing.T) {
	d := openDoor(t)
	var broken *door = d
	broken.server = serve(t, httpapi.Config{Observe: d.observe}) // without a desk every call fails
	for range 3 {
		a := broken.post(t, "/security/login", `{"appKey":"k","appSecret":"s","account":"a"}`)
		if a.Status != 500 ||
			string(a.Body) != `{"ackCode":"FAILURE","errors":[{"name":"\u63a5\u53e3\u767b\u5f55\u5931\u8d25",`+
				`"errorCode":"19000","message":"\u7cfb\u7edf\u5185\u90e8\u9519\u8bef"}]}` {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		r := d.record(t, a)
		if r.Err == nil || r.Status != 500 || r.Codes != "19000" {
			t.Errorf("%+v", r)
		}
	}
}

// S1: the same answers over HTTP/2.
func TestS1HTTP2(t *testing.T) {
	d := openDoor(t)
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = httpapi.Server(httpapi.Config{Desk: d.desk, Observe: d.observe})
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	s := d.sender(t, api.All)
	post := func(path, body string) answer {
		r, err := http.NewRequest("POST", srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.ProtoMajor != 2 {
			t.Errorf("HTTP/%d", res.ProtoMajor)
		}
		return d.take(t, res)
	}
	for _, test := range []struct{ path, body, want string }{
		{s.call(api.Receive), bodyOf("1"), "SUCCESS"},
		{s.call(api.Receive), padded("2", 3<<20), "SUCCESS"},
		{s.call(api.Receive), "{", "19001"},
		{"/security/receiveCaseinfo", padded("3", 3<<20), "13000"},
		{"//security/login", "{}", "19011"},
		{s.call(api.Logout), "", "SUCCESS"},
	} {
		if a := post(test.path, test.body); a.codes() != test.want {
			t.Errorf("%s: %s", test.path, a.Body)
		}
	}
}

// S21, S1: where the store does not answer, the outcome is unknown and the same request may be repeated.
func TestS21OutcomeUnknown(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	d.store.Close()
	for _, c := range []struct {
		call api.Call
		body string
	}{{api.Login, s.credentials()}, {api.Receive, bodyOf("1")}, {api.Receive, `{}`}, {api.Logout, ``}} {
		a := d.post(t, s.call(c.call), c.body)
		if a.Status != 503 || a.codes() != "19009" || a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", c.call, a.Status, a.Body)
		}
		if r := d.record(t, a); r.Err == nil || r.Status != 503 {
			t.Errorf("%s: %+v", c.call, r)
		}
	}
}
