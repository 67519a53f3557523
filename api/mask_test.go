package api_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

func TestMaskSecrets(t *testing.T) {
	for text, want := range map[string]string{
		"":        "",
		"一句话":     "一句话",
		"token=x": "token=x",
		"POST /security/logout?access_token=a;b'c HTTP/1.1": "POST /security/logout?access_token=<a;b'c> HTTP/1.1",
		"https://h/?x=1&AccessToken=abc&y=2#z":              "https://h/?x=1&AccessToken=<abc>&y=2#z",
		"?access_token=a#b":                                 "?access_token=<a>#b",
		"?access_token=&x=1":                                "?access_token=&x=1",
		`<a href="/?access_token=a%20b">`:                   `<a href="/?access_token=<a%20b>">`,
		`{"accessToken" : "a","access_token":"a"}`:          `{"accessToken" : "<a>","access_token":"<a>"}`,
		`{"appKey":"k","appSecret":"a\"b","account":"张三"}`:  `{"appKey":"k","appSecret":"<a\"b>","account":"张三"}`,
		`{"app_secret":"a","PASSWORD":"b c"}`:               `{"app_secret":"<a>","PASSWORD":"<b c>"}`,
		`{"access_token":"","appSecret":null,"password":1}`: `{"access_token":"","appSecret":null,"password":1}`,
		"{\"access_token\":\"a\\\nb\"}":                     "{\"access_token\":\"<a\\\nb>\"}",
		`{"access_token":"cut her`:                          `{"access_token":"<cut her>`,
		`{"url":"/?access_token=a","n":1}`:                  `{"url":"/?access_token=<a>","n":1}`,
	} {
		if got := api.MaskSecrets(text, func(s string) string { return "<" + s + ">" }); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, d := range api.Dialects() {
		b := d.Append(nil, api.Answer{Call: api.Login, Token: "geheim"})
		if got := api.MaskSecrets(string(b), func(string) string { return "*" }); strings.Contains(got, "geheim") ||
			got == string(b) {
			t.Errorf("%s: %s", d, got)
		}
	}
}
