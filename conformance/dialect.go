package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
)

// dialectChecks are those of C1 to C4 and C6: the spellings of answers.
func dialectChecks() []Check {
	return []Check{
		early(must("C1-01", "登录的应答以规范的写法给出令牌：access_token 或 accessToken", func(t *trial) {
			t.login()
			t.last().unless("令牌的成员名为 access_token 或 accessToken", tokenNames().fault(t.last().members))
		})),
		always(must("C1-02", "同一内容的几种写法，值相同", func(t *trial) {
			t.each("ackCode 与 ack_code、access_token 与 accessToken 相同", isEnvelope, func(a *answer) bool {
				return spelledAlike(a, "ackCode", "ack_code") && spelledAlike(a, "access_token", "accessToken")
			})
		})),
		always(must("C1-03", "登录应答的成员名始终是约定的那一种写法", func(t *trial) { spelled(t, api.Login) })),
		early(must("C2-01", "报送的应答以规范的写法给出受理号：acceptid 或 accpetid", func(t *trial) {
			a := t.send(t.newCase())
			a.accepted()
			a.unless("受理号的成员名为 acceptid 或 accpetid", acceptNames().fault(a.members))
		})),
		always(must("C2-02", "acceptid 与 accpetid 同时给出时，值相同", func(t *trial) {
			t.each("acceptid 与 accpetid 相同", isEnvelope, func(a *answer) bool { return spelledAlike(a, "acceptid", "accpetid") })
		})),
		always(must("C2-03", "报送和注销应答的成员名始终是约定的那一种写法", func(t *trial) { spelled(t, api.Receive, api.Logout) })),
		always(should("C3-01", "每条错误另有 name", func(t *trial) {
			t.each("errors 的每一条有字符串 name", hasErrors, func(a *answer) bool {
				return !slices.ContainsFunc(a.errors, func(e entry) bool { return e.text("name") == "" })
			})
		})),
		always(should("C3-02", "name 按接口为规定的文字", func(t *trial) {
			t.each("接口登录失败、注销会话失败、接收批量吊销信息失败", ofDocument, func(a *answer) bool {
				return !slices.ContainsFunc(a.errors, func(e entry) bool { return e.text("name") != "" && e.text("name") != a.sent.call.Failure() })
			})
		})),
		always(must("C3-03", "错误的成员名是约定的那一种写法", spelledErrors)),
		should("C3-04", "field 指出出错成员的位置（写法 all）", func(t *trial) {
			c := t.newCase()
			list := append(items(t.seed(), 3), entity(t.seed()+9).with("uniscid", ""))
			e := t.send(c.with("penaltylist", list)).refused(api.EmptyItem).entryOf(api.EmptyItem)
			if e.text("field") == "" {
				t.notOffered("错误中没有 field")
			}
			t.last().also("field 为 penaltylist[3].uniscid", e.text("field") == "penaltylist[3].uniscid")
		}),
		should("C4-01", "12002 的说明为“appKey无效”", func(t *trial) {
			t.loginWith(t.fullLogin().without("appKey")).refusedWith(api.InvalidAppKey).says(api.InvalidAppKey, "appKey无效")
		}),
		should("C6-01", "登录正文中另有成员（password、org_code 等），不予理会", func(t *trial) {
			t.loginWith(t.fullLogin().with("password", "p").with("org_code", []string{"15"}).with("remark", nil)).succeeds()
		}),
	}
}

// spelledAlike reports whether of two spellings at most one is there, or both with the same value.
func spelledAlike(a *answer, one, other string) bool {
	x, there := a.members[one]
	y, too := a.members[other]
	return !there || !too || string(x) == string(y)
}

func ofDocument(a *answer) bool {
	return hasErrors(a) && utf8.Valid(a.body) && (a.sent.call == api.Login || a.sent.call == api.Logout || a.sent.call == api.Receive) && a.sent.path == ""
}

// identified reports whether the target knew whom it answered: only then can it use the spelling that is agreed.
func identified(a *answer) bool {
	named := a.sent.call != api.Login || bytes.Contains(a.sent.body, []byte(`"appKey"`))
	return isEnvelope(a) && a.sent.path == "" && a.status == 200 && named && !a.has(api.InvalidToken) && !a.has(api.InvalidAppKey)
}

// spelled demands of the answers to calls that they have exactly the members of the dialect.
func spelled(t *trial, calls ...api.Call) {
	s := speller{dialect: t.Dialect, seen: make(map[string]string)}
	t.each("成员名："+s.wanted(), func(a *answer) bool { return identified(a) && !a.misshapen() && slices.Contains(calls, a.sent.call) }, func(a *answer) bool {
		return s.fits(kindOf(a), a.names, func(d api.Dialect) []string { return namesOf(d.Append(nil, like(a))) })
	})
}

// spelledErrors demands the same of the entries of errors.
func spelledErrors(t *trial) {
	s := speller{dialect: t.Dialect, seen: make(map[string]string)}
	if t.Dialect == AnyDialect {
		t.untested("未约定写法；用 --dialect 指定")
	}
	t.each("错误的成员名："+s.wanted(), func(a *answer) bool { return identified(a) && !a.misshapen() && len(a.errors) > 0 }, func(a *answer) bool {
		var raw []json.RawMessage
		_, list := errorsNames().find(a.members)
		json.Unmarshal(list, &raw)
		return !slices.ContainsFunc(raw, func(e json.RawMessage) bool {
			return !s.fits("entry", withoutField(namesOf(e), t.Dialect), func(api.Dialect) []string { return []string{"name", "errorCode", "message"} })
		})
	})
}

// withoutField leaves field out where the dialect has it for some errors.
func withoutField(names []string, dialect string) []string {
	if dialect != string(api.All) {
		return names
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "field" })
}

// kindOf groups answers that must have the same members.
func kindOf(a *answer) string { return fmt.Sprint(a.sent.call, a.ok()) }

// like is an answer of package api that has the same members in every dialect.
func like(a *answer) api.Answer {
	x := api.Answer{Call: a.sent.call}
	switch {
	case !a.ok():
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
	case AnyDialect:
		return "同一接口的应答，规范的成员始终是相同的几个"
	case StrictDialect:
		return "恰为规范的一种写法（table、example 或 overview）"
	}
	return "恰为写法 " + s.dialect
}

func (s *speller) fits(kind string, names []string, of func(api.Dialect) []string) bool {
	got := sorted(names)
	switch s.dialect {
	case AnyDialect:
		got = sorted(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(spellings, n) }))
		if _, ok := s.seen[kind]; !ok {
			s.seen[kind] = got
		}
		return s.seen[kind] == got
	case StrictDialect:
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
var spellings = slices.Concat(ackNames().documented(), errorsNames().documented(), tokenNames().documented(), acceptNames().documented())

func sorted(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), " ") }
