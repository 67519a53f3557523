package checks

import (
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// extensionChecks are those of S23: the codes that the document lacks. A target may refuse with others of its own.
func extensionChecks() []trial.Check {
	checks := []trial.Check{
		always(must("S23-01", "规范的错误代码不另作他用", func(t *trial.Trial) {
			t.Each(
				"12002 至 14008 的说明与第 5 章一致",
				func(a *trial.Answer) bool { return slices.ContainsFunc(a.Errors, defined) },
				func(a *trial.Answer) bool {
					return !slices.ContainsFunc(a.Errors, func(e trial.Entry) bool {
						return defined(e) && e.Message() != "" && alienTo(e)
					})
				},
			)
		})),
		should("S23-02", "规范没有的情形，错误代码不用规范的", func(t *trial.Trial) {
			for _, body := range []string{"{", "[]", ""} {
				a := t.Send(body).Refused()
				a.Also("错误代码不在 12002 至 14008 之中", !slices.ContainsFunc(a.Errors, defined))
			}
		}),
	}
	for _, x := range extensions() {
		info := x.code.Info()
		checks = append(checks, should(
			"S23-"+string(x.code),
			fmt.Sprintf("%s %s，HTTP %d（扩展代码）", x.code, info.Message, info.Status),
			func(t *trial.Trial) {
				a := x.provoke(t)
				if a.OK() || !a.Has(x.code) {
					a.Step.OK = true
					t.NotOffered("这种情形不答 %s", x.code)
				}
				a.RefusedWith(x.code).Says(x.code, info.Message).
					Also(fmt.Sprintf("HTTP %d", info.Status), a.Status == info.Status)
			},
		))
	}
	return checks
}

// defined reports whether an entry has a code of chapter 5.
func defined(e trial.Entry) bool {
	info := api.Code(e.Code()).Info()
	return info.Document && string(info.Code) == e.Code()
}

// alienTo reports whether the message of an entry with a code of chapter 5 is that of another code.
func alienTo(e trial.Entry) bool {
	return slices.ContainsFunc(api.Codes(), func(i api.CodeInfo) bool {
		return string(i.Code) != e.Code() && strings.HasPrefix(e.Message(), i.Message) &&
			!strings.HasPrefix(e.Message(), api.Code(e.Code()).Info().Message)
	})
}

type extension struct {
	code    api.Code
	provoke func(*trial.Trial) *trial.Answer
}

// extensions are the codes of S23 that can be provoked from outside.
func extensions() []extension {
	return []extension{
		{api.InvalidJSON, func(t *trial.Trial) *trial.Answer { return t.Send("{") }},
		{api.WrongType, func(t *trial.Trial) *trial.Answer { return t.Send(t.NewCase().With("legal", true)) }},
		{
			api.InvalidDate,
			func(t *trial.Trial) *trial.Answer { return t.Send(t.NewCase().With("penaltydate", "2026-02-30")) },
		},
		{api.TooLong, func(t *trial.Trial) *trial.Answer {
			return t.Send(t.NewCase().With("legal", strings.Repeat("长", 201)))
		}},
		{api.Conflict, func(t *trial.Trial) *trial.Answer {
			c := t.NewCase()
			t.Send(c).Accepted()
			return t.Send(c.With("penalty", "罚款"))
		}},
		{
			api.UnsupportedMediaType,
			func(t *trial.Trial) *trial.Answer { return t.Send(t.NewCase(), "Content-Type", "text/plain") },
		},
		{
			api.MethodNotAllowed,
			func(t *trial.Trial) *trial.Answer { return t.Do(wire.Request{Method: "PUT", Call: api.Login}) },
		},
		{
			api.NoSuchCall,
			func(t *trial.Trial) *trial.Answer { return t.Do(wire.Request{Path: "/security/noSuchCall"}) },
		},
		{api.NoSuchCase, func(t *trial.Trial) *trial.Answer { return queryCase(t, "caseid", t.CaseID()+"没有") }},
	}
}
