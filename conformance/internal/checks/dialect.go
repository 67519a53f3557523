package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// dialectChecks are those of C1 to C4 and C6: the spellings of answers.
func dialectChecks() []trial.Check {
	return []trial.Check{
		early(must("C1-01", "登录的应答以规范的写法给出令牌：access_token 或 accessToken", func(t *trial.Trial) {
			t.Login()
			t.Last().Unless("令牌的成员名为 access_token 或 accessToken", trial.TokenNames().Fault(t.Last().Members))
		})),
		always(must("C1-02", "同一内容的几种写法，值相同", func(t *trial.Trial) {
			t.Each("ackCode 与 ack_code、access_token 与 accessToken 相同", isEnvelope, func(a *trial.Answer) bool {
				return spelledAlike(a, "ackCode", "ack_code") && spelledAlike(a, "access_token", "accessToken")
			})
		})),
		always(must("C1-03", "登录应答的成员名始终是约定的那一种写法", func(t *trial.Trial) { spelled(t, api.Login) })),
		early(must("C2-01", "报送的应答以规范的写法给出受理号：acceptid 或 accpetid", func(t *trial.Trial) {
			a := t.Send(t.NewCase())
			a.Accepted()
			a.Unless("受理号的成员名为 acceptid 或 accpetid", trial.AcceptNames().Fault(a.Members))
		})),
		always(must("C2-02", "acceptid 与 accpetid 同时给出时，值相同", func(t *trial.Trial) {
			t.Each("acceptid 与 accpetid 相同", isEnvelope, func(a *trial.Answer) bool {
				return spelledAlike(a, "acceptid", "accpetid")
			})
		})),
		always(must("C2-03", "报送和注销应答的成员名始终是约定的那一种写法", func(t *trial.Trial) { spelled(t, api.Receive, api.Logout) })),
		always(should("C3-01", "每条错误另有 name", func(t *trial.Trial) {
			t.Each("errors 的每一条有字符串 name", hasErrors, func(a *trial.Answer) bool {
				return !slices.ContainsFunc(a.Errors, func(e trial.Entry) bool { return e.Text("name") == "" })
			})
		})),
		always(should("C3-02", "name 按接口为规定的文字", func(t *trial.Trial) {
			t.Each("接口登录失败、注销会话失败、接收批量吊销信息失败", ofDocument, func(a *trial.Answer) bool {
				return !slices.ContainsFunc(a.Errors, func(e trial.Entry) bool {
					return e.Text("name") != "" && e.Text("name") != a.Sent.Call.Failure()
				})
			})
		})),
		always(must("C3-03", "错误的成员名是约定的那一种写法", spelledErrors)),
		should("C3-04", "field 指出出错成员的位置（写法 all）", func(t *trial.Trial) {
			c := t.NewCase()
			list := append(sample.Items(t.Seed(), 3), sample.Entity(t.Seed()+9).With("uniscid", ""))
			e := t.Send(c.With("penaltylist", list)).Refused(api.EmptyItem).EntryOf(api.EmptyItem)
			if e.Text("field") == "" {
				t.NotOffered("错误中没有 field")
			}
			t.Last().Also("field 为 penaltylist[3].uniscid", e.Text("field") == "penaltylist[3].uniscid")
		}),
		should("C4-01", "12002 的说明为“appKey无效”", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin().Without("appKey")).RefusedWith(api.InvalidAppKey).
				Says(api.InvalidAppKey, "appKey无效")
		}),
		should("C6-01", "登录正文中另有成员（password、org_code 等），不予理会", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin().With("password", "p").With("org_code", []string{"15"}).With("remark", nil)).
				Succeeds()
		}),
	}
}

// spelledAlike reports whether of two spellings at most one is there, or both with the same value.
func spelledAlike(a *trial.Answer, one, other string) bool {
	x, there := a.Members[one]
	y, too := a.Members[other]
	return !there || !too || string(x) == string(y)
}

func ofDocument(a *trial.Answer) bool {
	return hasErrors(a) && utf8.Valid(a.Body) &&
		(a.Sent.Call == api.Login || a.Sent.Call == api.Logout || a.Sent.Call == api.Receive) && a.Sent.Path == ""
}

// identified reports whether the target knew whom it answered: only then can it use the spelling that is agreed.
func identified(a *trial.Answer) bool {
	named := a.Sent.Call != api.Login || bytes.Contains(a.Sent.Body, []byte(`"appKey"`))
	return isEnvelope(a) && a.Sent.Path == "" && a.Status == 200 && named && !a.Has(api.InvalidToken) &&
		!a.Has(api.InvalidAppKey)
}

// spelled demands of the answers to calls that they have exactly the members of the dialect.
func spelled(t *trial.Trial, calls ...api.Call) {
	s := speller{dialect: t.Dialect, seen: make(map[string]string)}
	t.Each("成员名："+s.wanted(), func(a *trial.Answer) bool {
		return identified(a) && !a.Misshapen() && slices.Contains(calls, a.Sent.Call)
	}, func(a *trial.Answer) bool {
		return s.fits(kindOf(a), a.Names, func(d api.Dialect) []string { return trial.NamesOf(d.Append(nil, like(a))) })
	})
}

// spelledErrors demands the same of the entries of errors.
func spelledErrors(t *trial.Trial) {
	s := speller{dialect: t.Dialect, seen: make(map[string]string)}
	if t.Dialect == trial.AnyDialect {
		t.Untested("未约定写法；用 --dialect 指定")
	}
	t.Each(
		"错误的成员名："+s.wanted(),
		func(a *trial.Answer) bool { return identified(a) && !a.Misshapen() && len(a.Errors) > 0 },
		func(a *trial.Answer) bool {
			var raw []json.RawMessage
			_, list := trial.ErrorsNames().Find(a.Members)
			json.Unmarshal(list, &raw)
			return !slices.ContainsFunc(raw, func(e json.RawMessage) bool {
				return !s.fits("entry", withoutField(trial.NamesOf(e), t.Dialect), func(api.Dialect) []string {
					return []string{"name", "errorCode", "message"}
				})
			})
		},
	)
}

// withoutField leaves field out where the dialect has it for some errors.
func withoutField(names []string, dialect string) []string {
	if dialect != string(api.All) {
		return names
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "field" })
}

// kindOf groups answers that must have the same members.
func kindOf(a *trial.Answer) string { return fmt.Sprint(a.Sent.Call, a.OK()) }

// like is an answer of package api that has the same members in every dialect.
func like(a *trial.Answer) api.Answer {
	x := api.Answer{Call: a.Sent.Call}
	switch {
	case !a.OK():
		x.Problems = []api.Problem{{Code: api.Internal}}
	case x.Call == api.Login:
		x.Token = "x"
	case x.Call == api.Receive:
		x.AcceptID = "x"
	}
	return x
}

// speller compares the members of answers with those of a dialect, or with those of earlier answers.
type speller struct {
	dialect string
	seen    map[string]string
	out     []api.Dialect // strict: dialects that are ruled out
}

func (s *speller) wanted() string {
	switch s.dialect {
	case trial.AnyDialect:
		return "同一接口的应答，规范的成员始终是相同的几个"
	case trial.StrictDialect:
		return "恰为规范的一种写法（table、example 或 overview）"
	}
	return "恰为写法 " + s.dialect
}

func (s *speller) fits(kind string, names []string, of func(api.Dialect) []string) bool {
	got := sorted(names)
	switch s.dialect {
	case trial.AnyDialect:
		got = sorted(slices.DeleteFunc(slices.Clone(names), func(n string) bool {
			return !slices.Contains(spellings, n)
		}))
		if _, ok := s.seen[kind]; !ok {
			s.seen[kind] = got
		}
		return s.seen[kind] == got
	case trial.StrictDialect:
		for _, d := range api.Dialects() {
			if d != api.All && !slices.Contains(s.out, d) && sorted(of(d)) != got {
				s.out = append(s.out, d)
			}
		}
		return len(s.out) < len(api.Dialects())-1
	}
	return sorted(of(api.Dialect(s.dialect))) == got
}

// spellings are the document's members of answers. A target may have others of its own, also now and then.
var spellings = slices.Concat(
	trial.AckNames().Documented(), trial.ErrorsNames().Documented(), trial.TokenNames().Documented(),
	trial.AcceptNames().Documented(),
)

func sorted(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), " ") }
