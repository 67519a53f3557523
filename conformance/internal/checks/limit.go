package checks

import (
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// dateChecks are those of S14: penaltydate is yyyy-MM-dd.
func dateChecks() []trial.Check {
	refused := func(id, title string, dates ...string) trial.Check {
		return must(id, title, func(t *trial.Trial) {
			for _, d := range dates {
				t.Send(t.NewCase().With("penaltydate", d)).Refused()
			}
		})
	}
	accepted := func(
		c func(string, string, func(*trial.Trial)) trial.Check,
		id, title string,
		dates ...string,
	) trial.Check {
		return c(id, title, func(t *trial.Trial) {
			for _, d := range dates {
				t.Send(t.NewCase().With("penaltydate", d)).Accepted()
			}
		})
	}
	return []trial.Check{
		accepted(must, "S14-01", "yyyy-MM-dd 的真实日期受理，闰日也是", "2024-02-29", "2023-12-31", "2024-01-01"),
		refused("S14-02", "不存在的日期不受理", "2026-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31"),
		refused("S14-03", "不是 yyyy-MM-dd 的写法不受理", "20240520", "2024/05/20", "2024-5-20", "2024年5月20日", "24-05-20"),
		refused(
			"S14-04", "日期另有内容不受理", "2024-05-20 00:00:00", "2024-05-20T00:00:00", "2024-05-20 ", " 2024-05-20",
			"-2024-05-20",
		),
		refused("S14-05", "全角数字的日期不受理", "２０２４-０５-２０"),
		accepted(should, "S14-06", "将来的日期和 1949-10-01 以前的日期受理（由操作人员判断）", "2099-12-31", "1949-09-30"),
	}
}

// lengths are the limits of S15, in code points.
var lengths = []struct {
	name  string
	limit int
}{
	{"caseid", 200}, {"casename", 500}, {"caseintroduction", 20000}, {"illegality", 20000}, {"penalty", 20000},
	{"penaltyorg", 500}, {"pripid", 64}, {"uniscid", 64}, {"legal", 200}, {"enttype", 100},
}

// lengthChecks are those of S15: long values, and that nothing is changed.
func lengthChecks() []trial.Check {
	return []trial.Check{
		should("S15-01", "各项达到长度上限，照样受理", func(t *trial.Trial) {
			for _, l := range lengths {
				c := t.NewCase()
				t.Send(c.With(l.name, fill(t.RunID+t.Check.ID+l.name, "汉", l.limit))).Accepted()
			}
		}),
		should("S15-02", "各项超过长度上限，不受理而不截断", func(t *trial.Trial) {
			for _, l := range lengths {
				t.Send(t.NewCase().With(l.name, fill(t.RunID+t.Check.ID+l.name, "汉", l.limit+1))).Refused()
			}
		}),
		must("S15-03", "不截断：各项到最长，只有最后一字不同，不是相同的内容", lengthPairs),
		must("S15-04", "不去空白：前后的空格是内容", func(t *trial.Trial) {
			pairDiffers(t, "legal", "张三", " 张三")
			pairDiffers(t, "legal", "张三", "张三 ")
			pairDiffers(t, "penaltyorg", "联调测试", "联调测试\u3000")
		}),
		must("S15-05", "不转换：全角与半角、大写与小写不同", func(t *trial.Trial) {
			pairDiffers(t, "casename", "ABC", "ＡＢＣ")
			pairDiffers(t, "uniscid", "91150203MA0N00024Y", "91150203ma0n00024y")
		}),
		must("S15-06", "不规范化：组合字符与预组字符不同", func(t *trial.Trial) { pairDiffers(t, "legal", "\u00e9", "e\u0301") }),
		must("S15-07", "查询到的案件编号与报送的完全相同，前后的空格也在（扩展 queryCaseinfo）", func(t *trial.Trial) {
			c := t.NewCase()
			id := " " + t.CaseID() + " \u3000"
			accept := t.Send(c.With("caseid", id)).Accepted()
			a := queryCase(t, "acceptid", accept).Succeeds()
			a.Also("caseid 与报送的相同，两端的空格也在", a.Text("caseid") == id)
		}),
		must("S15-30", "不截断：四字节的字写到最长（80,000 字节），只有最后一字不同，不是相同的内容", fourBytes),
	}
}

// pairDiffers demands that two values of a member make two contents: after a case with the one, its caseid with the
// other is not acknowledged as the same case.
func pairDiffers(t *trial.Trial, member, one, other string) {
	if blind(t, member) {
		t.UntestedBy("S17-13", "接收方不比较 %s，见 S17-13、S17-14", member)
	}
	c := t.NewCase()
	first := t.Accept(c.With(member, one))
	t.Send(c.With(member, other)).Differs(first, "改变的是 "+member)
}

// fill is text of n characters that begins with some of its own.
func fill(start, char string, n int) string {
	start = string([]rune(start)[:min(n, len([]rune(start)))])
	return start + strings.Repeat(char, n-len([]rune(start)))
}

// sizeChecks are those of S16.
func sizeChecks() []trial.Check {
	list := func(
		c func(string, string, func(*trial.Trial)) trial.Check,
		id, title string,
		n int,
		large bool,
	) trial.Check {
		return c(id, title, func(t *trial.Trial) {
			needsLarge(t, large)
			longList(t, n, nil)
		})
	}
	return []trial.Check{
		list(must, "S16-01", "清单有 3,000 户，一户不少", 3000, false),
		should("S16-02", "正文分块传送（没有 Content-Length），照样受理", func(t *trial.Trial) {
			body := t.NewCase().Text()
			t.Do(wire.Request{
				Call:  api.Receive,
				Token: t.Session(),
				Body:  []byte(body),
				Raw: "POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n" +
					"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body),
			}).Accepted()
		}),
		must("S16-03", "清单有 20,011 户（正文超过 2 MiB），一户不少", func(t *trial.Trial) { longList(t, 20011, farBoundaries) }),
		list(should, "S16-04", "清单有 100,003 户（--large，约 11 MiB），一户不少", 100003, true),
		should("S16-05", "正文超过上限，以应答拒绝而不是断开（--large，约 65 MiB）", func(t *trial.Trial) {
			needsLarge(t, true)
			a := t.Send(t.NewCase().Text() + strings.Repeat(" ", 64<<20+1))
			a.Expect("有应答：不受理的说明原因，或者受理", a.Object && (a.OK() || len(a.Errors) > 0))
		}),
		must("S16-06", "清单有 5,003 户，中间各处都一户不少、不变", func(t *trial.Trial) { longList(t, 5003, boundaries) }),
	}
}

// boundaries are entities that are forgotten where lists are worked on in parts: those beside the sizes of batches,
// pages and lists of parameters.
var boundaries = []int{
	100, 101, 129, 201, 257, 500, 501, 513, 1000, 1001, 1025, 2000, 2001, 2049, 2101, 3001, 4001, 4097, 5001,
}

// farBoundaries are those of very long lists.
var farBoundaries = []int{8192, 8193, 10000, 10001, 12289, 15001, 16384, 16385, 20000, 20001}

// longList sends a long list, then the same case with another last entity, one more and one less, with the entities at
// the places changed, one at a time, and with every member of the first, a middle and the last one changed. None of
// them is the same case. No entity is like another.
func longList(t *trial.Trial, n int, places []int) {
	start := t.Seed() + 50000 + 7*n // so that long lists have no entity in common
	list := distinct(sample.Items(start, n))
	c := t.NewCase().With("penaltylist", list)
	first := t.Accept(c)
	comparing(t)
	change := func(what string, other []sample.Object) {
		t.Send(c.With("penaltylist", other)).RefusedAfter(first, fmt.Sprintf("清单共 %d 户，%s", n, what))
	}
	at := func(i int) []sample.Object {
		other := slices.Clone(list)
		other[i] = other[i].With("legal", "改变的一户")
		return other
	}
	change("改变的是最后一户", at(n-1))
	for _, p := range places {
		change("改变的是第 "+itoa(p)+" 户", at(p-1))
	}
	change("少了最后一户", list[:n-1])
	change("最后多一户", append(slices.Clone(list), sample.Entity(start+n)))
	if n < 100000 {
		changedItems(t, first, c, list, []int{0, n / 2, n - 1})
	}
	t.Send(c).Repeats(first)
}

func needsLarge(t *trial.Trial, need bool) {
	if need && !t.Large {
		t.Untested("须发送约 11 MiB 或更大的正文，用 --large")
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
