package api_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// Anything that a server answers in any dialect is read back as it was meant.
func TestReadAnswerReadsEveryDialect(t *testing.T) {
	for _, want := range answers() {
		for _, d := range api.Dialects() {
			got, err := api.ReadAnswer(d.Append(nil, want), want.Call)
			if err != nil {
				t.Fatalf("%s %s: %v", d, want.Call, err)
			}
			meant := want
			if d != api.All { // only all names the field
				meant.Problems = nil
				for _, p := range want.Problems {
					meant.Problems = append(meant.Problems, api.Problem{Code: p.Code, Detail: p.Detail})
				}
			}
			if diff := cmp.Diff(meant, got); diff != "" {
				t.Errorf("%s %s: (-meant +read)\n%s", d, want.Call, diff)
			}
		}
	}
}

// Answers of other implementations, whose success or refusal is plain.
func TestReadAnswerOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		call api.Call
		text string
		want api.Answer
	}{
		"byte-order mark, null errors": {
			api.Receive,
			"\ufeff" + `{"ackCode":"SUCCESS","errors":null,"acceptid":"7","data":{}}`,
			api.Answer{Call: api.Receive, AcceptID: "7"},
		},
		"a number for an acceptid": {
			api.Receive,
			`{"ack_code":"SUCCESS","accpetid":202405200000000017}`,
			api.Answer{Call: api.Receive, AcceptID: "202405200000000017"},
		},
		"one spelling empty": {
			api.Login,
			`{"ackCode":"SUCCESS","access_token":"","accessToken":"t"}`,
			api.Answer{Call: api.Login, Token: "t"},
		},
		"a number for a code": {
			api.Login,
			`{"ackCode":"FAILURE","errors":[{"errorCode":12002,"message":"app_key无效"}]}`,
			refusedWith(api.Login, "12002", "app_key无效"),
		},
		"a code of its own": {
			api.Receive,
			`{"ackCode":"FAILURE","errors":[{"errorCode":"99","message":"重复"}]}`,
			refusedWith(api.Receive, "99", "重复"),
		},
		"no reason": {api.Receive, `{"ackCode":"FAILURE"}`, refusedWith(api.Receive, "", "应答为FAILURE，没有说明原因")},
	} {
		got, err := api.ReadAnswer([]byte(c.text), c.call)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func refusedWith(c api.Call, code api.Code, detail string) api.Answer {
	return api.Answer{Call: c, Problems: []api.Problem{{Code: code, Detail: detail}}}
}

// Anything that leaves open what became of the request is neither success nor refusal.
func TestReadAnswerRefusesToGuess(t *testing.T) {
	for _, text := range []string{
		``, ` `, `null`, `[]`, `"SUCCESS"`, `SUCCESS`, `<html>SUCCESS</html>`, `{`,
		`{"ackCode":"SUCCESS","acceptid":"7"`, `{}`, `{"acceptid":"7"}`, `{"ackCode":"success","acceptid":"7"}`,
		`{"ackcode":"SUCCESS","acceptid":"7"}`, `{"ackCode":true,"acceptid":"7"}`, `{"ackCode":"SUCCESS"}`,
		`{"ackCode":"SUCCESS","acceptid":""}`, `{"ackCode":"SUCCESS","acceptid":null}`,
		`{"ackCode":"SUCCESS","acceptid":{}}`, `{"ackCode":"SUCCESS","ack_code":"FAILURE","acceptid":"7"}`,
		`{"ackCode":"SUCCESS","acceptid":"7","accpetid":"8"}`,
		`{"ackCode":"SUCCESS","errors":[{"errorCode":"14000"}],"acceptid":"7"}`,
		`{"ackCode":"FAILURE","errors":"14000"}`, `{"ackCode":"FAILURE","errors":[14000]}`,
		`{"ackCode":"SUCCESS","acceptid":"7"}{}`,
	} {
		if a, err := api.ReadAnswer([]byte(text), api.Receive); !errors.Is(err, api.ErrNotAnswer) || a.AcceptID != "" {
			t.Errorf("%s: %+v, %v", text, a, err)
		}
	}
	for call, text := range map[api.Call]string{
		api.Login: `{"ackCode":"SUCCESS","errors":[]}`,
		api.Query: `{"ackCode":"SUCCESS","acceptid":"7","items":"many"}`,
		api.List:  `{"ackCode":"SUCCESS","errors":[]}`,
	} {
		if a, err := api.ReadAnswer([]byte(text), call); !errors.Is(err, api.ErrNotAnswer) {
			t.Errorf("%s %s: %+v, %v", call, text, a, err)
		}
	}
}

// A refusal is asked for its codes, and names them with their messages.
func TestRefusalIs(t *testing.T) {
	var err error = &api.Refusal{Problems: []api.Problem{
		{Code: api.EmptyCaseID},
		{Code: api.EmptyItem, Detail: "第1条 legal"},
	}}
	if !errors.Is(err, api.EmptyItem) || !errors.Is(err, api.EmptyCaseID) || errors.Is(err, api.Conflict) ||
		errors.Is(err, errors.ErrUnsupported) {
		t.Error("Is does not tell the codes")
	}
	if want := "14000 案件编号不能为空; 14008 吊销市场主体清单内容不能有空：第1条 legal"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	if got := api.Conflict.Error(); got != "19005" {
		t.Errorf("%q", got)
	}
}
