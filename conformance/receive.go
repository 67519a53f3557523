package conformance

import (
	"fmt"

	"diaoxiao/api"
)

// receiveChecks are those of clauses 3.2 receiveCaseinfo and 4.1 penaltylist.
func receiveChecks() []Check {
	checks := []Check{
		early(must(basicReceipt, "报送一件案件，得到受理号", func(t *trial) {
			a := t.send(t.newCase())
			a.expect("SUCCESS", a.err == nil && a.ok())
			fault := acceptNames().textFault(a.members)
			if a.acceptID() == "" && fault == "" {
				fault = "没有受理号 acceptid"
			}
			a.unless("SUCCESS；受理号 acceptid 是不为空的字符串", fault)
			a.also("errors 为 []", len(a.errors) == 0)
		})),
		must("3.2-02", "按规范示例的排版（换行、空格）报送", func(t *trial) { t.send(spacedOut(t.newCase())).accepted() }),
		must("3.2-03", "成员的次序与规范不同，照样受理", func(t *trial) { t.send(t.newCase().reversed()).accepted() }),
		must("3.2-04", "不同的案件，受理号不同", func(t *trial) {
			first := t.accept(t.newCase())
			t.send(t.newCase()).another(first, "第二件")
		}),
		must("3.2-05", "清单有 50 户", func(t *trial) { t.send(t.newCase().with("penaltylist", items(t.seed(), 50))).accepted() }),
		must("3.2-06", "被拒绝的报送没有受理号", func(t *trial) {
			a := t.send(t.newCase().without("casename"))
			a.expect("没有受理号", !a.ok() && a.acceptID() == "")
		}),
		must("3.2-07", "应答之后，换一次登录再报同一案件，仍为同一受理号", func(t *trial) {
			idempotent(t)
			c := t.newCase()
			first := t.accept(c)
			t.sendAs(t.login(), c).repeats(first)
		}),
	}
	for i, name := range itemMembers() {
		checks = append(checks, must(fmt.Sprintf("4.1-%02d", i+1), "清单中缺少 "+name+"：14008", func(t *trial) {
			t.send(t.newCase().without(name)).refused(api.EmptyItem)
			list := append(items(t.seed(), 5), entity(t.seed()+5).without(name))
			t.send(t.newCase().with("penaltylist", list)).refused(api.EmptyItem)
		}))
	}
	return checks
}

// spacedOut is a case laid out like the example of clause 2.4.
func spacedOut(c object) string {
	text := "{ \r\n\r\n"
	for i, p := range c {
		if i > 0 {
			text += ",\r\n\r\n"
		}
		text += string(jsonOf(p.name)) + ": " + string(jsonOf(p.value))
	}
	return text + "\r\n\r\n} \r\n"
}

// wholeChecks are those of S19: a case is accepted whole or not at all.
func wholeChecks() []Check {
	return []Check{
		must("S19-01", "清单 20 条中最后一条有错，整件不受理；改正后以同一编号报送，得以受理", func(t *trial) {
			c := t.newCase()
			good := items(t.seed(), 20)
			bad := append(items(t.seed(), 19), entity(t.seed()+19).with("legal", ""))
			t.send(c.with("penaltylist", bad)).refused(api.EmptyItem)
			t.send(c.with("penaltylist", good)).accepted()
		}),
		must("S19-02", "没有受理的案件查询不到（扩展 queryCaseinfo）", func(t *trial) {
			c := t.newCase()
			list := append(items(t.seed(), 3), entity(t.seed()).without("enttype"))
			t.send(c.with("penaltylist", list)).refused()
			queryCase(t, "caseid", t.caseID()).refused()
		}),
	}
}

// doubtfulChecks are those of S20: what the document does not refuse is accepted.
func doubtfulChecks() []Check {
	check := func(id, title string, change func(object) object) Check {
		return must(id, title+"，照样受理：规范只要求不为空", func(t *trial) { t.send(change(t.newCase())).accepted() })
	}
	set := func(name, value string) func(object) object {
		return func(c object) object { return c.with(name, value) }
	}
	return []Check{
		check("S20-01", "统一社会信用代码的校验码不符", set("uniscid", "91150203MA0N00025Y")),
		check("S20-02", "uniscid 为 15 位注册号", set("uniscid", "150203000012345")),
		check("S20-03", "uniscid 为 13 位注册号", set("uniscid", "1502032012345")),
		check("S20-04", "enttype 不在已知的类型中", set("enttype", "9999")),
		check("S20-05", "enttype 为汉字", set("enttype", "有限责任公司")),
		check("S20-06", "清单中有重复的主体", func(c object) object { return c.with("penaltylist", []object{entity(1), entity(1)}) }),
		check("S20-07", "pripid 不是通常的样子", set("pripid", "A-1")),
	}
}

// unknownOutcomeChecks are those of S21.
func unknownOutcomeChecks() []Check {
	return []Check{
		must("S21-01", "结果未知时答 503 和 19009，以相同内容重试得到受理号", func(t *trial) {
			t.untested("须使接收方的存储出错；可在 diaoxiao sandbox 上用故障脚本验证")
		}),
		always(must("S21-02", "答 429、503 的，都不是 SUCCESS，没有受理号", func(t *trial) {
			t.each("不是 SUCCESS，没有受理号和令牌", busy, func(a *answer) bool {
				return !a.success() && a.acceptID() == "" && a.token() == ""
			})
		})),
	}
}
