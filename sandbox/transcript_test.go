package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// Wherever a sender puts a secret or a token, open holds that they are written down nowhere; and what is needed to find
// the fault is.
func TestSecretsAreMasked(t *testing.T) {
	var file bytes.Buffer
	s := open(t, sandbox.Config{Transcript: &file})
	c := newSender(t, s, sandbox.Account)
	token := c.login()
	secret := s.AppSecret
	for _, r := range []struct{ method, target, header, body string }{
		{"GET", "/security/login?appKey=" + s.AppKey + "&appSecret=" + secret + "&account=x", "", ""},
		{
			"POST",
			"/security/login",
			"",
			`{"appKey":"` + secret + `","appSecret":"` + s.AppKey + `","account":"` + secret + `"}`,
		},
		{"POST", "/security/login", "", `{"appKey":"` + s.AppKey + `","appSecret":"` + secret},
		{"POST", "/security/login", "", "appKey=" + s.AppKey + "&appSecret=" + secret},
		{"POST", "/security/logout/" + token, "", ""},
		{"POST", "/" + secret, "", ""},
		{"POST", "/security/queryCaseinfo?" + token, "", ""},
		{
			"POST",
			"/security/queryCaseinfo?access_token=" + token + "&access_token=" + token,
			"",
			`{"access_token":"` + token + `"}`,
		},
		{"POST", "/security/queryCaseinfo", "Bearer " + token, strings.Repeat(" ", 1570) + token},
		{
			"POST",
			"/security/receiveCaseinfo?access_token=" + strings.ToUpper(token),
			"",
			`{"appSecret":"` + secret + `","caseid":"甲"}`,
		},
		{"POST", "/security/receiveCaseinfo?access_token=" + token, "", strings.Repeat("x", 1580) + secret},
		{"POST", "/" + strings.Repeat("a", 2000), "", ""}, // of which next to nothing is left
		{"POST", "/sandbox/redirected?no=" + token, "", ""},
	} {
		req, err := http.NewRequest(r.method, s.URL+r.target, strings.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		if r.header != "" {
			req.Header.Set("Authorization", r.header)
		}
		answer, err := c.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	all := get(t, s, "transcript.json") + file.String()
	if strings.Contains(all, token) || strings.Contains(all, secret) || strings.Contains(strings.ToLower(all), token) {
		t.Error("a secret or token stands in the transcript")
	}
	if !strings.Contains(all, token[:4]+"…") || !strings.Contains(all, secret[:4]+"…") {
		t.Error("nothing tells one token from another")
	}
}

// A line of the file is an exchange of the list, and Observe has seen the same; bodies are cut.
func TestTranscriptFile(t *testing.T) {
	var file bytes.Buffer
	var seen []sandbox.Exchange
	s := open(t, sandbox.Config{Transcript: &file, Observe: func(x sandbox.Exchange) { seen = append(seen, x) }})
	c := newSender(t, s, "应答丢失")
	c.login()
	c.send(caseBody(1, 3000))
	c.send(caseBody(1, 3000))
	c.call(api.Logout, "{}")
	var list []sandbox.Exchange
	if err := json.Unmarshal([]byte(get(t, s, "transcript.json")), &list); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&file)
	for i, want := range list {
		var x sandbox.Exchange
		if err := d.Decode(&x); err != nil || fmt.Sprint(x) != fmt.Sprint(want) || seen[i].No != x.No {
			t.Errorf("%v: %+v, want %+v", err, x, want)
		}
	}
	if len(list) != 4 || len(list[1].Body) > 2000 || list[1].SHA256 == "" || list[1].SHA256 != list[2].SHA256 ||
		list[1].FaultName() != "应答丢失" ||
		list[1].AcceptID != list[2].AcceptID || list[1].Sent != sandbox.Nothing {
		t.Errorf("%+v", list)
	}
}
