package trial

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"diaoxiao/conformance/internal/wire"
)

// Names are the names of one member of the document's answers: those that the document writes first, then those that
// are read in their place so that one wrong name does not hide everything else.
type Names []string

// AckNames are the names of ackCode.
func AckNames() Names { return Names{"ackCode", "ack_code"} }

// ErrorsNames are the names of errors.
func ErrorsNames() Names { return Names{"errors", "error"} }

// TokenNames are the names of the token of a login.
func TokenNames() Names { return Names{"access_token", "accessToken", "token"} }

// AcceptNames are the names of acceptid.
func AcceptNames() Names { return Names{"acceptid", "accpetid"} }

// codeNames are the names of the code of an error.
func codeNames() Names { return Names{"errorCode", "code", "errCode"} }

// textNames are the names of the text of an error.
func textNames() Names { return Names{"message", "msg", "errorMessage", "errorMsg"} }

// Documented are the spellings of the document; the others are only read.
func (n Names) Documented() []string {
	switch n[0] {
	case "ackCode", "acceptid":
		return n
	case "access_token":
		return n[:2]
	}
	return n[:1]
}

// plainName is a name without what spellings differ in.
func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// Find is the member that a generous reader takes for the one of these names: as the document spells it, or else in any
// case, with or without underscores.
func (n Names) Find(members map[string]json.RawMessage) (name string, value json.RawMessage) {
	for _, name := range n {
		if v, ok := members[name]; ok {
			return name, v
		}
	}
	for _, want := range n {
		for _, name := range sortedNames(members) {
			if plainName(name) == plainName(want) {
				return name, members[name]
			}
		}
	}
	return "", nil
}

func sortedNames(members map[string]json.RawMessage) (all []string) {
	for name := range members {
		all = append(all, name)
	}
	return slices.Sorted(slices.Values(all))
}

// Fault is the fault of the name that the member has in members; "" if there is none, or if the member is missing.
func (n Names) Fault(members map[string]json.RawMessage) string {
	name, _ := n.Find(members)
	if good := n.Documented(); name != "" && !slices.Contains(good, name) {
		return "成员名为 " + name + "，须为 " + strings.Join(good, " 或 ")
	}
	return ""
}

// TextFault is the fault of the member's type, which must be a string; "" if there is none, or if the member is
// missing.
func (n Names) TextFault(members map[string]json.RawMessage) string {
	name, value := n.Find(members)
	if kind := KindOfValue(value); name != "" && kind != "字符串" {
		return name + " 是" + kind + "，须为字符串"
	}
	return ""
}

// KindOfValue names the type of a JSON value.
func KindOfValue(v json.RawMessage) string {
	if len(v) == 0 {
		return "缺少"
	}
	switch v[0] {
	case '"':
		return "字符串"
	case '{':
		return "对象"
	case '[':
		return "数组"
	case 't', 'f':
		return "布尔值"
	case 'n':
		return " null"
	}
	return "数字"
}

// ValueText is a string, or a number to the letter; "" for anything else.
func ValueText(v json.RawMessage) (s string) {
	if json.Unmarshal(v, &s) != nil && KindOfValue(v) == "数字" {
		return string(v)
	}
	return s
}

// unwrapped is the JSON of a body, out of what servers put around it, and in words what that was.
func unwrapped(body []byte, encoding string) (plain []byte, around string) {
	if encoding == "gzip" {
		if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			if out, err := io.ReadAll(io.LimitReader(z, wire.MaxAnswer)); err == nil {
				body, around = out, "没有请求压缩，正文却是 gzip"
			}
		}
	}
	if rest, ok := bytes.CutPrefix(body, []byte("\ufeff")); ok {
		body, around = rest, "正文开头有 BOM（U+FEFF）"
	}
	var inner string
	if json.Unmarshal(body, &inner) == nil && strings.HasPrefix(strings.TrimSpace(inner), "{") {
		return []byte(inner), "正文是一个 JSON 字符串，对象写在字符串之内"
	}
	return body, around
}

// open takes the members of the interface out of an object that wraps them, {"data":{…}}, and returns its name.
func open(members map[string]json.RawMessage) (wrapper string) {
	for _, name := range sortedNames(members) {
		var inner map[string]json.RawMessage
		if json.Unmarshal(members[name], &inner) != nil || !slices.Contains(wrappers, name) && !wraps(inner, members) {
			continue
		}
		for in, value := range inner {
			if _, there := members[in]; !there {
				members[in], wrapper = value, name
			}
		}
	}
	return wrapper
}

// wrappers are names that servers give to the object with what was asked for.
var wrappers = []string{"data", "result", "body"}

// wraps reports whether an object has a member of the interface that the one around it lacks.
func wraps(inner, outer map[string]json.RawMessage) bool {
	return slices.ContainsFunc(
		[]Names{AckNames(), ErrorsNames()[:1], TokenNames()[:2], AcceptNames()},
		func(n Names) bool {
			here, _ := n.Find(outer)
			in, _ := n.Find(inner)
			return here == "" && in != ""
		},
	)
}

// entriesOf reads the entries of errors, also a single one that is no array.
func entriesOf(v json.RawMessage) (all []Entry) {
	var raw []map[string]json.RawMessage
	if json.Unmarshal(v, &raw) != nil {
		var one map[string]json.RawMessage
		if json.Unmarshal(v, &one) != nil || len(one) == 0 {
			return nil
		}
		raw = append(raw, one)
	}
	for _, members := range raw {
		all = append(all, Entry(members))
	}
	return all
}

// Fault is the first fault in the names, types or texts of an entry; "" if there is none.
func (e Entry) Fault() string {
	for _, n := range []Names{codeNames(), textNames()} {
		if name, _ := n.Find(e); name == "" {
			return "错误没有 " + n[0]
		}
		if f := n.Fault(e) + n.TextFault(e); f != "" {
			return "错误的" + f
		}
		if e.read(n) == "" {
			return fmt.Sprintf("错误的 %s 为空", n[0])
		}
	}
	return ""
}
