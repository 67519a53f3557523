package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

func login() members {
	return members{{"appKey", `"dxkey"`}, {"appSecret", `"geheim"`}, {"account", `"张三"`}}
}

// S2–S5, C6
func TestReadLogin(t *testing.T) {
	all := []string{"12002 appKey", "12003 appSecret", "12004 account"}
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"good":            {login().String(), nil},
		"any order":       {login().reversed().String(), nil},
		"parent template": {login().set("password", `"x"`).set("org_code", `["15"]`).String(), nil},
		"BOM":             {"\ufeff" + login().String(), nil},
		"nothing":         {`{}`, all},
		"empty":           {`{"account":"　","appSecret":"\u200b","appKey":null}`, all},
		"no appKey":       {login().without("appKey").String(), all[:1]},
		"no appSecret":    {login().without("appSecret").String(), all[1:2]},
		"no account":      {login().without("account").String(), all[2:]},
		"other case":      {`{"appkey":"a","AppSecret":"b","ACCOUNT":"c"}`, all},
		"wrong types": {
			`{"appKey":1,"appSecret":["a"],"account":{}}`,
			[]string{"19002 appKey", "19002 appSecret", "19002 account"},
		},
		"too long": {login().set("appKey", quote(strings.Repeat("长", 201))).
			set("appSecret", quote(strings.Repeat("s", 501))).set("account", quote(strings.Repeat("a", 201))).String(),
			[]string{"19004 appKey", "19004 appSecret", "19004 account"}},
		"twice":         {`{"appKey":"a","appKey":"a","appSecret":"b","account":"c"}`, []string{"19001 appKey"}},
		"escaped twin":  {`{"appKey":"a","appSecret":"b","account":"c","\u0061ccount":"d"}`, []string{"19001 account"}},
		"U+0000":        {login().set("x", `"\u0000"`).String(), []string{"19001 x"}},
		"array":         {list(login().String()), []string{"19001"}},
		"form":          {`appKey=a&appSecret=b`, []string{"19001"}},
		"empty body":    {``, []string{"19001"}},
		"trailing":      {login().String() + "1", []string{"19001"}},
		"GBK":           {"{\"account\":\"\xd5\xc5\"}", []string{"19001 account"}},
		"null":          {`null`, []string{"19001"}},
		"wrong and bad": {`{"appKey":7,"account":""}`, []string{"19002 appKey", "12003 appSecret", "12004 account"}},
	} {
		got, ps, err := api.ReadLogin(strings.NewReader(test.body))
		if diff := cmp.Diff(test.want, named(ps)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
		if want := (api.LoginRequest{AppKey: "dxkey", AppSecret: "geheim", Account: "张三"}); test.want == nil &&
			got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// S22
func TestReadQuery(t *testing.T) {
	for body, test := range map[string]struct {
		want     api.QueryRequest
		problems []string
	}{
		`{"acceptid":"1"}`:                     {api.QueryRequest{AcceptID: "1"}, nil},
		`{"caseid":"甲"}`:                       {api.QueryRequest{CaseID: "甲"}, nil},
		`{"caseid":"甲","acceptid":"1","x":[]}`: {api.QueryRequest{AcceptID: "1", CaseID: "甲"}, nil},
		`{"caseid":"甲","acceptid":null}`:       {api.QueryRequest{CaseID: "甲"}, nil},
		`{"acceptid":"","caseid":"甲"}`:         {api.QueryRequest{CaseID: "甲"}, nil},
		`{}`:                                   {problems: []string{"19013 acceptid"}},
		`{"accpetid":"1"}`:                     {problems: []string{"19013 acceptid"}},
		`{"acceptid":"","caseid":null}`:        {problems: []string{"19013 acceptid"}},
		`{"acceptid":1}`:                       {problems: []string{"19002 acceptid"}},
		`{"caseid":["甲"]}`:                     {problems: []string{"19002 caseid"}},
		`[]`:                                   {problems: []string{"19001"}},
	} {
		got, ps, err := api.ReadQuery(strings.NewReader(body))
		if diff := cmp.Diff(test.problems, named(ps)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", body, err, diff)
		}
		if len(ps) == 0 && got != test.want {
			t.Errorf("%s: %v", body, got)
		}
	}
}
