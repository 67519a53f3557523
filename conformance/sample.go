package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// object is a JSON object whose members stand in order, so that a check can leave one out, repeat it or turn it into
// anything.
type object []pair

type pair struct {
	name  string
	value any // what encoding/json knows, object, []object, or json.RawMessage to the letter
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(jsonOf(p.name))
		b.WriteByte(':')
		b.Write(jsonOf(p.value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o object) bytes() []byte { return jsonOf(o) }
func (o object) text() string  { return string(jsonOf(o)) }

// jsonOf is v as JSON, <, > and & as they are. What checks send can be written.
func jsonOf(v any) []byte {
	switch v := v.(type) {
	case json.RawMessage:
		return v
	case object:
		b, _ := v.MarshalJSON()
		return b
	case []object:
		var items [][]byte
		for _, o := range v {
			items = append(items, o.bytes())
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

// bytesOf is a body in whatever form a check has it.
func bytesOf(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case []byte:
		return b
	case string:
		return []byte(b)
	}
	return jsonOf(body)
}

// with is o with another value of a member: of the object itself, or of the first item of its list.
func (o object) with(name string, value any) object {
	c := slices.Clone(o)
	for i, p := range c {
		if items, ok := p.value.([]object); ok && len(items) > 0 && items[0].index(name) >= 0 && o.index(name) < 0 {
			items = slices.Clone(items)
			items[0] = items[0].with(name, value)
			c[i].value = items
			return c
		}
		if p.name == name {
			c[i].value = value
			return c
		}
	}
	return append(c, pair{name, value})
}

// without is o without a member, of the object itself or of the first item of its list.
func (o object) without(name string) object {
	c := slices.Clone(o)
	if i := c.index(name); i >= 0 {
		return slices.Delete(c, i, i+1)
	}
	for i, p := range c {
		if items, ok := p.value.([]object); ok && len(items) > 0 {
			items = slices.Clone(items)
			items[0] = items[0].without(name)
			c[i].value = items
		}
	}
	return c
}

func (o object) index(name string) int {
	return slices.IndexFunc(o, func(p pair) bool { return p.name == name })
}

// value is that of a member.
func (o object) value(name string) any { return o[o.index(name)].value }

// reversed has the members the other way round, those of the items too.
func (o object) reversed() object {
	c := slices.Clone(o)
	slices.Reverse(c)
	for i, p := range c {
		if items, ok := p.value.([]object); ok {
			items = slices.Clone(items)
			for k := range items {
				items[k] = items[k].reversed()
			}
			c[i].value = items
		}
	}
	return c
}

// caseMembers are the text members of a case in the order of clause 3.2.
func caseMembers() []string {
	return []string{"caseid", "casename", "caseintroduction", "illegality", "penalty", "penaltydate", "penaltyorg"}
}

// itemMembers are the members of an entity in the order of clause 4.1.
func itemMembers() []string { return []string{"pripid", "uniscid", "legal", "enttype"} }

// sample is a case without problems that anybody can see is a test. Its one entity depends on n.
func sample(caseID string, n int) object {
	return object{
		{"caseid", caseID},
		{"casename", "接口联调测试案件，请勿处理"},
		{"caseintroduction", "接口联调测试"},
		{"illegality", "无正当理由超过六个月未开业"},
		{"penalty", "吊销营业执照"},
		{"penaltydate", "2024-05-20"},
		{"penaltyorg", "接口联调测试"},
		{"penaltylist", []object{entity(n)}},
	}
}

// entity is an entity that depends on n.
func entity(n int) object {
	return object{
		{"pripid", fmt.Sprintf("150100000022016%09d", n)},
		{"uniscid", creditCode(n)},
		{"legal", "联调测试"},
		{"enttype", "1130"},
	}
}

// items is a list of so many entities.
func items(from, count int) (list []object) {
	for i := range count {
		list = append(list, entity(from+i))
	}
	return list
}

// creditCode is a unified credit code (GB 32100) that is whole: its organisation code (GB 11714) and itself have their
// check characters.
func creditCode(n int) string {
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
