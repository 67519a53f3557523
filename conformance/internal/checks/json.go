package checks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"diaoxiao/conformance/internal/trial"

	"diaoxiao/conformance/internal/sample"
)

// jsonChecks are those of S12: what is JSON, and what of it is not taken.
func jsonChecks() []trial.Check {
	// bad makes of a good body one that must be refused.
	bad := func(
		c func(string, string, func(*trial.Trial)) trial.Check,
		id, title string,
		bodies ...func(string) string,
	) trial.Check {
		return c(id, title, func(t *trial.Trial) {
			for _, f := range bodies {
				t.Send(f(t.NewCase().Text())).Refused()
			}
		})
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	add := func(text string) func(string) string { return func(s string) string { return s + text } }
	is := func(text string) func(string) string { return func(string) string { return text } }
	return []trial.Check{
		bad(
			must, "S12-01", "正文不是 JSON，不受理", is("案件"), is("caseid=1&casename=2"), replace(`":"`, `":'`),
			replace(",", ",,"), replace(`{`, `{x:1,`),
		),
		bad(
			must,
			"S12-02",
			"正文不完整，不受理",
			func(s string) string { return s[:len(s)-1] },
			func(s string) string { return s[:len(s)/2] },
		),
		bad(must, "S12-03", "正文为空，不受理", is(""), is(" \r\n")),
		bad(must, "S12-04", "正文不是一个对象，不受理", func(s string) string { return "[" + s + "]" }, is("null"), is(`"案件"`)),
		bad(should, "S12-05", "对象之后另有内容，不受理", add("x"), add("{}"), func(s string) string { return s + s }, add("\x00")),
		bad(
			should,
			"S12-06",
			"重复的成员名，不受理：不知道以哪个为准",
			replace(`"casename"`, `"casename":"另一案","casename"`),
			replace(`"legal"`, `"legal":"另一人","legal"`),
			replace(`"uniscid"`, `"\u0075niscid":"1","uniscid"`),
		),
		should("S12-07", "成员名区分大小写：CASEID 不是 caseid", func(t *trial.Trial) {
			t.Send(strings.Replace(t.NewCase().Text(), `"caseid"`, `"CASEID"`, 1)).Refused("14000")
			t.Send(strings.Replace(t.NewCase().Text(), `"uniscid"`, `"Uniscid"`, 1)).Refused("14008")
		}),
		should("S12-08", "未知成员不予理会", func(t *trial.Trial) {
			t.Send(t.NewCase().With("remark", []any{1.5, nil, map[string]any{"x": "注"}})).Accepted()
			t.Send(t.NewCase().With("penaltylist", []sample.Object{sample.Entity(1).With("telephone", "0471")})).
				Accepted()
		}),
		bad(should, "S12-09", "不成对的代理项，不受理", replace("联调测试案件", `\ud800`), replace("联调测试案件", `\udc00x`)),
		bad(should, "S12-10", "U+0000，不受理", replace("联调测试案件", `\u0000`)),
		bad(
			should,
			"S12-11",
			"过深的嵌套，不受理",
			replace("{", `{"x":`+strings.Repeat("[", 2000)+strings.Repeat("]", 2000)+","),
		),
		bad(
			should,
			"S12-12",
			"注释、NaN、单引号不是 JSON，不受理",
			replace("{", "{/* 注 */"),
			replace("{", `{"x":NaN,`),
			replace(`"caseid"`, `'caseid'`),
		),
		must("S12-13", "\\u 转义与直接书写是相同的内容", func(t *trial.Trial) {
			idempotent(t)
			c := t.NewCase()
			first := t.Accept(c)
			t.Send(escaped(c.Text())).Repeats(first)
			slash := t.NewCase().With("casename", "甲/乙")
			first = t.Accept(slash)
			t.Send(strings.ReplaceAll(slash.Text(), "/", `\/`)).Repeats(first)
		}),
	}
}

// escaped is JSON with everything beyond ASCII as \u.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r > 0x7f && r < 0x10000 {
			fmt.Fprintf(&b, `\u%04X`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// typeChecks are those of S13: every parameter of the document is a String, the list a List.
func typeChecks() []trial.Check {
	return []trial.Check{
		should("S13-01", "字符串成员为数字，不受理", func(t *trial.Trial) { notText(t, json.RawMessage("20240520")) }),
		should("S13-02", "字符串成员为 true、数组、对象，不受理", func(t *trial.Trial) {
			notText(t, true)
			notText(t, []string{"x"})
			notText(t, sample.Object{}.With("x", "y"))
		}),
		must("S13-03", "penaltylist 不是数组，不受理", func(t *trial.Trial) {
			for _, v := range []any{"清单", json.RawMessage("1"), sample.Object{}} {
				t.Send(t.NewCase().With("penaltylist", v)).Refused()
			}
		}),
		must("S13-04", "清单的条目不是对象，不受理", func(t *trial.Trial) {
			for _, v := range []any{"一户", json.RawMessage("1"), []any{}} {
				t.Send(t.NewCase().With("penaltylist", []any{v})).Refused()
			}
		}),
	}
}

// notText demands a refusal wherever a member of a string's place is v.
func notText(t *trial.Trial, v any) {
	for _, name := range slices.Concat(sample.CaseMembers(), sample.ItemMembers()) {
		t.Send(t.NewCase().With(name, v)).Refused()
	}
}
