package register_test

import (
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// FuzzMatch: whatever a sender and an extract write, a comparison ends, keys are folded, and 一致 is said only of a firm
// that is there, without a difference and without a rule that decided otherwise.
func FuzzMatch(f *testing.F) {
	f.Add(id1, code1, "乌云其木格", "1130", id1, code1, "乌云其木格", "1130", int8(1), "2020-01-02")
	f.Add(code1, id1, "张三（负责人）", "个体户", id1, code1, "甲公司（委派代表：张三）", "9500", int8(2), "")
	f.Add("1.5E+17", "150203MA0N00024", "法定代表人：", "(", "", "150000000005766", "(", "1130(", int8(0), "2026-03-16")
	f.Fuzz(func(t *testing.T, pripID, uniscID, legal, entType, itsPripID, itsCode, itsLegal, itsType string, state int8,
		approved string) {
		e := api.Entity{PripID: pripID, UniscID: uniscID, Legal: legal, EntType: entType}
		its := register.Firm{RowNo: 1, PripID: rules.FoldCode(itsPripID), UniscID: rules.FoldCode(itsCode),
			Legal: itsLegal, EntType: itsType, State: register.State(state & 7), Approved: approved}
		k := register.KeysOf(e)
		for _, key := range append(k.PripID, k.Codes...) {
			if key == "" || rules.FoldCode(key) != key {
				t.Errorf("key %q", key)
			}
		}
		var found []int
		r := register.Match(e, "2026-03-16", lookUp([]register.Firm{its}, k),
			func(_ string, rule int, d rules.Detail) {
				if one, ok := rules.ByNo(rule); !ok || one.No < 801 || d.Text() == "" {
					t.Errorf("rule %d says %q", rule, d.Text())
				}
				found = append(found, rule)
			})
		if ok := r.Verdict == register.Consistent; ok != (r.Rule == 0) || ok && (r.Fields != 0 || r.Firm.RowNo != 1) {
			t.Errorf("%+v %v", r, found)
		}
		if r.Verdict == register.Different && r.Fields == 0 {
			t.Errorf("%+v %v", r, found)
		}
	})
}
