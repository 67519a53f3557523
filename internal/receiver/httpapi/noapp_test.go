package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// plainAnswer is a bean of clause 2.3 that refuses every member which it does not have, as Java beans do.
type plainAnswer struct {
	AckCode string       `json:"ackCode"`
	Errors  []plainError `json:"errors"`
}

type plainError struct {
	Name      string `json:"name"`
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

// readPlain reads an answer as strictly as the bean does: exact names, each once, nothing that is null or missing.
func readPlain(body []byte) (a plainAnswer, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return a, err
	}
	for _, e := range a.Errors {
		if e.Name == "" || e.ErrorCode == "" || e.Message == "" {
			return a, fmt.Errorf("an empty member: %+v", e)
		}
	}
	if again, _ := json.Marshal(a); len(a.Errors) == 0 || !sameJSON(again, body) {
		return a, fmt.Errorf("other members than read: %s", again)
	}
	return a, nil
}

// sameJSON compares texts but for how their characters are written, the order of members included.
func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	json.Compact(&x, a)
	json.Compact(&y, b)
	var u, v json.RawMessage = x.Bytes(), y.Bytes()
	return unescaped(u) == unescaped(v)
}

func unescaped(text []byte) string {
	var v any
	json.Unmarshal(text, &v)
	return jsonOf(v) + strings.Join(answer{Body: text}.keys(), ",")
}

// S25: where no app is known, the answer has the members of clause 2.3 alone, whatever else is wrong with the request.
func TestS25NoApp(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	const unknown = "00000000-0000-4000-8000-000000000000"
	receive, login := "/security/receiveCaseinfo?access_token=", "/security/login"
	for name, a := range map[string]answer{
		"unknown appKey":     d.post(t, login, `{"appKey":"unknown","appSecret":"s","account":"a"}`),
		"no appKey":          d.post(t, login, `{"appSecret":"s","account":"a"}`),
		"nothing":            d.post(t, login, `{}`),
		"appKey is a number": d.post(t, login, `{"appKey":1,"appSecret":"s","account":"a"}`),
		"long appKey": d.post(
			t,
			login,
			`{"appKey":"`+strings.Repeat("k", 300)+`","appSecret":"s","account":"a"}`,
		),
		"login is not JSON":   d.post(t, login, `{`),
		"login is too large":  d.post(t, login, strings.Repeat(" ", 70<<10)),
		"login is a form":     d.post(t, login, s.credentials(), "Content-Type", "application/x-www-form-urlencoded"),
		"login is compressed": d.post(t, login, s.credentials(), "Content-Encoding", "gzip"),
		"login by PUT":        d.do(t, d.request(t, "PUT", login, nil)),
		"login is GBK in UTF-8": d.post(
			t, login, `{"appKey":"未知","appSecret":"s","account":"a"}`, "Content-Type", "application/json; charset=GBK",
		),
		"unknown token":        d.post(t, receive+unknown, bodyOf("1")),
		"unknown token, large": d.post(t, receive+unknown, padded("1", 200<<10)),
		"no token":             d.post(t, "/security/receiveCaseinfo", bodyOf("1")),
		"odd token":            d.post(t, receive+"x", bodyOf("1")),
		"token of odd case":    d.post(t, receive+strings.ToUpper(unknown[:35]+"a"), bodyOf("1")),
		"two tokens":           d.post(t, receive+unknown+"&access_token="+unknown, bodyOf("1")),
		"broken query":         d.post(t, receive+"%zz", bodyOf("1")),
		"unknown token, form":  d.post(t, receive+unknown, bodyOf("1"), "Content-Type", "text/plain"),
		"logout":               d.post(t, "/security/logout?access_token="+unknown, ``),
		"logout by GET":        d.do(t, d.request(t, "GET", "/security/logout", nil)),
		"query":                d.post(t, "/security/queryCaseinfo?access_token="+unknown, `{"caseid":"1"}`),
		"list":                 d.post(t, "/security/listCaseinfo?access_token="+unknown, `{}`),
		"other path":           d.post(t, "/security/other?access_token="+unknown, `{}`),
		"root":                 d.post(t, "/", `{}`),
		"path in other case":   d.post(t, "/security/Login", s.credentials()),
		"receive by GET":       d.do(t, d.request(t, "GET", receive+unknown, nil)),
		"OPTIONS":              d.do(t, d.request(t, "OPTIONS", receive+unknown, nil)),
	} {
		if p, err := readPlain(a.Body); err != nil || p.AckCode != "FAILURE" {
			t.Errorf("%s: %v: %d %s", name, err, a.Status, a.Body)
		}
		if bytes.Contains(a.Body, []byte("null")) ||
			!strings.HasPrefix(string(a.Body), `{"ackCode":"FAILURE","errors":[{"name":"`) {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}

// S25, S2: an app that is disabled is answered as one that is not there, to the byte.
func TestS25DisabledApp(t *testing.T) {
	d := openDoor(t)
	for _, dialect := range api.Dialects() {
		s := d.app(t, dialect)
		if err := d.desk.SetAppDisabled(t.Context(), intake.Actor("test"), s.key, true); err != nil {
			t.Fatal(err)
		}
		a := d.post(t, "/security/login", s.credentials())
		b := d.post(t, "/security/login", `{"appKey":"unknown","appSecret":"s","account":"a"}`)
		if _, err := readPlain(a.Body); err != nil || a.codes() != "12002" || !bytes.Equal(a.Body, b.Body) {
			t.Errorf("%s: %v: %s, and %s", dialect, err, a.Body, b.Body)
		}
	}
}

// S25, C1: a token is known for a day after its end, so that the app is answered as it is set; after that it is not.
func TestS25TokenOlderThanADay(t *testing.T) {
	d := openDoor(t)
	for _, dialect := range api.Dialects() {
		s := d.sender(t, dialect)
		d.wait(time.Hour)
		if err := d.desk.SweepSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		known := s.send(t, bodyOf("1"))
		if !slices.Equal(known.keys(), spellings[dialect]["failure"]) || known.codes() != "13000" {
			t.Errorf("%s, after an hour: %s", dialect, known.Body)
		}
		d.wait(25 * time.Hour)
		if err := d.desk.SweepSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, a := range []answer{
			s.send(t, bodyOf("1")),
			s.send(t, padded("1", 200<<10)),
			s.query(t, `{"caseid":"1"}`),
			s.logout(t),
		} {
			if _, err := readPlain(a.Body); err != nil || a.codes() != "13000" {
				t.Errorf("%s, after a day: %v: %s", dialect, err, a.Body)
			}
		}
		s.login(t)
		if a := s.send(t, bodyOf("1")); !slices.Equal(a.keys(), spellings[dialect]["receiveCaseinfo"]) {
			t.Errorf("%s: %s", dialect, a.Body)
		}
	}
}

// S25: who is held off for too many failures, before the login is read, is answered so as well.
func TestS25HeldOff(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.Overview)
	for range 30 {
		a := d.post(t, "/security/login", s.loginWith("appSecret", "x"))
		if a.codes() == "19008" {
			if _, err := readPlain(a.Body); err != nil || a.Status != 429 {
				t.Errorf("%v: %d %s", err, a.Status, a.Body)
			}
			return
		}
		if keys := a.keys(); !slices.Equal(keys, []string{"ack_code", "errors"}) {
			t.Errorf("an app that is known: %s", a.Body)
		}
	}
	t.Error("never held off")
}
