package conformance

import (
	"fmt"
	"slices"

	"diaoxiao/api"
)

// emptyCode is the code of chapter 5 for a member that is empty.
func emptyCode(name string) api.Code {
	if slices.Contains(itemMembers(), name) {
		return api.EmptyItem
	}
	return []api.Code{api.EmptyCaseID, api.EmptyCaseName, api.EmptyCaseIntroduction, api.EmptyIllegality, api.EmptyPenalty, api.EmptyPenaltyDate,
		api.EmptyPenaltyOrg}[slices.Index(caseMembers(), name)]
}

// emptyChecks are those of S9: what is empty.
func emptyChecks() []Check {
	check := func(c func(string, string, func(*trial)) Check, id, what string, value any) Check {
		return c(id, "各项"+what+"，逐项试，答各自的 14000 至 14008", func(t *trial) {
			for _, name := range slices.Concat(caseMembers(), itemMembers()) {
				t.send(t.newCase().with(name, value)).refused(emptyCode(name))
			}
		})
	}
	return []Check{
		must("S9-01", "各项缺少，逐项试，答各自的 14000 至 14008", func(t *trial) {
			for _, name := range slices.Concat(caseMembers(), itemMembers()) {
				t.send(t.newCase().without(name)).refused(emptyCode(name))
			}
		}),
		check(must, "S9-02", "为空串", ""),
		check(must, "S9-03", "为 null", nil),
		check(should, "S9-04", "只有空格、制表符、换行", " \t\r\n"),
		check(should, "S9-05", "只有全角空格（U+3000）", "\u3000"),
		check(should, "S9-06", "只有不可见字符（U+200B、U+FEFF、U+2060）", "\u200b\ufeff\u2060"),
		must("S9-07", "清单为 []：14007", func(t *trial) { t.send(t.newCase().with("penaltylist", []object{})).refused(api.EmptyList) }),
		must("S9-08", "清单为 null：14007", func(t *trial) { t.send(t.newCase().with("penaltylist", nil)).refused(api.EmptyList) }),
		must("S9-09", "清单中某一条为 null：14008", func(t *trial) {
			t.send(t.newCase().with("penaltylist", []any{entity(1), nil})).refused(api.EmptyItem)
		}),
		must("S9-10", "清单中某一条为 {}：14008", func(t *trial) {
			t.send(t.newCase().with("penaltylist", []any{object{}})).refusedWith(api.EmptyItem)
		}),
		must("S9-11", "内容前后有空格的不是空，照样受理", func(t *trial) { t.send(t.newCase().with("legal", " 张 三 ")).accepted() }),
	}
}

// manyErrorChecks are those of S10: every error in one answer.
func manyErrorChecks() []Check {
	all := []api.Code{api.EmptyCaseID, api.EmptyCaseName, api.EmptyCaseIntroduction, api.EmptyIllegality, api.EmptyPenalty, api.EmptyPenaltyDate,
		api.EmptyPenaltyOrg, api.EmptyList}
	return []Check{
		must("S10-01", "几项有错，至少指出一项，且都是真有的错", func(t *trial) {
			a := t.send(t.newCase().without("penalty").without("casename").without("legal")).refused()
			known := texts([]api.Code{api.EmptyCaseName, api.EmptyPenalty, api.EmptyItem})
			a.also("错误代码都在 14001、14004、14008 之中", len(a.codes()) > 0 && !slices.ContainsFunc(a.codes(), func(c string) bool { return !slices.Contains(known, c) }))
		}),
		should("S10-02", "正文为 {}：一次指出全部八项", func(t *trial) { t.send("{}").refused(all...) }),
		should("S10-03", "错误按规范中的次序，不论正文中的次序", func(t *trial) {
			c := t.newCase().with("casename", "").with("penaltyorg", "").with("uniscid", "").reversed()
			t.send(c).refused(api.EmptyCaseName, api.EmptyPenaltyOrg, api.EmptyItem)
		}),
		should("S10-04", "清单的错误每项一条", func(t *trial) {
			list := []object{entity(1).with("legal", "").with("pripid", nil), entity(2), entity(3).without("uniscid")}
			t.send(t.newCase().with("penaltylist", list)).refused(api.EmptyItem, api.EmptyItem, api.EmptyItem)
		}),
		should("S10-05", "清单的错误最多 100 条，其后一条说明还有多少", func(t *trial) {
			a := t.send(t.newCase().with("penaltylist", make([]any, 150))).refusedWith(api.EmptyItem)
			a.also(fmt.Sprintf("errors 有 101 条，实有 %d 条", len(a.errors)), len(a.errors) == 101)
		}),
	}
}
