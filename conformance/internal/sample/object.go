// Package sample makes the cases that a conformance check sends: JSON objects whose members are in a known order, so
// that a check can leave one out, repeat it, or give it any value.
package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Object is a JSON object whose members stand in order, so that a check can leave one out, repeat it or turn it into
// anything.
type Object []pair

type pair struct {
	Name  string
	Value any // what encoding/json knows, object, []object, or json.RawMessage to the letter
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(JSON(p.Name))
		b.WriteByte(':')
		b.Write(JSON(p.Value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Bytes is the object as JSON, its members in their order.
func (o Object) Bytes() []byte { return JSON(o) }

// Text is Bytes as a string.
func (o Object) Text() string { return string(JSON(o)) }

// JSON is v as JSON, <, > and & as they are. Anything that checks send can be written.
func JSON(v any) []byte {
	switch v := v.(type) {
	case json.RawMessage:
		return v
	case Object:
		b, _ := v.MarshalJSON()
		return b
	case []Object:
		var items [][]byte
		for _, o := range v {
			items = append(items, o.Bytes())
		}
		return append(append([]byte{'['}, bytes.Join(items, []byte{','})...), ']')
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Bytes is a body in whatever form a check has it.
func Bytes(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case []byte:
		return b
	case string:
		return []byte(b)
	}
	return JSON(body)
}

// With is o with another value of a member: of the object itself, or of the first item of its list.
func (o Object) With(name string, value any) Object {
	c := slices.Clone(o)
	for i, p := range c {
		if items, ok := p.Value.([]Object); ok && len(items) > 0 && items[0].index(name) >= 0 && o.index(name) < 0 {
			items = slices.Clone(items)
			items[0] = items[0].With(name, value)
			c[i].Value = items
			return c
		}
		if p.Name == name {
			c[i].Value = value
			return c
		}
	}
	return append(c, pair{name, value})
}

// Without is o without a member, of the object itself or of the first item of its list.
func (o Object) Without(name string) Object {
	c := slices.Clone(o)
	if i := c.index(name); i >= 0 {
		return slices.Delete(c, i, i+1)
	}
	for i, p := range c {
		if items, ok := p.Value.([]Object); ok && len(items) > 0 {
			items = slices.Clone(items)
			items[0] = items[0].Without(name)
			c[i].Value = items
		}
	}
	return c
}

func (o Object) index(name string) int {
	return slices.IndexFunc(o, func(p pair) bool { return p.Name == name })
}

// Value is that of a member.
func (o Object) Value(name string) any { return o[o.index(name)].Value }

// Reversed has the members the other way round, those of the items too.
func (o Object) Reversed() Object {
	c := slices.Clone(o)
	slices.Reverse(c)
	for i, p := range c {
		if items, ok := p.Value.([]Object); ok {
			items = slices.Clone(items)
			for k := range items {
				items[k] = items[k].Reversed()
			}
			c[i].Value = items
		}
	}
	return c
}

// CaseMembers are the text members of a case in the order of clause 3.2.
func CaseMembers() []string {
	return []string{"caseid", "casename", "caseintroduction", "illegality", "penalty", "penaltydate", "penaltyorg"}
}

// ItemMembers are the members of an entity in the order of clause 4.1.
func ItemMembers() []string { return []string{"pripid", "uniscid", "legal", "enttype"} }

// Case is a case without problems that anybody can see is a test. Its one entity depends on n.
func Case(caseID string, n int) Object {
	return Object{
		{"caseid", caseID},
		{"casename", "接口联调测试案件，请勿处理"},
		{"caseintroduction", "接口联调测试"},
		{"illegality", "无正当理由超过六个月未开业"},
		{"penalty", "吊销营业执照"},
		{"penaltydate", "2024-05-20"},
		{"penaltyorg", "接口联调测试"},
		{"penaltylist", []Object{Entity(n)}},
	}
}

// Entity is an entity that depends on n.
func Entity(n int) Object {
	return Object{
		{"pripid", fmt.Sprintf("150100000022016%09d", n)},
		{"uniscid", CreditCode(n)},
		{"legal", "联调测试"},
		{"enttype", "1130"},
	}
}

// Items is a list of so many entities.
func Items(from, count int) (list []Object) {
	for i := range count {
		list = append(list, Entity(from+i))
	}
	return list
}

// CreditCode is a unified credit code (GB 32100) that is whole: its organisation code (GB 11714) and itself have their
// check characters.
func CreditCode(n int) string {
	body := fmt.Sprintf("MA%06d", n%1e6)
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * strings.IndexByte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", body[i])
	}
	code := "91150100" + body + string("0X987654321"[sum%11])
	return code + string(checkCharacter(code))
}

func checkCharacter(code string) byte {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for i := range len(code) {
		sum += weight * strings.IndexByte(alphabet, code[i])
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31]
}
