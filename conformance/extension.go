package conformance

import (
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
)

// extensionChecks are those of S23: the codes that the document lacks. A target may refuse with others of its own.
func extensionChecks() []Check {
	checks := []Check{
		always(must("S23-01", "规范的错误代码不另作他用", func(t *trial) {
			t.each("12002 至 14008 的说明与第 5 章一致", func(a *answer) bool { return slices.ContainsFunc(a.errors, defined) }, func(a *answer) bool {
				return !slices.ContainsFunc(a.errors, func(e entry) bool { return defined(e) && e.message() != "" && alienTo(e) })
			})
		})),
		should("S23-02", "规范没有的情形，错误代码不用规范的", func(t *trial) {
			for _, body := range []string{"{", "[]", ""} {
				a := t.send(body).refused()
				a.also("错误代码不在 12002 至 14008 之中", !slices.ContainsFunc(a.errors, defined))
			}
		}),
	}
	for _, x := range extensions() {
		info := x.code.Info()
		checks = append(checks, should("S23-"+string(x.code), fmt.Sprintf("%s %s，HTTP %d（扩展代码）", x.code, info.Message, info.Status), func(t *trial) {
			a := x.provoke(t)
			if a.ok() || !a.has(x.code) {
				a.step.OK = true
				t.notOffered("这种情形不答 %s", x.code)
			}
			a.refusedWith(x.code).says(x.code, info.Message).also(fmt.Sprintf("HTTP %d", info.Status), a.status == info.Status)
		}))
	}
	return checks
}

// defined reports whether an entry has a code of chapter 5.
func defined(e entry) bool {
	info := api.Code(e.code()).Info()
	return info.Document && string(info.Code) == e.code()
}

// alienTo reports whether the message of an entry with a code of chapter 5 is that of another code.
func alienTo(e entry) bool {
	return slices.ContainsFunc(api.Codes(), func(i api.CodeInfo) bool {
		return string(i.Code) != e.code() && strings.HasPrefix(e.message(), i.Message) &&
			!strings.HasPrefix(e.message(), api.Code(e.code()).Info().Message)
	})
}

type extension struct {
	code    api.Code
	provoke func(*trial) *answer
}

// extensions are the codes of S23 that can be provoked from outside.
func extensions() []extension {
	return []extension{
		{api.InvalidJSON, func(t *trial) *answer { return t.send("{") }},
		{api.WrongType, func(t *trial) *answer { return t.send(t.newCase().with("legal", true)) }},
		{api.InvalidDate, func(t *trial) *answer { return t.send(t.newCase().with("penaltydate", "2026-02-30")) }},
		{api.TooLong, func(t *trial) *answer { return t.send(t.newCase().with("legal", strings.Repeat("长", 201))) }},
		{api.Conflict, func(t *trial) *answer {
			c := t.newCase()
			t.send(c).accepted()
			return t.send(c.with("penalty", "罚款"))
		}},
		{api.UnsupportedMediaType, func(t *trial) *answer { return t.send(t.newCase(), "Content-Type", "text/plain") }},
		{api.MethodNotAllowed, func(t *trial) *answer { return t.do(request{method: "PUT", call: api.Login}) }},
		{api.NoSuchCall, func(t *trial) *answer { return t.do(request{path: "/security/noSuchCall"}) }},
		{api.NoSuchCase, func(t *trial) *answer { return queryCase(t, "caseid", t.caseID()+"没有") }},
	}
}
