package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
)

// ascii is the body of a case all of whose texts but legal are ASCII.
func ascii(caseID, legal string) string {
	c := caseOf(caseID)
	c.CaseName, c.CaseIntroduction, c.Illegality = "name", "introduction", "illegality"
	c.Penalty, c.PenaltyOrg = "penalty", "org"
	c.PenaltyList[0].Legal = legal
	return jsonOf(c)
}

// S11: a body that is UTF-8 in spite of the charset that is declared would be read as other characters. It is refused,
// and the reason names the header.
func TestS11UTF8DeclaredAsGBK(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for kind, declared := range map[string]string{
		"application/json;charset=GBK":        "GBK",
		"application/json; charset=gbk":       "GBK",
		"application/json; charset=GB2312":    "GB2312",
		`application/json; charset="gb18030"`: "GB18030",
		"text/json; charset=cp936":            "CP936",
		asGB18030:                             "GB18030",
	} {
		for name, body := range map[string]string{
			"even":           ascii("1", "长期停业"),
			"odd":            ascii("1", "长期停"),
			"one character":  ascii("1", "张"),
			"four bytes":     ascii("1", "𠮷𠮷"),
			"with a BOM":     "\ufeff" + bodyOf("呼市监罚〔2026〕1号"),
			"ordinary":       bodyOf("呼市监罚〔2026〕1号"),
			"a name dot":     ascii("1", "Ivan·Petrov"),
			"a Latin name":   ascii("1", "Müller"),
			"member unknown": strings.Replace(ascii("1", "x"), "{", `{"备注":1,`, 1),
			"not JSON":       ascii("1", "长期停业")[1:],
			"not whole":      strings.TrimSuffix(ascii("1", "长期停业"), "}"),
			"problems":       ascii("", "长期停业"),
			"large":          padded("1", 200<<10),
			"at the end":     strings.TrimSuffix(ascii("1", "x"), "}") + strings.Repeat(" ", 200<<10) + `,"x":"长期停业"}`,
			"at the start":   `{"x":"长期停业",` + strings.Repeat(" ", 200<<10) + ascii("1", "x")[1:],
			"across pieces": strings.Replace(
				ascii("1", "x"),
				"{",
				`{"x":"`+strings.Repeat("x", 64<<10-7)+"长期"+strings.Repeat("x", 200<<10)+`",`,
				1,
			),
		} {
			a := s.refused(t, name, body, 400, "19001", "Content-Type", kind)
			want := "请求正文不是有效的JSON：Content-Type声明" + declared + "，而正文是UTF-8。请声明charset=UTF-8，或按" + declared + "编码正文"
			if len(a.Errors) != 1 || a.Errors[0].Message != want || a.Errors[0].Field != "Content-Type" {
				t.Errorf("%s as %s: %s", name, kind, a.Body)
			}
			if r := d.record(t, a); r.CaseID != "" || r.Codes != "19001" {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

// Any length of the text before puts the characters across the pieces in which a body is read, and the last one at the
// very end.
func TestS11UTF8DeclaredAsGBKAnywhere(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, at := range []int{64<<10 - 2, 64<<10 - 1, 64 << 10, 96<<10 - 1, 128<<10 - 2} {
		head := `{"x":"` + strings.Repeat("x", at-6)
		for name, body := range map[string]string{
			"member":        head + `停业",` + ascii("1", "x")[1:],
			"end of a case": ascii("1", "x") + strings.Repeat(" ", at) + "停业",
		} {
			a := s.send(t, body, "Content-Type", "application/json; charset=GBK")
			if a.codes() != "19001" || !strings.Contains(a.Errors[0].Message, "Content-Type声明GBK，而正文是UTF-8") {
				t.Errorf("%s at %d: %s", name, at, a.Body)
			}
		}
	}
}

// S11: what can be GBK is taken for what it is declared to be: a short text in GBK may be valid UTF-8 by chance.
func TestS11GBKThatCouldBeUTF8(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for i, legal := range []string{"毛伟", "路", "陆梅", "卢旅", "毛毛", "鲁路"} {
		for j, kind := range []string{"application/json; charset=GBK", "application/json; charset=GB2312", asGB18030} {
			c := ascii(fmt.Sprintf("%d-%d", i, j), legal)
			id := s.accept(t, mustGBK(c), "Content-Type", kind)
			d.holdStored(t, id, mustGBK(c))
			if a := s.accept(t, c); a != id {
				t.Errorf("%s was not read as itself", legal)
			}
		}
	}
	for _, kind := range []string{"application/json; charset=GBK", asGB18030} {
		s.accept(t, ascii("plain"+kind, "zhang"), "Content-Type", kind)
	}
}

// S11: the other calls refuse such a body too; a caseid asked for would be another one.
func TestS11UTF8DeclaredAsGBKInOtherCalls(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	s.accept(t, bodyOf("长期"))
	const kind = "application/json; charset=GBK"
	account := strings.Replace(s.credentials(), `"`+s.account+`"`, `"张三"`, 1)
	for name, a := range map[string]answer{
		"login":   d.post(t, "/security/login", account, "Content-Type", kind),
		"query":   d.post(t, s.call(api.Query), `{"caseid":"长期"}`, "Content-Type", kind),
		"receipt": d.post(t, s.call(api.Receipt), `{"acceptid":"长期"}`, "Content-Type", kind),
		"list":    d.post(t, s.call(api.List), `{"after":"长期"}`, "Content-Type", kind),
	} {
		if a.Status != 400 || a.codes() != "19001" ||
			!strings.Contains(a.Errors[0].Message, "Content-Type声明GBK，而正文是UTF-8") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	if a := d.post(t, s.call(api.Query), mustGBK(`{"caseid":"长期"}`), "Content-Type", kind); a.codes() != "SUCCESS" {
		t.Errorf("%s", a.Body)
	}
}
