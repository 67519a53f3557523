package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// The record of a failed call has the messages and fields of its answer, to the letter, in order, and their number.
func TestRecordOfWhatWasTold(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, body := range []string{"{}", `{"caseid":`, `[]`, `{"caseid":1}`,
		strings.Replace(wide("一案", 300), `"uniscid":"`, `"uniscid":"`+strings.Repeat("9", 70), 8)} {
		a := d.post(t, s.call(api.Receive), body)
		answer, err := api.ReadAnswer(a.Body, api.Receive)
		if err != nil {
			t.Fatalf("%v", err)
		}
		r := d.record(t, a)
		first, all := r.Told.Errors()
		if all != len(answer.Problems) || len(first) == 0 || len(first) != min(5, all) || len(r.Told) > intake.MaxTold {
			t.Errorf("%s: told %d of %d, recorded %s", brief(body), len(answer.Problems), all, r.Told)
		}
		for i, e := range first {
			if p := answer.Problems[i]; e.Code != string(p.Code) || e.Message != p.Message() || e.Field != p.Field {
				t.Errorf("%s: told %+v, recorded %+v", brief(body), p, e)
			}
		}
	}
	as := d.attempts(t)
	if first, all := as[0].Told.Errors(); len(first) != 5 || all != 8 || first[4].Field != "penalty" {
		t.Errorf("attempt: %+v", as[0])
	}
	if r := d.record(t, d.post(t, s.call(api.Receive), bodyOf("一案"))); r.Told != "" || r.Cause != "" {
		t.Errorf("of a case that was accepted: %+v", r)
	}
}

func brief(s string) string { return s[:min(len(s), 60)] }

// Neither a secret nor a token gets into a record, wherever a sender puts it.
func TestRecordWithoutSecrets(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, secret := range []string{strings.Repeat("8f3a", 16), "3f2504e0-4f89-11d3-9a0c-0305e82c3301"} {
		for _, body := range []string{
			fmt.Sprintf(`{%q:1,%q:2}`, secret, secret),
			fmt.Sprintf(`{"x":{%q:nul}}`, secret),
			fmt.Sprintf(`{"caseid":"1","penaltydate":%q}`, secret),
			fmt.Sprintf(`{"penaltylist":[{%q:{"a":\u0000}}]}`, secret),
			fmt.Sprintf(`{"from":%q,"to":%q}`, secret, secret),
			fmt.Sprintf(`{"appSecret":%q,"account":"x","%s":}`, secret, secret),
			fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":%q}`, secret, secret, secret),
			secret,
		} {
			for _, c := range api.Calls() {
				if c == api.Logout {
					continue
				}
				r := d.record(t, d.post(t, s.call(c), body))
				if strings.Contains(fmt.Sprintf("%+v", r), secret) {
					t.Errorf("%s %s: %+v", c, body, r)
				}
			}
		}
	}
	for _, a := range d.attempts(t) {
		if s := fmt.Sprintf("%+v", a); strings.Contains(s, "8f3a8f3a") || strings.Contains(s, "3f2504e0") {
			t.Errorf("%s", s)
		}
	}
}

// Why somebody was not let in is recorded, and the answer is the same whatever it was (S4).
func TestRecordOfCause(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	var answer string
	for _, c := range []struct {
		body string
		want intake.Cause
	}{
		{s.loginWith("appSecret", "x"), intake.CauseSecret},
		{s.loginWith("account", "x"), intake.CauseNoAccount},
		{strings.Replace(s.loginWith("account", "x"), s.secret, "x", 1), "secret,no account"},
		{s.loginWith("appKey", "x"), intake.CauseNoApp},
		{"{}", ""},
	} {
		a := d.post(t, "/security/login", c.body)
		if r := d.record(t, a); r.Cause != c.want {
			t.Errorf("%s: %q", c.want, r.Cause)
		}
		if strings.Contains(string(c.want), "secret") || c.want == intake.CauseNoAccount {
			if answer == "" {
				answer = string(a.Body)
			}
			if answer != string(a.Body) {
				t.Errorf("%s: %s, another was %s", c.want, a.Body, answer)
			}
		}
	}
	if r := d.record(t, d.post(t, "/security/receiveCaseinfo?access_token=x", "{}")); r.Cause != intake.CauseNoToken {
		t.Errorf("no token: %q", r.Cause)
	}
	token := s.token
	d.post(t, s.call(api.Logout), "")
	if r := d.record(t, d.post(t, "/security/receiveCaseinfo?access_token="+token, "{}")); r.Cause !=
		intake.CauseSessionEnded {
		t.Errorf("after logout: %q", r.Cause)
	}
	d.setApp(t, s, true)
	if r := d.record(t, d.post(t, "/security/login", s.credentials())); r.Cause != intake.CauseAppDisabled {
		t.Errorf("disabled: %q", r.Cause)
	}
}
