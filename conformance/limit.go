package conformance

import (
	"fmt"
	"strings"

	"diaoxiao/api"
)

// dateChecks are those of S14: penaltydate is yyyy-MM-dd.
func dateChecks() []Check {
	refused := func(id, title string, dates ...string) Check {
		return must(id, title, func(t *trial) {
			for _, d := range dates {
				t.send(t.newCase().with("penaltydate", d)).refused()
			}
		})
	}
	accepted := func(c func(string, string, func(*trial)) Check, id, title string, dates ...string) Check {
		return c(id, title, func(t *trial) {
			for _, d := range dates {
				t.send(t.newCase().with("penaltydate", d)).accepted()
			}
		})
	}
	return []Check{
		accepted(must, "S14-01", "yyyy-MM-dd 的真实日期受理，闰日也是", "2024-02-29", "2023-12-31", "2024-01-01"),
		refused("S14-02", "不存在的日期不受理", "2026-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31"),
		refused("S14-03", "不是 yyyy-MM-dd 的写法不受理", "20240520", "2024/05/20", "2024-5-20", "2024年5月20日", "24-05-20"),
		refused("S14-04", "日期另有内容不受理", "2024-05-20 00:00:00", "2024-05-20T00:00:00", "2024-05-20 ", " 2024-05-20", "-2024-05-20"),
		refused("S14-05", "全角数字的日期不受理", "２０２４-０５-２０"),
		accepted(should, "S14-06", "将来的日期和 1949-10-01 以前的日期受理（由操作人员判断）", "2099-12-31", "1949-09-30"),
	}
}

// lengths are the limits of S15, in code points.
var lengths = []struct {
	name  string
	limit int
}{{"caseid", 200}, {"casename", 500}, {"caseintroduction", 20000}, {"illegality", 20000}, {"penalty", 20000}, {"penaltyorg", 500},
	{"pripid", 64}, {"uniscid", 64}, {"legal", 200}, {"enttype", 100}}

// lengthChecks are those of S15: long values, and that nothing is changed.
func lengthChecks() []Check {
	return []Check{
		should("S15-01", "各项达到长度上限，照样受理", func(t *trial) {
			for _, l := range lengths {
				c := t.newCase()
				t.send(c.with(l.name, fill(t.RunID+t.check.ID+l.name, "汉", l.limit))).accepted()
			}
		}),
		should("S15-02", "各项超过长度上限，不受理而不截断", func(t *trial) {
			for _, l := range lengths {
				t.send(t.newCase().with(l.name, fill(t.RunID+t.check.ID+l.name, "汉", l.limit+1))).refused()
			}
		}),
		must("S15-03", "不截断：长文字只有最后一字不同，不是相同的内容", func(t *trial) {
			for name, n := range map[string]int{"penalty": 10000, "casename": 400, "legal": 150} {
				t.different(name, fill("", "汉", n)+"甲", fill("", "汉", n)+"乙")
			}
		}),
		must("S15-04", "不去空白：前后的空格是内容", func(t *trial) {
			t.different("legal", "张三", " 张三")
			t.different("legal", "张三", "张三 ")
			t.different("penaltyorg", "联调测试", "联调测试\u3000")
		}),
		must("S15-05", "不转换：全角与半角、大写与小写不同", func(t *trial) {
			t.different("casename", "ABC", "ＡＢＣ")
			t.different("uniscid", "91150203MA0N00024Y", "91150203ma0n00024y")
		}),
		must("S15-06", "不规范化：组合字符与预组字符不同", func(t *trial) { t.different("legal", "\u00e9", "e\u0301") }),
		must("S15-07", "查询到的案件编号与报送的完全相同，前后的空格也在（扩展 queryCaseinfo）", func(t *trial) {
			c := t.newCase()
			id := " " + t.caseID() + " \u3000"
			accept := t.send(c.with("caseid", id)).accepted()
			a := t.query("acceptid", accept).succeeds()
			a.also("caseid 与报送的相同，两端的空格也在", a.text("caseid") == id)
		}),
	}
}

// different demands that two values of a member make two contents: after a case with the one, its caseid with the other is not
// acknowledged as the same case.
func (t *trial) different(member, one, other string) {
	c := t.newCase()
	id := t.send(c.with(member, one)).accepted()
	a := t.send(c.with(member, other))
	a.expect("不是同一案件：不得答受理号 "+id, a.err == nil && a.acceptID() != id)
}

// fill is text of n characters that begins with some of its own.
func fill(start, char string, n int) string {
	start = string([]rune(start)[:min(n, len([]rune(start)))])
	return start + strings.Repeat(char, n-len([]rune(start)))
}

// sizeChecks are those of S16.
func sizeChecks() []Check {
	list := func(id, title string, n int, large bool) Check {
		return must(id, title, func(t *trial) {
			t.large(large)
			t.send(t.newCase().with("penaltylist", items(t.seed(), n))).accepted()
		})
	}
	return []Check{
		list("S16-01", "清单有 3,000 户", 3000, false),
		must("S16-02", "正文分块传送（没有 Content-Length），照样受理", func(t *trial) {
			body := t.newCase().text()
			t.do(request{call: api.Receive, token: t.session(), raw: "POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n" +
				"Transfer-Encoding: chunked\r\n\r\n" + chunked(body)}).accepted()
		}),
		list("S16-03", "清单有 20,000 户（正文超过 1 MiB，--large）", 20000, true),
		should("S16-04", "清单有 100,000 户（--large）", func(t *trial) {
			t.large(true)
			t.send(t.newCase().with("penaltylist", items(t.seed(), 100000))).accepted()
		}),
		should("S16-05", "正文超过上限，以应答拒绝而不是断开（--large，约 65 MiB）", func(t *trial) {
			t.large(true)
			a := t.send(t.newCase().text() + strings.Repeat(" ", 64<<20+1))
			a.expect("有应答：不受理的说明原因，或者受理", a.object && (a.ok() || len(a.errors) > 0))
		}),
	}
}

func (t *trial) large(need bool) {
	if need && !t.Large {
		t.untested("须发送 1 MiB 以上的正文，用 --large")
	}
}

// chunked writes a body as three chunks.
func chunked(s string) string {
	var b strings.Builder
	for n := len(s)/3 + 1; len(s) > 0; s = s[min(n, len(s)):] {
		part := s[:min(n, len(s))]
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
	}
	return b.String() + "0\r\n\r\n"
}
