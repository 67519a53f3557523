package checks

import (
	"fmt"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// receiveChecks are those of clauses 3.2 receiveCaseinfo and 4.1 penaltylist.
func receiveChecks() []trial.Check {
	checks := []trial.Check{
		early(must(trial.BasicReceipt, "报送一件案件，得到受理号", func(t *trial.Trial) {
			a := t.Send(t.NewCase())
			a.Expect("SUCCESS", a.Err == nil && a.OK())
			fault := trial.AcceptNames().TextFault(a.Members)
			if a.AcceptID() == "" && fault == "" {
				fault = "没有受理号 acceptid"
			}
			a.Unless("SUCCESS；受理号 acceptid 是不为空的字符串", fault)
			a.Also("errors 为 []", len(a.Errors) == 0)
		})),
		must("3.2-02", "按规范示例的排版（换行、空格）报送", func(t *trial.Trial) { t.Send(spacedOut(t.NewCase())).Accepted() }),
		must("3.2-03", "成员的次序与规范不同，照样受理", func(t *trial.Trial) { t.Send(t.NewCase().Reversed()).Accepted() }),
		must("3.2-04", "不同的案件，受理号不同", func(t *trial.Trial) {
			first := t.Accept(t.NewCase())
			t.Send(t.NewCase()).Another(first, "第二件")
		}),
		must("3.2-05", "清单有 50 户", func(t *trial.Trial) {
			t.Send(t.NewCase().With("penaltylist", sample.Items(t.Seed(), 50))).Accepted()
		}),
		must("3.2-06", "被拒绝的报送没有受理号", func(t *trial.Trial) {
			a := t.Send(t.NewCase().Without("casename"))
			a.Expect("没有受理号", !a.OK() && a.AcceptID() == "")
		}),
		must("3.2-07", "应答之后，换一次登录再报同一案件，仍为同一受理号", func(t *trial.Trial) {
			idempotent(t)
			c := t.NewCase()
			first := t.Accept(c)
			t.SendAs(t.Login(), c).Repeats(first)
		}),
	}
	for i, name := range sample.ItemMembers() {
		checks = append(checks, must(fmt.Sprintf("4.1-%02d", i+1), "清单中缺少 "+name+"：14008", func(t *trial.Trial) {
			t.Send(t.NewCase().Without(name)).Refused(api.EmptyItem)
			list := append(sample.Items(t.Seed(), 5), sample.Entity(t.Seed()+5).Without(name))
			t.Send(t.NewCase().With("penaltylist", list)).Refused(api.EmptyItem)
		}))
	}
	return checks
}

// spacedOut is a case laid out like the example of clause 2.4.
func spacedOut(c sample.Object) string {
	text := "{ \r\n\r\n"
	for i, p := range c {
		if i > 0 {
			text += ",\r\n\r\n"
		}
		text += string(sample.JSON(p.Name)) + ": " + string(sample.JSON(p.Value))
	}
	return text + "\r\n\r\n} \r\n"
}

// wholeChecks are those of S19: a case is accepted whole or not at all.
func wholeChecks() []trial.Check {
	return []trial.Check{
		must("S19-01", "清单 20 条中最后一条有错，整件不受理；改正后以同一编号报送，得以受理", func(t *trial.Trial) {
			c := t.NewCase()
			good := sample.Items(t.Seed(), 20)
			bad := append(sample.Items(t.Seed(), 19), sample.Entity(t.Seed()+19).With("legal", ""))
			t.Send(c.With("penaltylist", bad)).Refused(api.EmptyItem)
			t.Send(c.With("penaltylist", good)).Accepted()
		}),
		must("S19-02", "没有受理的案件查询不到（扩展 queryCaseinfo）", func(t *trial.Trial) {
			c := t.NewCase()
			list := append(sample.Items(t.Seed(), 3), sample.Entity(t.Seed()).Without("enttype"))
			t.Send(c.With("penaltylist", list)).Refused()
			queryCase(t, "caseid", t.CaseID()).Refused()
		}),
	}
}

// doubtfulChecks are those of S20: what the document does not refuse is accepted.
func doubtfulChecks() []trial.Check {
	check := func(id, title string, change func(sample.Object) sample.Object) trial.Check {
		return must(id, title+"，照样受理：规范只要求不为空", func(t *trial.Trial) { t.Send(change(t.NewCase())).Accepted() })
	}
	set := func(name, value string) func(sample.Object) sample.Object {
		return func(c sample.Object) sample.Object { return c.With(name, value) }
	}
	return []trial.Check{
		check("S20-01", "统一社会信用代码的校验码不符", set("uniscid", "91150203MA0N00025Y")),
		check("S20-02", "uniscid 为 15 位注册号", set("uniscid", "150203000012345")),
		check("S20-03", "uniscid 为 13 位注册号", set("uniscid", "1502032012345")),
		check("S20-04", "enttype 不在已知的类型中", set("enttype", "9999")),
		check("S20-05", "enttype 为汉字", set("enttype", "有限责任公司")),
		check("S20-06", "清单中有重复的主体", func(c sample.Object) sample.Object {
			return c.With("penaltylist", []sample.Object{sample.Entity(1), sample.Entity(1)})
		}),
		check("S20-07", "pripid 不是通常的样子", set("pripid", "A-1")),
	}
}

// unknownOutcomeChecks are those of S21.
func unknownOutcomeChecks() []trial.Check {
	return []trial.Check{
		must("S21-01", "结果未知时答 503 和 19009，以相同内容重试得到受理号", func(t *trial.Trial) {
			t.Untested("须使接收方的存储出错；可在 diaoxiao sandbox 上用故障脚本验证")
		}),
		always(must("S21-02", "答 429、503 的，都不是 SUCCESS，没有受理号", func(t *trial.Trial) {
			t.Each("不是 SUCCESS，没有受理号和令牌", busy, func(a *trial.Answer) bool {
				return !a.Success() && a.AcceptID() == "" && a.Token() == ""
			})
		})),
	}
}
