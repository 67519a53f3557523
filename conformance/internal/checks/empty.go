package checks

import (
	"fmt"
	"slices"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// emptyCode is the code of chapter 5 for a member that is empty.
func emptyCode(name string) api.Code {
	if slices.Contains(sample.ItemMembers(), name) {
		return api.EmptyItem
	}
	return []api.Code{
		api.EmptyCaseID, api.EmptyCaseName, api.EmptyCaseIntroduction, api.EmptyIllegality, api.EmptyPenalty,
		api.EmptyPenaltyDate, api.EmptyPenaltyOrg,
	}[slices.Index(sample.CaseMembers(), name)]
}

// emptyChecks are those of S9: what is empty.
func emptyChecks() []trial.Check {
	check := func(c func(string, string, func(*trial.Trial)) trial.Check, id, what string, value any) trial.Check {
		return c(id, "各项"+what+"，逐项试，答各自的 14000 至 14008", func(t *trial.Trial) {
			for _, name := range slices.Concat(sample.CaseMembers(), sample.ItemMembers()) {
				t.Send(t.NewCase().With(name, value)).Refused(emptyCode(name))
			}
		})
	}
	return []trial.Check{
		must("S9-01", "各项缺少，逐项试，答各自的 14000 至 14008", func(t *trial.Trial) {
			for _, name := range slices.Concat(sample.CaseMembers(), sample.ItemMembers()) {
				t.Send(t.NewCase().Without(name)).Refused(emptyCode(name))
			}
		}),
		check(must, "S9-02", "为空串", ""),
		check(must, "S9-03", "为 null", nil),
		check(should, "S9-04", "只有空格、制表符、换行", " \t\r\n"),
		check(should, "S9-05", "只有全角空格（U+3000）", "\u3000"),
		check(should, "S9-06", "只有不可见字符（U+200B、U+FEFF、U+2060）", "\u200b\ufeff\u2060"),
		must("S9-07", "清单为 []：14007", func(t *trial.Trial) {
			t.Send(t.NewCase().With("penaltylist", []sample.Object{})).Refused(api.EmptyList)
		}),
		must("S9-08", "清单为 null：14007", func(t *trial.Trial) {
			t.Send(t.NewCase().With("penaltylist", nil)).Refused(api.EmptyList)
		}),
		must("S9-09", "清单中某一条为 null：14008", func(t *trial.Trial) {
			t.Send(t.NewCase().With("penaltylist", []any{sample.Entity(1), nil})).Refused(api.EmptyItem)
		}),
		must("S9-10", "清单中某一条为 {}：14008", func(t *trial.Trial) {
			t.Send(t.NewCase().With("penaltylist", []any{sample.Object{}})).RefusedWith(api.EmptyItem)
		}),
		must("S9-11", "内容前后有空格的不是空，照样受理", func(t *trial.Trial) {
			t.Send(t.NewCase().With("legal", " 张 三 ")).Accepted()
		}),
	}
}

// manyErrorChecks are those of S10: every error in one answer.
func manyErrorChecks() []trial.Check {
	all := []api.Code{
		api.EmptyCaseID, api.EmptyCaseName, api.EmptyCaseIntroduction, api.EmptyIllegality, api.EmptyPenalty,
		api.EmptyPenaltyDate, api.EmptyPenaltyOrg, api.EmptyList,
	}
	return []trial.Check{
		must("S10-01", "几项有错，至少指出一项，且都是真有的错", func(t *trial.Trial) {
			a := t.Send(t.NewCase().Without("penalty").Without("casename").Without("legal")).Refused()
			known := trial.Texts([]api.Code{api.EmptyCaseName, api.EmptyPenalty, api.EmptyItem})
			a.Also("错误代码都在 14001、14004、14008 之中", len(a.Codes()) > 0 &&
				!slices.ContainsFunc(a.Codes(), func(c string) bool { return !slices.Contains(known, c) }))
		}),
		should("S10-02", "正文为 {}：一次指出全部八项", func(t *trial.Trial) { t.Send("{}").Refused(all...) }),
		should("S10-03", "错误按规范中的次序，不论正文中的次序", func(t *trial.Trial) {
			c := t.NewCase().With("casename", "").With("penaltyorg", "").With("uniscid", "").Reversed()
			t.Send(c).Refused(api.EmptyCaseName, api.EmptyPenaltyOrg, api.EmptyItem)
		}),
		should("S10-04", "清单的错误每项一条", func(t *trial.Trial) {
			list := []sample.Object{
				sample.Entity(1).With("legal", "").With("pripid", nil),
				sample.Entity(2),
				sample.Entity(3).Without("uniscid"),
			}
			t.Send(t.NewCase().With("penaltylist", list)).Refused(api.EmptyItem, api.EmptyItem, api.EmptyItem)
		}),
		should("S10-05", "清单的错误最多 100 条，其后一条说明还有多少", func(t *trial.Trial) {
			a := t.Send(t.NewCase().With("penaltylist", make([]any, 150))).RefusedWith(api.EmptyItem)
			a.Also(fmt.Sprintf("errors 有 101 条，实有 %d 条", len(a.Errors)), len(a.Errors) == 101)
		}),
	}
}
