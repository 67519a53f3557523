package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// answers are one success and one failure of each call.
func answers() (as []api.Answer) {
	success := map[api.Call]api.Answer{
		api.Login:   {Token: "01234567-89ab-cdef-0123-456789abcdef"},
		api.Logout:  {},
		api.Receive: {AcceptID: "202405200000000017"},
		api.Query: {AcceptID: "202405200000000017", Status: &api.CaseStatus{CaseID: "内〔2024〕1号\U0001F600", State: "已核验",
			ReceivedAt: "2024-05-20T09:00:00+08:00", Items: 2, Findings: 1}},
		api.List: {Next: "202405200000000033", Cases: []api.CaseEntry{{AcceptID: "202405200000000017", Account: "经办人",
			CaseStatus: api.CaseStatus{
				CaseID:     "内〔2024〕1号",
				State:      "已退回",
				ReceivedAt: "2024-05-20T09:00:00+08:00",
				Items:      2,
				Findings:   1,
			},
			Digest: strings.Repeat("0a", 32), SHA256: strings.Repeat("f1", 32)}, {AcceptID: "202405200000000033"}}},
		api.Receipt: {AcceptID: "202405200000000017", Receipt: "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n\n— x AA==\n"},
	}
	failure := map[api.Call][]api.Problem{
		api.Login:  {{Code: api.InvalidAppKey, Field: "appKey"}, {Code: api.MissingAppSecret, Field: "appSecret"}},
		api.Logout: {{Code: api.InvalidToken}},
		api.Receive: {
			{Code: api.EmptyCaseID, Field: "caseid"},
			{Code: api.EmptyItem, Field: "penaltylist[3].uniscid", Detail: "第4条 uniscid \"\\\n\x7f"},
		},
		api.Query:   {{Code: api.NoSuchCase}},
		api.List:    {{Code: api.InvalidDate, Field: "from"}},
		api.Receipt: {{Code: api.NoReceiptYet}},
		api.Unknown: {{Code: api.NoSuchCall}},
	}
	for _, c := range append(api.Calls(), api.Unknown) {
		if a, ok := success[c]; ok {
			a.Call = c
			as = append(as, a)
		}
		as = append(as, api.Answer{Call: c, Problems: failure[c]})
	}
	return as
}

// C1–C3: every byte of every answer, in testdata/answers.txt.
func TestAnswers(t *testing.T) {
	var b strings.Builder
	for _, a := range answers() {
		for _, d := range append(api.Dialects(), "") {
			if d == "" {
				continue
			}
			fmt.Fprintf(&b, "%s %s %s\n", a.Call, a.Ack(), d)
			fmt.Fprintf(&b, "%s\n", d.Append(nil, a))
		}
	}
	golden(t, "testdata/answers.txt", b.String())
}

// An answer is JSON, in ASCII, whatever it quotes; it is appended to what is there.
func TestAnswersAreASCII(t *testing.T) {
	for _, a := range answers() {
		for _, d := range append(api.Dialects(), "") {
			text := d.Append([]byte("before"), a)[len("before"):]
			if !json.Valid(text) {
				t.Errorf("not JSON: %s", text)
			}
			for _, c := range text {
				if c < ' ' || c > '~' {
					t.Errorf("%#x in %s", c, text)
				}
			}
		}
	}
}

// No dialect named is the dialect all.
func TestDefaultDialect(t *testing.T) {
	for _, a := range answers() {
		if diff := cmp.Diff(string(api.All.Append(nil, a)), string(api.Dialect("").Append(nil, a))); diff != "" {
			t.Error(diff)
		}
	}
	for _, d := range api.Dialects() {
		if got, err := api.ParseDialect(string(d)); got != d || err != nil {
			t.Errorf("%q: %q %v", d, got, err)
		}
	}
	if got, err := api.ParseDialect(""); got != api.All || err != nil {
		t.Errorf("%q %v", got, err)
	}
	for _, s := range []string{"All", "all ", "example,table", "xml"} {
		if _, err := api.ParseDialect(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// C3, C4: message begins with the text of chapter 5.
func TestMessage(t *testing.T) {
	for want, p := range map[string]api.Problem{
		"appKey无效":    {Code: api.InvalidAppKey},
		"字段类型错误：应为数组": {Code: api.WrongType, Field: "penaltylist", Detail: "应为数组"},
		"第1条 为空":      {Code: "unlisted", Detail: "第1条 为空"},
		"系统内部错误":      {Code: "unlisted"},
	} {
		if got := p.Message(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// S1: the status is that of the first problem.
func TestHTTPStatus(t *testing.T) {
	for _, c := range api.Codes() {
		a := api.Answer{Problems: []api.Problem{{Code: c.Code}, {Code: api.Internal}}}
		if got := a.HTTPStatus(); got != c.Status || a.Ack() != "FAILURE" {
			t.Errorf("%s: %d %s", c.Code, got, a.Ack())
		}
	}
	if a := (api.Answer{}); a.HTTPStatus() != 200 || a.Ack() != "SUCCESS" {
		t.Error("success is not 200 SUCCESS")
	}
}
